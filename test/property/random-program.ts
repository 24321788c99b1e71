// Takes a seed, gives a program: random well-typed instructions in nested blocks, whose run always ends.
import type { Instr } from "../support/module-builder.ts";
import { constant, type Program, type ProgramFunction, type Signature } from "./program.ts";
import { Random } from "./random.ts";
import { type ScalarOp, scalarOps } from "./scalar-ops.ts";
import { type NumberType, randomBits } from "./values.ts";
import { vectorOps } from "./vector-ops.ts";

const numberTypes: readonly NumberType[] = ["i32", "i32", "i32", "i64", "i64", "f32", "f64", "v128"];

/** Global 0 counts down at each function's entry and each turn of a loop; at zero they return at once. */
const FUEL = 0;
/** What global 0 should be set to before each call. */
export const FUEL_UNITS = 40;

const globals = ["i32", "i32", "i64", "f32", "f64", "v128"] as const;

const loads: Readonly<Record<NumberType, readonly string[]>> = {
  v128: ["v128.load"],
  i32: ["i32.load", "i32.load", "i32.load8_s", "i32.load8_u", "i32.load16_s", "i32.load16_u"],
  i64: ["i64.load", "i64.load8_s", "i64.load8_u", "i64.load16_s", "i64.load16_u", "i64.load32_s", "i64.load32_u"],
  f32: ["f32.load"],
  f64: ["f64.load"],
};
const stores: Readonly<Record<NumberType, readonly string[]>> = {
  v128: ["v128.store"],
  i32: ["i32.store", "i32.store8", "i32.store16"],
  i64: ["i64.store", "i64.store8", "i64.store16", "i64.store32"],
  f32: ["f32.store"],
  f64: ["f64.store"],
};

/** Of vectors: whose NaNs' bits hosts choose, and any instruction on whole vectors would show. */
const makesNans = /^f\d\dx\d\.(relaxed_)?(ceil|floor|trunc|nearest|sqrt|add|sub|mul|div|min|max|n?madd|promote|demote)/;

/** Instructions by the types they take from the top of the stack. */
const byParams = new Map<string, ScalarOp[]>();
for (const op of [...scalarOps.values(), ...[...vectorOps.values()].filter(({ name }) => !makesNans.test(name))]) {
  const key = op.params.join();
  byParams.set(key, [...(byParams.get(key) ?? []), op]);
}
/** Taken more often: what compiled programs are made of, and what the interpreter has joined opcodes for. */
const common =
  /^i32\.(add|sub|and|or|xor|shl|shr_u|mul|eqz|eq|ne|lt_s|rotl)$|^[if]\d\d\.(add|mul|sub)$|^i64\.(xor|rotl)$/;
const commonByParams = new Map(
  [...byParams].map(([key, ops]) => [key, ops.filter(({ name }) => common.test(name))] as const),
);
/** Instructions that make an i32 of two operands, or one vector, without traps. */
function testsOf(type: NumberType): ScalarOp[] {
  if (type === "v128") return byParams.get(type)!.filter(({ result }) => result === "i32");
  return byParams.get(`${type},${type}`)!.filter(({ name, result }) => result === "i32" && !/div|rem/.test(name));
}

/** Through these the bits of a NaN would be seen, which hosts choose. */
const showsBits = /reinterpret_f|copysign|^f.*\.splat/;

/** An entry of the operand stack. */
interface Entry {
  readonly type: NumberType;
  /** Whether its bits are the same everywhere, even if it is a NaN. */
  readonly exact: boolean;
}

interface Label {
  readonly types: readonly NumberType[];
}

export function randomProgram(seed: number): Program {
  const random = new Random(seed);
  const types: Signature[] = [];
  // A program of few types has more to do with each value.
  const [first, second] = [random.pick(numberTypes), random.pick(numberTypes)];
  const pool = [first, first, first, first, second, second, ...numberTypes.slice(2)];
  const typeList = (most: number): NumberType[] =>
    Array.from({ length: random.below(most + 1) }, () => random.pick(pool));
  const addType = (params: readonly NumberType[], results: readonly NumberType[]): number => {
    const known = types.findIndex((t) => t.params.join() === params.join() && t.results.join() === results.join());
    return known >= 0 ? known : types.push({ params, results }) - 1;
  };
  const signatures: Signature[] = [];
  const count = 2 + random.below(4);
  for (let i = 0; i < count; i++) {
    const params = typeList(random.pick([0, 1, 4]));
    const results = typeList(random.pick([1, 1, 2, 3]));
    addType(params, results);
    signatures.push({ params, results });
  }
  const half = Array.from({ length: 1 + random.below(6) }, () => (random.once(20) ? null : random.below(count)));
  const table = [...half, ...half];
  const functions: ProgramFunction[] = signatures.map((signature) => {
    const locals = typeList(5);
    const writer = new FunctionWriter(random, signature, locals, { pool, types, addType, signatures, table });
    return { ...signature, locals, body: writer.write() };
  });
  return {
    types,
    functions,
    globals: globals.map((type, i) => ({ type, bits: i === FUEL ? BigInt(FUEL_UNITS) : randomBits(type, random) })),
    memoryPages: { min: 1, max: 2 },
    table,
    data: [Array.from({ length: 40 }, () => random.below(256))],
  };
}

interface Context {
  readonly pool: readonly NumberType[];
  readonly types: readonly Signature[];
  readonly addType: (params: readonly NumberType[], results: readonly NumberType[]) => number;
  readonly signatures: readonly Signature[];
  readonly table: readonly (number | null)[];
}

class FunctionWriter {
  readonly #random: Random;
  readonly #context: Context;
  readonly #signature: Signature;
  /** Types of parameters, locals and scratch locals, one of each float type. */
  readonly #locals: readonly NumberType[];
  readonly #scratch: Readonly<Record<"f32" | "f64", number>>;
  readonly #body: Instr[] = [];
  readonly #labels: Label[] = [];
  #stack: Entry[] = [];
  /** Height of the innermost block: what is below cannot be popped. */
  #floor = 0;
  #size: number;

  constructor(random: Random, signature: Signature, locals: NumberType[], context: Context) {
    this.#random = random;
    this.#context = context;
    this.#signature = signature;
    const first = signature.params.length + locals.length;
    locals.push("f32", "f64");
    this.#locals = [...signature.params, ...locals];
    this.#scratch = { f32: first, f64: first + 1 };
    this.#size = 10 + random.below(60);
  }

  write(): Instr[] {
    this.#labels.push({ types: this.#signature.results });
    this.#burnFuel();
    this.#sequence(this.#size);
    this.#finish(this.#signature.results);
    return this.#body;
  }

  #emit(...instrs: Instr[]): void {
    this.#body.push(...instrs);
  }

  #push(type: NumberType, exact = true): void {
    this.#stack.push({ type, exact });
  }

  get #height(): number {
    return this.#stack.length - this.#floor;
  }

  #burnFuel(): void {
    this.#emit(["global.get", FUEL], ["i32.const", 1], "i32.sub", ["global.set", FUEL]);
    this.#emit(["global.get", FUEL], ["i32.const", 1], "i32.lt_s", ["if"]);
    this.#emit(...this.#signature.results.map((type) => constant(type, 5n)), "return", "end");
  }

  /** Writes about `size` instructions; gives false where the end cannot be reached. */
  #sequence(size: number): boolean {
    const until = this.#body.length + size;
    while (this.#body.length < until && this.#body.length < 400) if (!this.#step()) return false;
    return true;
  }

  #step(): boolean {
    const random = this.#random;
    const kind = random.below(100);
    if (kind < 18) this.#pushSimple(random.pick(this.#context.pool));
    else if (kind < 54) this.#operate();
    else if (kind < 61) this.#setLocal();
    else if (kind < 65) this.#store();
    else if (kind < 69) this.#load();
    else if (kind < 72) this.#select();
    else if (kind < 74) this.#globalSet();
    else if (kind < 75) this.#drop();
    else if (kind < 84) this.#call();
    else if (kind < 88) this.#bulk();
    else if (kind < 92) this.#structured();
    else if (kind < 95) this.#waitOverCall();
    else if (kind < 98) this.#brIf();
    else return this.#leave();
    return true;
  }

  #localOf(type: NumberType): number {
    const all = this.#locals.flatMap((one, i) =>
      one === type && i !== this.#scratch.f32 && i !== this.#scratch.f64 ? [i] : [],
    );
    return all.length === 0 ? -1 : this.#random.pick(all);
  }

  #pushSimple(type: NumberType): void {
    const random = this.#random;
    const local = this.#localOf(type);
    const kind = random.below(10);
    if (kind < 5 && local >= 0) {
      this.#emit(["local.get", local]);
      this.#push(type, false);
    } else if (kind < 6) {
      const index = globals.indexOf(type, 1);
      this.#emit(["global.get", index]);
      this.#push(type, false);
    } else {
      this.#emit(constant(type, randomBits(type, random)));
      this.#push(type);
    }
  }

  #pushOf(type: NumberType): void {
    if (this.#random.once(3)) {
      const tops = this.#topTypes(1);
      if (tops.join() === type) return;
    }
    this.#pushSimple(type);
  }

  /** Types of the top entries of the innermost block, as many as asked for or fewer. */
  #topTypes(count: number): NumberType[] {
    return this.#stack.slice(Math.max(this.#floor, this.#stack.length - count)).map(({ type }) => type);
  }

  /** Replaces a NaN on top of the stack by one whose bits are the same everywhere. */
  #fixNan(): void {
    const { type, exact } = this.#stack[this.#stack.length - 1]!;
    if (exact || (type !== "f32" && type !== "f64")) return;
    const local = this.#scratch[type];
    const nan = constant(type, type === "f32" ? 0x7fc00000n : 0x7ff8000000000000n);
    this.#emit(["local.tee", local], nan, ["local.get", local], ["local.get", local], `${type}.eq`, "select");
    this.#stack[this.#stack.length - 1] = { type, exact: true };
  }

  #operate(): void {
    const random = this.#random;
    if (this.#height === 0) this.#pushSimple(random.pick(this.#context.pool));
    const two = this.#topTypes(2);
    const [top] = this.#topTypes(1);
    if (two.length === 2 && two[0] === two[1] && !random.once(8)) return this.#apply(this.#opOf(two.join()));
    // A conversion or test, or an operand more.
    if (random.once(3)) return this.#apply(this.#opOf(top!));
    this.#pushSimple(top!);
    this.#apply(this.#opOf(`${top},${top}`));
  }

  #opOf(params: string): ScalarOp {
    const usual = commonByParams.get(params)!;
    return usual.length > 0 && !this.#random.once(3)
      ? this.#random.pick(usual)
      : this.#random.pick(byParams.get(params)!);
  }

  #apply({ name, params, result }: ScalarOp): void {
    if (showsBits.test(name)) this.#fixNan();
    // Most divisions should not trap.
    if (/div_|rem_/.test(name) && !this.#random.once(8))
      this.#emit([`${result}.const`, 1] as Instr, `${result}.or` as Instr);
    if (/\.trunc_f/.test(name) && !this.#random.once(8)) return;
    const operands = this.#stack.splice(this.#stack.length - params.length);
    this.#emit(name as Instr);
    const keeps = /\.(neg|abs|copysign)$/.test(name) && operands[0]!.exact;
    this.#push(result, keeps || (result !== "f32" && result !== "f64") || name.includes("reinterpret"));
  }

  #setLocal(): void {
    if (this.#height === 0) return;
    const { type } = this.#stack[this.#stack.length - 1]!;
    const local = this.#localOf(type);
    if (local < 0) return;
    if (this.#random.once(2)) {
      this.#emit(["local.tee", local]);
      return;
    }
    this.#emit(["local.set", local]);
    this.#stack.pop();
  }

  /** Pushes an address in one of the forms that accesses have opcodes for, nearly always inside the memory. */
  #address(): number {
    const random = this.#random;
    const mask: Instr = ["i32.const", random.pick([0xff, 0xfff, 0x3ff8])];
    const offset = random.pick([0, 0, 1, 4, 8, 200, 4096]);
    switch (random.below(7)) {
      case 0:
        this.#emit(["i32.const", random.below(70000)]);
        break;
      case 1:
        this.#pushOf("i32");
        this.#stack.pop();
        this.#emit(mask, "i32.and", ["i32.const", random.below(4000) - 20], "i32.add");
        break;
      case 2:
        this.#pushSimple("i32");
        this.#stack.pop();
        this.#emit(mask, "i32.and");
        this.#pushSimple("i32");
        this.#stack.pop();
        this.#emit(mask, "i32.and", "i32.add");
        break;
      case 3:
        this.#pushSimple("i32");
        this.#stack.pop();
        this.#emit(mask, "i32.and");
        this.#pushSimple("i32");
        this.#stack.pop();
        this.#emit(mask, "i32.and", ["i32.const", random.below(3)], "i32.shl", "i32.add");
        break;
      case 4:
        this.#pushSimple("i32");
        this.#stack.pop();
        this.#emit(
          mask,
          "i32.and",
          ["i32.const", random.below(3)],
          "i32.shl",
          ["i32.const", random.below(999)],
          "i32.add",
        );
        break;
      default:
        this.#pushOf("i32");
        this.#stack.pop();
        if (!random.once(30)) this.#emit(mask, "i32.and");
    }
    return random.once(300) ? 0xfffffff0 : offset;
  }

  #load(): void {
    const type = this.#random.pick(this.#context.pool);
    const offset = this.#address();
    this.#emit([this.#random.pick(loads[type]), offset] as unknown as Instr);
    this.#push(type);
  }

  #store(): void {
    const random = this.#random;
    const type = random.pick(this.#context.pool);
    const offset = this.#address();
    this.#push("i32");
    if (random.once(2)) this.#pushSimple(type);
    else {
      this.#pushSimple(type);
      this.#pushSimple(type);
      this.#apply(this.#opOf(`${type},${type}`));
      if (this.#topTypes(1)[0] !== type) this.#replaceTop(type);
    }
    this.#fixNan();
    this.#emit([random.pick(stores[type]), offset] as unknown as Instr);
    this.#stack.length -= 2;
  }

  #replaceTop(type: NumberType): void {
    this.#stack.pop();
    this.#emit("drop");
    this.#pushSimple(type);
  }

  #select(): void {
    const [first, second] = this.#topTypes(2);
    if (first === undefined || first !== second) return;
    if (this.#random.once(2)) this.#pushSimple("i32");
    else this.#condition();
    this.#emit("select");
    const [a, b] = this.#stack.splice(this.#stack.length - 3);
    this.#push(first, a!.exact && b!.exact);
  }

  /** Pushes an i32 that is often a comparison. */
  #condition(): void {
    const random = this.#random;
    const type = random.pick(this.#context.pool);
    this.#pushSimple(type);
    if (type !== "i32" || !random.once(4)) {
      if (type !== "v128") this.#pushSimple(type);
      this.#apply(random.pick(testsOf(type)));
    }
    if (random.once(5)) this.#emit("i32.eqz");
  }

  #globalSet(): void {
    if (this.#height === 0) return;
    const { type } = this.#stack[this.#stack.length - 1]!;
    this.#emit(["global.set", globals.indexOf(type, 1)]);
    this.#stack.pop();
  }

  /** Pops into a global so that the value counts. */
  #sink(): void {
    const { type } = this.#stack.pop()!;
    const index = globals.indexOf(type, 1);
    if (type !== "f32" && type !== "f64") this.#emit(["global.get", index], `${type}.xor`);
    else this.#emit(["global.get", index], `${type}.add`);
    this.#emit(["global.set", index]);
  }

  #drop(): void {
    if (this.#height === 0) return;
    this.#emit("drop");
    this.#stack.pop();
  }

  /** Makes the top of the stack end with these types. */
  #supply(types: readonly NumberType[]): void {
    // Some may be there already.
    for (let have = Math.min(types.length, this.#height); have >= 0; have--) {
      if (this.#topTypes(have).join() !== types.slice(0, have).join()) continue;
      for (const type of types.slice(have)) this.#pushSimple(type);
      return;
    }
  }

  #call(): void {
    const random = this.#random;
    const { signatures, addType } = this.#context;
    if (random.once(2)) {
      const index = random.below(signatures.length);
      const { params, results } = signatures[index]!;
      this.#supply(params);
      this.#emit(["call", index]);
      this.#stack.length -= params.length;
      for (const type of results) this.#push(type, false);
      return;
    }
    const { table } = this.#context;
    const at = random.below(table.length);
    const { params, results } = signatures[table[at] ?? 0]!;
    this.#supply(params);
    this.#pushSimple("i32");
    // The second half of the table is like the first.
    const half = table.length / 2;
    if (!random.once(20))
      this.#emit(["i32.const", 1], "i32.and", ["i32.const", half], "i32.mul", ["i32.const", at % half], "i32.add");
    this.#emit(["call_indirect", addType(params, results)]);
    this.#stack.length -= params.length + 1;
    for (const type of results) this.#push(type, false);
  }

  /** Values in slots of their own, expressions of them that wait, and something that may use those slots anew. */
  #waitOverCall(): void {
    const random = this.#random;
    const type = random.pick(this.#context.pool);
    for (let n = 2 + random.below(2); n > 0; n--) {
      this.#emit(["block", type]);
      this.#pushSimple(type);
      this.#emit("end");
    }
    for (let n = 1 + random.below(2); n > 0; n--) this.#operate();
    if (random.once(3)) this.#pushSimple(random.pick(this.#context.pool));
    if (random.once(3)) this.#bulk();
    else this.#call();
  }

  #bulk(): void {
    const random = this.#random;
    const small = (): Instr => ["i32.const", random.once(20) ? 70000 : random.below(30)];
    switch (random.below(6)) {
      case 0:
        this.#address();
        this.#emit(small(), small(), ["memory.fill"]);
        return;
      case 1:
        this.#address();
        this.#pushSimple("i32");
        this.#stack.pop();
        this.#emit(["i32.const", 0xfff], "i32.and", small(), ["memory.copy"]);
        return;
      case 2:
        this.#address();
        this.#emit(["i32.const", random.below(12)], small(), ["memory.init", 0]);
        return;
      case 3:
        this.#emit(["memory.size"]);
        this.#push("i32");
        return;
      case 4:
        this.#emit(["i32.const", random.below(2)], ["memory.grow"]);
        this.#push("i32");
        return;
      default:
        if (random.once(5)) this.#emit(["data.drop", 0]);
        else this.#emit("nop");
    }
  }

  #structured(): void {
    const random = this.#random;
    if (this.#labels.length > 6) return;
    const kind = random.pick(["block", "loop", "if"] as const);
    const params = random.once(3) ? this.#topTypes(random.below(3)) : [];
    const results: NumberType[] = Array.from({ length: random.pick([0, 0, 1, 1, 2, 3]) }, () =>
      random.pick(this.#context.pool),
    );
    if (kind === "if") {
      this.#condition();
      this.#stack.pop();
    }
    const type = this.#context.addType(params, results);
    const plain = params.length === 0 && results.length < 2;
    this.#emit(plain ? [kind, ...results] : [kind, type]);
    const outer = this.#floor;
    const below = this.#stack.slice(0, this.#stack.length - params.length);
    const enter = (): void => {
      this.#floor = below.length;
      this.#stack = [...below, ...params.map((one) => ({ type: one, exact: false }))];
      this.#labels.push({ types: kind === "loop" ? params : results });
      if (kind === "loop") this.#burnFuel();
      if (this.#sequence(random.below(25))) this.#finish(results);
      this.#labels.pop();
    };
    enter();
    const same = params.join() === results.join();
    if (kind === "if" && (!same || random.once(2))) {
      this.#emit("else");
      enter();
    }
    this.#emit("end");
    this.#floor = outer;
    this.#stack = below;
    for (const one of results) this.#push(one, false);
  }

  /** Leaves exactly these types in the innermost block. */
  #finish(results: readonly NumberType[]): void {
    let keep = Math.min(results.length, this.#height);
    const types = (): string =>
      this.#stack
        .slice(this.#floor, this.#floor + keep)
        .map(({ type }) => type)
        .join();
    while (types() !== results.slice(0, keep).join()) keep--;
    while (this.#height > keep) {
      const kind = this.#random.below(5);
      if (kind === 0) this.#drop();
      else if (kind === 1) this.#setLocal();
      else this.#sink();
    }
    for (const type of results.slice(keep)) this.#pushSimple(type);
  }

  #brIf(): void {
    const depth = this.#random.below(this.#labels.length);
    const { types } = this.#labels[this.#labels.length - 1 - depth]!;
    this.#supply(types);
    this.#condition();
    this.#emit(["br_if", depth]);
    this.#stack.pop();
    // The values stay; as block results their bits are not known to be exact any more.
  }

  /** Leaves the block for good. */
  #leave(): boolean {
    const random = this.#random;
    const depth = random.below(this.#labels.length);
    const { types } = this.#labels[this.#labels.length - 1 - depth]!;
    switch (random.below(8)) {
      case 0:
        if (!random.once(5)) return true;
        this.#emit("unreachable");
        return false;
      case 1:
        this.#supply(this.#signature.results);
        this.#emit("return");
        break;
      case 2:
      case 3:
        this.#supply(types);
        this.#emit(["br", depth]);
        break;
      default: {
        const same = this.#labels.flatMap((label, i) =>
          label.types.join() === types.join() ? [this.#labels.length - 1 - i] : [],
        );
        this.#supply(types);
        this.#pushSimple("i32");
        if (random.once(2)) this.#emit(["i32.const", 3], "i32.and");
        this.#emit(["br_table", ...Array.from({ length: 1 + random.below(5) }, () => random.pick(same))]);
      }
    }
    // Code that cannot run has to be skipped.
    if (random.once(2)) this.#emit("unreachable", ["block"], "nop", "end");
    return false;
  }
}
