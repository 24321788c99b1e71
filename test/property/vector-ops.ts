// Takes the bits of operands, gives the bits of the result: every vector instruction once more, lane by lane with BigInt and the models of
// scalar instructions, for comparison with the engines (specification: 4.3.5 Vector operations).
import { instructions } from "#dist/syntax/instructions.js";
import type { Instr } from "../support/module-builder.ts";
import { type ScalarOp, scalarOps } from "./scalar-ops.ts";
import type { Bits, NumberType } from "./values.ts";

type Width = 8 | 16 | 32 | 64;
type Model = (...operands: readonly Bits[]) => Bits;

/** An instruction with its immediates. */
export interface VectorOp extends ScalarOp {
  readonly instr: Instr;
}

export const lanesOf = (bits: Bits, width: Width): Bits[] =>
  Array.from({ length: 128 / width }, (_, i) => BigInt.asUintN(width, bits >> BigInt(width * i)));
export const joined = (lanes: readonly bigint[], width: Width): Bits =>
  lanes.reduce((bits, lane, i) => bits | (BigInt.asUintN(width, lane) << BigInt(width * i)), 0n);

const scalar = (name: string): Model => scalarOps.get(name)!.compute;
const repeat = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const unary =
  (width: Width, f: (x: Bits) => bigint): Model =>
  (a) =>
    joined(lanesOf(a!, width).map(f), width);

const binary =
  (width: Width, f: (x: Bits, y: Bits) => bigint): Model =>
  (a, b) => {
    const other = lanesOf(b!, width);
    const lanes = lanesOf(a!, width).map((x, i) => f(x, other[i]!));
    return joined(lanes, width);
  };

const mask = (holds: boolean): bigint => (holds ? -1n : 0n);
const clamp = (x: bigint, least: bigint, most: bigint): bigint => (x < least ? least : x > most ? most : x);
const select: Model = (a, b, c) => BigInt.asUintN(128, (a! & c!) | (b! & ~c!));

/** How the lanes of one width are numbers, signed and unsigned, and the least and greatest of them. */
function signs(width: Width) {
  const half = 1n << BigInt(width - 1);
  return [
    { suffix: "s", of: (x: Bits) => BigInt.asIntN(width, x), least: -half, most: half - 1n },
    { suffix: "u", of: (x: Bits) => x, least: 0n, most: 2n * half - 1n },
  ] as const;
}

/** More than there is: the table of opcodes says which there are. */
const models: Record<string, Model> = {};

function integers(shape: string, width: Width): void {
  const by = (count: Bits) => count % BigInt(width);
  const negative = (x: Bits) => BigInt.asIntN(width, x) < 0n;
  const ops: Record<string, Model> = {
    add: binary(width, (x, y) => x + y),
    sub: binary(width, (x, y) => x - y),
    mul: binary(width, (x, y) => x * y),
    neg: unary(width, (x) => -x),
    abs: unary(width, (x) => (negative(x) ? -x : x)),
    eq: binary(width, (x, y) => mask(x === y)),
    ne: binary(width, (x, y) => mask(x !== y)),
    shl: (a, count) => unary(width, (x) => x << by(count!))(a!),
    avgr_u: binary(width, (x, y) => (x + y + 1n) / 2n),
    popcnt: unary(width, (x) => BigInt(x.toString(2).replaceAll("0", "").length)),
    all_true: (a) => (lanesOf(a!, width).includes(0n) ? 0n : 1n),
    bitmask: (a) => lanesOf(a!, width).reduce((bits, x, i) => bits | (negative(x) ? 1n << BigInt(i) : 0n), 0n),
    relaxed_laneselect: select,
  };
  for (const { suffix, of, least, most } of signs(width)) {
    ops[`lt_${suffix}`] = binary(width, (x, y) => mask(of(x) < of(y)));
    ops[`gt_${suffix}`] = binary(width, (x, y) => mask(of(x) > of(y)));
    ops[`le_${suffix}`] = binary(width, (x, y) => mask(of(x) <= of(y)));
    ops[`ge_${suffix}`] = binary(width, (x, y) => mask(of(x) >= of(y)));
    ops[`min_${suffix}`] = binary(width, (x, y) => (of(x) < of(y) ? x : y));
    ops[`max_${suffix}`] = binary(width, (x, y) => (of(x) > of(y) ? x : y));
    ops[`add_sat_${suffix}`] = binary(width, (x, y) => clamp(of(x) + of(y), least, most));
    ops[`sub_sat_${suffix}`] = binary(width, (x, y) => clamp(of(x) - of(y), least, most));
    ops[`shr_${suffix}`] = (a, count) => unary(width, (x) => of(x) >> by(count!))(a!);
  }
  for (const [name, model] of Object.entries(ops)) models[`${shape}.${name}`] = model;
}
integers("i8x16", 8);
integers("i16x8", 16);
integers("i32x4", 32);
integers("i64x2", 64);

/** Between lanes of one width and of twice that. */
function widening(result: string, shape: string, width: 8 | 16 | 32): void {
  const wide = (2 * width) as Width;
  const count = 128 / wide;
  for (const { suffix, of, least, most } of signs(width)) {
    const numbers = (bits: Bits): bigint[] => lanesOf(bits, width).map(of);
    for (const part of ["low", "high"] as const) {
      const half = (bits: Bits): bigint[] =>
        numbers(bits)
          .slice(part === "low" ? 0 : count)
          .slice(0, count);
      models[`${result}.extend_${part}_${shape}_${suffix}`] = (a) => joined(half(a!), wide);
      models[`${result}.extmul_${part}_${shape}_${suffix}`] = (a, b) => {
        const other = half(b!);
        const products = half(a!).map((x, i) => x * other[i]!);
        return joined(products, wide);
      };
    }
    models[`${result}.extadd_pairwise_${shape}_${suffix}`] = (a) => {
      const all = numbers(a!);
      const sums = repeat(count, (i) => all[2 * i]! + all[2 * i + 1]!);
      return joined(sums, wide);
    };
    models[`${shape}.narrow_${result}_${suffix}`] = (a, b) => {
      const all = [...lanesOf(a!, wide), ...lanesOf(b!, wide)].map((x) => BigInt.asIntN(wide, x));
      const clamped = all.map((x) => clamp(x, least, most));
      return joined(clamped, width);
    };
  }
}
widening("i16x8", "i8x16", 8);
widening("i32x4", "i16x8", 16);
widening("i64x2", "i32x4", 32);

/** Sums of the products of neighbours. */
function dot(a: Bits, b: Bits, width: 8 | 16): bigint[] {
  const numbers = (bits: Bits): bigint[] => lanesOf(bits, width).map((x) => BigInt.asIntN(width, x));
  const [x, y] = [numbers(a), numbers(b)];
  return repeat(64 / width, (i) => x[2 * i]! * y[2 * i]! + x[2 * i + 1]! * y[2 * i + 1]!);
}
models["i32x4.dot_i16x8_s"] = (a, b) => joined(dot(a!, b!, 16), 32);
models["i16x8.relaxed_dot_i8x16_i7x16_s"] = (a, b) => joined(dot(a!, b!, 8), 16);
models["i32x4.relaxed_dot_i8x16_i7x16_add_s"] = (a, b, c) => {
  const sums = dot(a!, b!, 8).map((x) => BigInt.asIntN(16, x));
  const lanes = lanesOf(c!, 32).map((x, i) => x + sums[2 * i]! + sums[2 * i + 1]!);
  return joined(lanes, 32);
};
models["i16x8.q15mulr_sat_s"] = binary(16, (x, y) => {
  const product = BigInt.asIntN(16, x) * BigInt.asIntN(16, y);
  return clamp((product + 0x4000n) >> 15n, -0x8000n, 0x7fffn);
});
models["i16x8.relaxed_q15mulr_s"] = models["i16x8.q15mulr_sat_s"];

function floats(shape: string, type: "f32" | "f64", width: 32 | 64): void {
  const of = (name: string): Model => models[`${shape}.${name}`]!;
  for (const name of ["abs", "neg", "sqrt", "ceil", "floor", "trunc", "nearest"]) {
    const compute = scalar(`${type}.${name}`);
    models[`${shape}.${name}`] = unary(width, (x) => compute(x));
  }
  for (const name of ["add", "sub", "mul", "div", "min", "max"])
    models[`${shape}.${name}`] = binary(width, scalar(`${type}.${name}`));
  for (const name of ["eq", "ne", "lt", "gt", "le", "ge"]) {
    const holds = scalar(`${type}.${name}`);
    models[`${shape}.${name}`] = binary(width, (x, y) => mask(holds(x, y) !== 0n));
  }
  const below = scalar(`${type}.lt`);
  models[`${shape}.pmin`] = binary(width, (x, y) => (below(y, x) !== 0n ? y : x));
  models[`${shape}.pmax`] = binary(width, (x, y) => (below(x, y) !== 0n ? y : x));
  models[`${shape}.relaxed_min`] = of("min");
  models[`${shape}.relaxed_max`] = of("max");
  models[`${shape}.relaxed_madd`] = (a, b, c) => of("add")(of("mul")(a!, b!), c!);
  models[`${shape}.relaxed_nmadd`] = (a, b, c) => of("sub")(c!, of("mul")(a!, b!));
}
floats("f32x4", "f32", 32);
floats("f64x2", "f64", 64);

/** Each lane of one width, or the first two, as one of another width; those that are left are zero. */
const converted =
  (from: Width, to: Width, name: string): Model =>
  (a) => {
    const compute = scalar(name);
    const lanes = lanesOf(a!, from).slice(0, 128 / to);
    return joined(
      lanes.map((x) => compute(x)),
      to,
    );
  };
for (const sign of ["s", "u"] as const) {
  for (const kind of ["trunc_sat", "relaxed_trunc"]) {
    models[`i32x4.${kind}_f32x4_${sign}`] = converted(32, 32, `i32.trunc_sat_f32_${sign}`);
    models[`i32x4.${kind}_f64x2_${sign}_zero`] = converted(64, 32, `i32.trunc_sat_f64_${sign}`);
  }
  models[`f32x4.convert_i32x4_${sign}`] = converted(32, 32, `f32.convert_i32_${sign}`);
  models[`f64x2.convert_low_i32x4_${sign}`] = converted(32, 64, `f64.convert_i32_${sign}`);
}
models["f64x2.promote_low_f32x4"] = converted(32, 64, "f64.promote_f32");
models["f32x4.demote_f64x2_zero"] = converted(64, 32, "f32.demote_f64");

models["v128.not"] = (a) => BigInt.asUintN(128, ~a!);
models["v128.and"] = (a, b) => a! & b!;
models["v128.andnot"] = (a, b) => a! & BigInt.asUintN(128, ~b!);
models["v128.or"] = (a, b) => a! | b!;
models["v128.xor"] = (a, b) => a! ^ b!;
models["v128.bitselect"] = select;
models["v128.any_true"] = (a) => (a === 0n ? 0n : 1n);
models["i8x16.swizzle"] = (a, b) => {
  const from = lanesOf(a!, 8);
  const chosen = lanesOf(b!, 8).map((i) => from[Number(i)] ?? 0n);
  return joined(chosen, 8);
};
models["i8x16.relaxed_swizzle"] = models["i8x16.swizzle"];

/** Models of instructions with lanes as immediates. */
const withLanes: Record<string, (lanes: readonly number[]) => Model> = {
  "i8x16.shuffle": (lanes) => (a, b) => {
    const from = [...lanesOf(a!, 8), ...lanesOf(b!, 8)];
    const chosen = lanes.map((i) => from[i]!);
    return joined(chosen, 8);
  },
};
for (const [shape, width] of Object.entries({
  i8x16: 8,
  i16x8: 16,
  i32x4: 32,
  i64x2: 64,
  f32x4: 32,
  f64x2: 64,
} as const)) {
  models[`${shape}.splat`] = (a) =>
    joined(
      repeat(128 / width, () => a!),
      width,
    );
  withLanes[`${shape}.replace_lane`] =
    ([lane]) =>
    (a, b) => {
      const lanes = lanesOf(a!, width);
      lanes[lane!] = b!;
      return joined(lanes, width);
    };
  const extract =
    ([lane]: readonly number[]): Model =>
    (a) =>
      lanesOf(a!, width)[lane!]!;
  withLanes[`${shape}.extract_lane`] = extract;
  withLanes[`${shape}.extract_lane_u`] = extract;
  withLanes[`${shape}.extract_lane_s`] = (lanes) => (a) => BigInt.asUintN(32, BigInt.asIntN(width, extract(lanes)(a!)));
}

const rows = instructions as unknown as Record<string, readonly [number, number, string | null]>;

function make(name: string, compute: Model, immediates: readonly number[] = []): VectorOp {
  const [params, result] = rows[name]![2]!.split("->").map((types) => types.trim().split(" ") as NumberType[]);
  return { name, params: params!, result: result![0]!, compute, instr: [name, ...immediates] as unknown as Instr };
}

/** Instructions without immediates, by mnemonic. */
export const vectorOps: ReadonlyMap<string, VectorOp> = new Map(
  Object.entries(models)
    .filter(([name]) => rows[name] !== undefined)
    .map(([name, compute]) => [name, make(name, compute)]),
);

/** The instruction with these immediates, if it is one of vectors that computes. */
export function vectorOp(name: string, immediates: readonly number[]): VectorOp | undefined {
  const model = rows[name] === undefined ? undefined : withLanes[name];
  return model === undefined ? vectorOps.get(name) : make(name, model(immediates), immediates);
}

/** Mnemonics of the instructions with one lane as immediate, and how many lanes there are. */
export const laneCounts: ReadonlyMap<string, number> = new Map(
  Object.keys(withLanes)
    .filter((name) => rows[name] !== undefined && name !== "i8x16.shuffle")
    .map((name) => [name, Number(/x(\d+)\./.exec(name)![1])]),
);
