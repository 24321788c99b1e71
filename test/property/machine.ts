// Takes a program, runs it by the book: an operand stack of bits, one instruction after the other (specification: 4.6 Instructions).
import type { Instr } from "../support/module-builder.ts";
import { bitsOfConstant, type Program, type ProgramFunction, type Signature } from "./program.ts";
import { ModelTrap, type ScalarOp, scalarOps } from "./scalar-ops.ts";
import { type Bits, type NumberType, widthOf } from "./values.ts";
import { loaded, sizeOf, stored } from "./vector-accesses.ts";
import { vectorOp } from "./vector-ops.ts";

const PAGE = 65536;

interface Step {
  readonly name: string;
  readonly immediates: readonly unknown[];
  readonly op: ScalarOp | undefined;
  /** Of a constant. */
  readonly bits: Bits;
  /** Of a structured instruction: its type, the position of its `else` or -1, and of its `end`. */
  readonly type: Signature;
  otherwise: number;
  end: number;
}

interface Label {
  readonly height: number;
  readonly arity: number;
  readonly to: number;
}

const noType: Signature = { params: [], results: [] };
const isStructured = (name: string): boolean => name === "block" || name === "loop" || name === "if";

export class Machine {
  memory: Uint8Array;
  readonly globals: Bits[];
  readonly table: (number | null)[];
  readonly #program: Program;
  readonly #bodies: (readonly Step[])[] = [];
  readonly #data: (readonly number[])[];
  #view: DataView;

  constructor(program: Program) {
    this.#program = program;
    this.memory = new Uint8Array((program.memoryPages?.min ?? 0) * PAGE);
    this.#view = new DataView(this.memory.buffer);
    this.memory.set(program.memory ?? []);
    this.globals = (program.globals ?? []).map(({ bits }) => bits);
    this.table = [...(program.table ?? [])];
    this.#data = [...(program.data ?? [])];
  }

  /** Gives the results, or throws a ModelTrap. */
  call(index: number, args: readonly Bits[]): Bits[] {
    const f = this.#program.functions[index]!;
    const body = (this.#bodies[index] ??= this.#prepare(f));
    return this.#run(body, [...args, ...f.locals.map(() => 0n)], f.results.length);
  }

  #prepare(f: ProgramFunction): Step[] {
    const open: Step[] = [];
    const steps = [...f.body, "end" as Instr].map((instr, at): Step => {
      const [name, ...immediates] = typeof instr === "string" ? [instr] : instr;
      const constantType = name.endsWith(".const") ? (name.slice(0, -6) as NumberType) : undefined;
      const step: Step = {
        name,
        immediates,
        op: scalarOps.get(name) ?? vectorOp(name, immediates as readonly number[]),
        bits: constantType === undefined ? 0n : bitsOfConstant(immediates[0], constantType),
        type: isStructured(name) ? this.#blockType(immediates[0]) : noType,
        otherwise: -1,
        end: 0,
      };
      if (isStructured(name)) open.push(step);
      else if (name === "else") open[open.length - 1]!.otherwise = at;
      else if (name === "end" && open.length > 0) open.pop()!.end = at;
      return step;
    });
    // An `else` that is reached jumps to the end of its `if`.
    for (const step of steps) if (step.otherwise >= 0) steps[step.otherwise]!.end = step.end;
    return steps;
  }

  #blockType(immediate: unknown): Signature {
    if (immediate === undefined) return noType;
    if (typeof immediate === "number") return this.#program.types[immediate]!;
    return { params: [], results: [immediate as NumberType] };
  }

  #run(steps: readonly Step[], locals: Bits[], results: number): Bits[] {
    const stack: Bits[] = [];
    const labels: Label[] = [{ height: 0, arity: results, to: steps.length }];
    const pop = (): Bits => stack.pop()!;
    const branch = (depth: number): number => {
      labels.length -= depth;
      const { height, arity, to } = labels[labels.length - 1]!;
      stack.splice(height, stack.length - height - arity);
      // Its `end`, or the loop itself, is what comes next and closes or opens it again.
      labels.pop();
      return to;
    };
    for (let pc = 0; pc < steps.length; ) {
      const step = steps[pc++]!;
      if (step.op !== undefined) {
        const { op } = step;
        stack.push(op.compute(...stack.splice(stack.length - op.params.length)));
        continue;
      }
      const { name, immediates } = step;
      const [immediate] = immediates as [number];
      switch (name) {
        case "i32.const":
        case "i64.const":
        case "f32.const":
        case "f64.const":
        case "v128.const":
          stack.push(step.bits);
          break;
        case "local.get":
          stack.push(locals[immediate]!);
          break;
        case "local.set":
          locals[immediate] = pop();
          break;
        case "local.tee":
          locals[immediate] = stack[stack.length - 1]!;
          break;
        case "global.get":
          stack.push(this.globals[immediate]!);
          break;
        case "global.set":
          this.globals[immediate] = pop();
          break;
        case "nop":
          break;
        case "drop":
          pop();
          break;
        case "select": {
          const condition = pop();
          const other = pop();
          if (condition === 0n) stack[stack.length - 1] = other;
          break;
        }
        case "unreachable":
          throw new ModelTrap("unreachable");
        case "block":
          labels.push({
            height: stack.length - step.type.params.length,
            arity: step.type.results.length,
            to: step.end + 1,
          });
          break;
        case "loop":
          labels.push({ height: stack.length - step.type.params.length, arity: step.type.params.length, to: pc - 1 });
          break;
        case "if": {
          const holds = pop() !== 0n;
          labels.push({
            height: stack.length - step.type.params.length,
            arity: step.type.results.length,
            to: step.end + 1,
          });
          if (!holds) pc = step.otherwise >= 0 ? step.otherwise + 1 : step.end;
          break;
        }
        case "else":
          pc = step.end;
          break;
        case "end":
          labels.pop();
          break;
        case "br":
          pc = branch(immediate);
          break;
        case "br_if":
          if (pop() !== 0n) pc = branch(immediate);
          break;
        case "br_table": {
          const list = immediates as number[];
          pc = branch(list[Math.min(Number(pop()), list.length - 1)]!);
          break;
        }
        case "return":
          return stack.slice(stack.length - results);
        case "call":
          this.#callInside(immediate, stack);
          break;
        case "call_indirect":
          this.#callInside(this.#callee(Number(pop()), this.#program.types[immediate]!), stack);
          break;
        default:
          this.#memoryOp(name, immediates as readonly (number | undefined)[], stack);
      }
    }
    return stack.slice(stack.length - results);
  }

  #callInside(index: number, stack: Bits[]): void {
    const { params } = this.#program.functions[index]!;
    stack.push(...this.call(index, stack.splice(stack.length - params.length)));
  }

  #callee(at: number, { params, results }: Signature): number {
    if (at >= this.table.length) throw new ModelTrap("undefined element");
    const index = this.table[at]!;
    if (index === null) throw new ModelTrap(`uninitialized element ${at}`);
    const f = this.#program.functions[index]!;
    if (f.params.join() !== params.join() || f.results.join() !== results.join())
      throw new ModelTrap("indirect call type mismatch");
    return index;
  }

  #memoryOp(name: string, immediates: readonly (number | undefined)[], stack: Bits[]): void {
    const pop = (): number => Number(stack.pop()!);
    const check = (end: number, length: number): void => {
      if (end > length) throw new ModelTrap("out of bounds memory access");
    };
    switch (name) {
      case "memory.size":
        stack.push(BigInt(this.memory.length / PAGE));
        return;
      case "memory.grow":
        stack.push(this.#grow(pop()));
        return;
      case "memory.fill": {
        const [count, value, start] = [pop(), pop(), pop()];
        check(start + count, this.memory.length);
        for (let i = 0; i < count; i++) this.memory[start + i] = value;
        return;
      }
      case "memory.copy": {
        const [count, source, target] = [pop(), pop(), pop()];
        check(source + count, this.memory.length);
        check(target + count, this.memory.length);
        this.memory.set(this.memory.slice(source, source + count), target);
        return;
      }
      case "memory.init": {
        const [count, source, target] = [pop(), pop(), pop()];
        const bytes = this.#data[immediates[0]!]!;
        check(source + count, bytes.length);
        check(target + count, this.memory.length);
        for (let i = 0; i < count; i++) this.memory[target + i] = bytes[source + i]!;
        return;
      }
      case "data.drop":
        this.#data[immediates[0]!] = [];
        return;
      default:
        if (name.endsWith("_lane")) this.#vectorAccess(name, immediates[1]!, immediates[2]!, stack);
        else if (name.startsWith("v128.")) this.#vectorAccess(name, immediates[0] ?? 0, 0, stack);
        else this.#access(name, immediates[0] ?? 0, stack);
    }
  }

  #grow(delta: number): Bits {
    const pages = this.memory.length / PAGE;
    const { memoryPages, memory64 = false } = this.#program;
    if (pages + delta > memoryPages!.max) return memory64 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
    const grown = new Uint8Array((pages + delta) * PAGE);
    grown.set(this.memory);
    this.memory = grown;
    this.#view = new DataView(grown.buffer);
    return BigInt(pages);
  }

  #access(name: string, offset: number, stack: Bits[]): void {
    const { store, signed, width, size } = accessOf(name);
    const value = store ? stack.pop()! : 0n;
    const address = Number(stack.pop()!) + Number(offset);
    if (store) return this.#write(address, size / 8, value);
    const bits = this.#read(address, size / 8);
    stack.push(signed ? BigInt.asUintN(width, BigInt.asIntN(size, bits)) : bits);
  }

  #vectorAccess(name: string, offset: number, lane: number, stack: Bits[]): void {
    const isStore = name.includes("store");
    const vector = isStore || name.endsWith("_lane") ? stack.pop()! : 0n;
    const address = Number(stack.pop()!) + offset;
    if (isStore) this.#write(address, sizeOf(name), stored(name, vector, lane));
    else stack.push(loaded(name, this.#read(address, sizeOf(name)), vector, lane));
  }

  #write(address: number, size: number, value: Bits): void {
    if (address + size > this.memory.length) throw new ModelTrap("out of bounds memory access");
    for (let i = 0; i < size; i++) this.#view.setUint8(address + i, Number((value >> BigInt(8 * i)) & 0xffn));
  }

  #read(address: number, size: number): Bits {
    if (address + size > this.memory.length) throw new ModelTrap("out of bounds memory access");
    let bits = 0n;
    for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(this.#view.getUint8(address + i));
    return bits;
  }
}

/** What a load or store does, by its name. */
interface Access {
  readonly store: boolean;
  readonly signed: boolean;
  /** Bits of the value and of what is in memory. */
  readonly width: number;
  readonly size: number;
}

const accesses = new Map<string, Access>();

function accessOf(name: string): Access {
  const known = accesses.get(name);
  if (known !== undefined) return known;
  const match = /^([if](?:32|64))\.(load|store)(8|16|32)?(?:_([su]))?$/.exec(name);
  if (match === null) throw new Error(`the model has no ${name}`);
  const width = widthOf(match[1] as NumberType);
  const access = { store: match[2] === "store", signed: match[4] === "s", width, size: Number(match[3] ?? width) };
  accesses.set(name, access);
  return access;
}
