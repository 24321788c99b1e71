// Takes the name of an opcode of the interpreter's packed code, gives instructions that should be lowered to it: statements on locals.
import type { Instr } from "../support/module-builder.ts";
import { constant } from "./program.ts";
import type { Random } from "./random.ts";
import { scalarOps } from "./scalar-ops.ts";
import { type NumberType, randomBits } from "./values.ts";
import { laneCounts, type VectorOp, vectorOp, vectorOps } from "./vector-ops.ts";

/** Types of the locals that statements read and write; parameters all of them. */
export const locals: readonly NumberType[] = [
  "i32",
  "i32",
  "i32",
  "i32",
  "i64",
  "i64",
  "i64",
  "f32",
  "f32",
  "f32",
  "f64",
  "f64",
  "f64",
  "v128",
  "v128",
  "v128",
];

/** Global `i` has this type. */
export const globalTypes: readonly NumberType[] = ["i32", "i64", "f32", "f64", "v128"];

const wide = /\.R\.R$|\.K\.R$|\.X\.R$|\.S\.R$|\.T\.R$|\.A\.R$|\.R\.K$|\.A\.K$/;
/** Accesses that share an opcode because they move the same bits. */
const alike: Readonly<Record<string, readonly string[]>> = {
  "i32.load": ["i32.load", "f32.load"],
  "i32.store": ["i32.store", "f32.store", "i64.store32"],
  "i32.store8": ["i32.store8", "i64.store8"],
  "i32.store16": ["i32.store16", "i64.store16"],
};

/** Opcodes that move lanes, and what is lowered to them; `shuffle32` is a shuffle of whole words. */
const moves: Readonly<Record<string, readonly string[]>> = {
  gather4: ["shuffle32", "i64x2.splat", "f64x2.splat"].concat(
    ["i32x4", "i64x2", "f32x4", "f64x2"].map((shape) => `${shape}.replace_lane`),
  ),
  shuffle8: ["shuffle8"],
  shuffle16: ["shuffle16"],
  splat1: ["i32x4.splat", "f32x4.splat"],
  splat8: ["i8x16.splat"],
  splat16: ["i16x8.splat"],
  extract8s: ["i8x16.extract_lane_s"],
  extract8u: ["i8x16.extract_lane_u"],
  extract16s: ["i16x8.extract_lane_s"],
  extract16u: ["i16x8.extract_lane_u"],
  replace8: ["i8x16.replace_lane"],
  replace16: ["i16x8.replace_lane"],
};

/** Opcodes in sequence, for a joined one each of its parts. Branches leave block 0. */
export function statements(opcode: string, random: Random): Instr[] {
  const parts = opcode.split("+");
  const address = /^address(.)$/.exec(parts[0]!);
  if (address !== null) return new Statement(random).wide(address[1]!, parts[1] ?? "i32.load.R");
  return parts.flatMap((part) => new Statement(random).of(part));
}

class Statement {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  of(opcode: string): Instr[] {
    const random = this.#random;
    switch (opcode) {
      case "mov1":
      case "mov2": {
        const type = random.pick(opcode === "mov1" ? (["i32", "f32"] as const) : (["i64", "f64"] as const));
        const all = this.#indices(type);
        const at = random.below(all.length);
        return [
          ["local.get", all[at]!],
          ["local.set", all[(at + 1) % all.length]!],
        ];
      }
      case "const1":
      case "const2": {
        const type = random.pick(opcode === "const1" ? (["i32", "f32"] as const) : (["i64", "f64"] as const));
        return [constant(type, randomBits(type, random)), this.#set(type)];
      }
      case "select1":
      case "select2": {
        const type = random.pick(opcode === "select1" ? (["i32", "f32"] as const) : (["i64", "f64"] as const));
        return [this.#get(type), this.#get(type), this.#get("i32"), "select", this.#set(type)];
      }
      case "globalGet1":
      case "globalGet2": {
        const index = random.pick(opcode === "globalGet1" ? [0, 2] : [1, 3]);
        return [["global.get", index], this.#set(globalTypes[index]!)];
      }
      case "globalSet1":
      case "globalSet2": {
        const index = random.pick(opcode === "globalSet1" ? [0, 2] : [1, 3]);
        return [this.#get(globalTypes[index]!), ["global.set", index]];
      }
      case "mov4":
        return [this.#get("v128"), this.#set("v128")];
      case "const4":
        return [this.#constant("v128"), this.#set("v128")];
      case "select4":
        return [this.#get("v128"), this.#get("v128"), this.#get("i32"), "select", this.#set("v128")];
      case "globalGet4":
        return [["global.get", 4], this.#set("v128")];
      case "globalSet4":
        return [this.#get("v128"), ["global.set", 4]];
      case "memorySize":
        return [["memory.size"], this.#set("i32")];
      case "unreachable":
        return ["unreachable"];
      case "br":
        return [["br", 0]];
      case "brnz":
        return [this.#get("i32"), ["br_if", 0]];
      case "brz":
        return [this.#get("i32"), "i32.eqz", ["br_if", 0]];
      case "brAndnz.RK":
        return [this.#get("i32"), this.#constant("i32"), "i32.and", ["br_if", 0]];
      case "brAndz.RK":
        return [this.#get("i32"), this.#constant("i32"), "i32.and", "i32.eqz", ["br_if", 0]];
      default:
        if (moves[opcode] !== undefined) return this.#move(random.pick(moves[opcode]!));
        if (opcode === "rotate4") return this.#rotation();
        if (/x\d+\.sh.*\.K$/.test(opcode)) return this.#vectorShift(opcode.slice(0, -2));
        if (vectorOps.has(opcode)) return this.#vector(vectorOps.get(opcode)!);
        if (opcode.includes("(")) return this.#tree(opcode);
        if (/^brn?\./.test(opcode)) return this.#branch(opcode);
        if (/\.load/.test(opcode)) return this.#load(opcode);
        if (wide.test(opcode)) return this.#store(opcode);
        return this.#value(opcode);
    }
  }

  #vector({ params, instr, result }: VectorOp): Instr[] {
    return [...params.map((type) => this.#get(type)), instr, this.#set(result)];
  }

  #vectorShift(name: string): Instr[] {
    const by: Instr = ["i32.const", this.#random.below(70)];
    return [this.#get("v128"), by, vectorOps.get(name)!.instr, this.#set("v128")];
  }

  /** The two shifts of a rotation in either order, or those of none. */
  #rotation(): Instr[] {
    const random = this.#random;
    const operand = this.#get("v128");
    const by = 1 + random.below(31);
    const left: Instr[] = [operand, ["i32.const", by], "i32x4.shl"];
    const right: Instr[] = [operand, ["i32.const", random.once(4) ? by : 32 - by], "i32x4.shr_u"];
    return [...(random.once(2) ? [...left, ...right] : [...right, ...left]), "v128.or", this.#set("v128")];
  }

  /** An instruction that moves lanes, with any lanes that the opcode takes. */
  #move(name: string): Instr[] {
    const random = this.#random;
    const shuffle = /^shuffle(\d+)$/.exec(name);
    if (shuffle === null) {
      const count = laneCounts.get(name);
      return this.#vector(vectorOp(name, count === undefined ? [] : [random.below(count)])!);
    }
    const size = Number(shuffle[1]) / 8;
    const lanes = Array.from({ length: 16 / size }, () => random.below(32 / size)).flatMap((lane) =>
      Array.from({ length: size }, (_, i) => lane * size + i),
    );
    return this.#vector(vectorOp("i8x16.shuffle", lanes)!);
  }

  /** An access of a 64-bit memory with an address of a form. */
  wide(form: string, access: string): Instr[] {
    const code = this.#address64(form);
    return wide.test(access) ? this.#store(access, code) : this.#load(access, code);
  }

  #indices(type: NumberType): number[] {
    return locals.flatMap((one, i) => (one === type ? [i] : []));
  }

  #get(type: NumberType): Instr {
    return ["local.get", this.#random.pick(this.#indices(type))];
  }

  #set(type: NumberType): Instr {
    return ["local.set", this.#random.pick(this.#indices(type))];
  }

  #constant(type: NumberType): Instr {
    return constant(type, randomBits(type, this.#random));
  }

  #operand(type: NumberType, form: string): Instr {
    return form === "K" ? this.#constant(type) : this.#get(type);
  }

  /** `name.RK` as an expression; `first` in place of its first operand. */
  #expression(opcode: string, first?: readonly Instr[]): { code: Instr[]; result: NumberType } {
    const dot = opcode.lastIndexOf(".");
    const op = scalarOps.get(opcode.slice(0, dot))!;
    const operands = op.params.flatMap((type, i): readonly Instr[] =>
      i === 0 && first !== undefined ? first : [this.#operand(type, opcode[dot + 1 + i]!)],
    );
    return { code: [...operands, op.name as Instr], result: op.result };
  }

  #value(opcode: string): Instr[] {
    const { code, result } = this.#expression(opcode);
    return [...code, this.#set(result)];
  }

  #tree(opcode: string): Instr[] {
    const [, outer, inner, form] = /^(.*)\((.*)\)\.(.*)$/.exec(opcode)!;
    const { code, result } = this.#expression(`${outer}.${form}`, this.#expression(inner!).code);
    return [...code, this.#set(result)];
  }

  #branch(opcode: string): Instr[] {
    const dot = opcode.indexOf(".");
    const { code } = this.#expression(opcode.slice(dot + 1));
    return opcode.startsWith("brn") ? [...code, "i32.eqz", ["br_if", 0]] : [...code, ["br_if", 0]];
  }

  /** An address that the form takes. */
  #address(form: string): Instr[] {
    const random = this.#random;
    const small = (below: number): Instr => ["i32.const", random.below(below)];
    switch (form) {
      case "R":
        return [this.#get("i32")];
      case "K":
        return [this.#get("i32"), ["i32.const", random.below(2000) - 1000], "i32.add"];
      case "X":
        return [this.#get("i32"), this.#get("i32"), "i32.add"];
      case "S":
        return [this.#get("i32"), this.#get("i32"), small(4), "i32.shl", "i32.add"];
      case "T":
        return [this.#get("i32"), small(4), "i32.shl", small(2000), "i32.add"];
      default:
        return [random.once(20) ? ["i32.const", 65536 - random.below(9)] : small(65000)];
    }
  }

  /** The same for the opcodes that make a word of 64 bits. */
  #address64(form: string): Instr[] {
    const random = this.#random;
    const constant: Instr = ["i64.const", BigInt(random.below(2000) - 1000)];
    const shift: Instr[] = [["i64.const", BigInt(random.below(4))], "i64.shl"];
    const extended: Instr[] = [this.#get("i32"), random.pick(["i64.extend_i32_s", "i64.extend_i32_u"]), ...shift];
    switch (form) {
      case "C":
        return [this.#get("i64")];
      case "K":
        return [this.#get("i64"), constant, "i64.add"];
      case "E":
        if (random.once(2)) return [this.#get("i64"), ...extended, "i64.add"];
        return [this.#get("i64"), this.#get("i64"), ...(random.once(2) ? [] : shift), "i64.add"];
      default:
        return [...extended, constant, "i64.add"];
    }
  }

  #memoryOp(name: string): Instr {
    const offset = this.#random.pick([0, 0, 1, 8, 1000]);
    const lanes = /(\d+)_lane$/.exec(name);
    // The memory argument of an access of a lane is written out.
    const immediates = lanes === null ? [offset] : [0, offset, this.#random.below(128 / Number(lanes[1]))];
    return [name, ...immediates] as unknown as Instr;
  }

  #load(opcode: string, address?: readonly Instr[]): Instr[] {
    const [, name, form] = /^(.*)\.(.)$/.exec(opcode)!;
    const chosen = this.#random.pick(alike[name!] ?? [name!]);
    const type = /^[^.]*/.exec(chosen)![0] as NumberType;
    const into = chosen.endsWith("_lane") ? [this.#get("v128")] : [];
    return [...(address ?? this.#address(form!)), ...into, this.#memoryOp(chosen), this.#set(type)];
  }

  #store(opcode: string, address?: readonly Instr[]): Instr[] {
    const [, name, form, value] = /^(.*)\.(.)\.(.)$/.exec(opcode)!;
    const chosen = this.#random.pick(alike[name!] ?? [name!]);
    const type = /^[^.]*/.exec(chosen)![0] as NumberType;
    return [...(address ?? this.#address(form!)), this.#operand(type, value!), this.#memoryOp(chosen)];
  }
}
