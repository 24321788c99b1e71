// Takes the type of an operand, gives expressions for it: what traps, what changes or reads something, or a plain value.
import type { Operand } from "./operand-shapes.ts";
import type { Random } from "./random.ts";

/** What of the language a function may use beside its instruction. */
export interface Setting {
  readonly address: "i32" | "i64";
  readonly shared: boolean;
  /** Functions that call nothing, and are full of i64 arithmetic: the compiler has a form for these. */
  readonly dense: boolean;
}

/** An operand: where it traps, how; what it leaves in the trace, if anything. */
export interface Filling {
  readonly text: string;
  readonly cause: string | null;
  readonly mark: number | null;
}

/** Expressions of type i32 that end the function, each in a way that can be told from the others'. */
export function causesOf({ address, dense }: Setting): Readonly<Record<string, readonly string[]>> {
  const far = address === "i32" ? "(local.get $far)" : "(local.get $far64)";
  const atomic = `(${address}.const 65537)`;
  const inline = {
    memory: ["i32.load", "i32.load8_u", "i32.load16_s offset=3"].map((load) => `(${load} ${far})`),
    divide: [
      ...["div_s", "div_u", "rem_s", "rem_u"].map((op) => `(i32.${op} (local.get $one) (local.get $zero))`),
      ...["div_s", "div_u", "rem_s", "rem_u"].map(
        (op) => `(i32.wrap_i64 (i64.${op} (local.get $far64) (local.get $zero64)))`,
      ),
    ],
    overflow: [
      "(i32.div_s (local.get $least) (local.get $far))",
      "(i32.wrap_i64 (i64.div_s (local.get $least64) (local.get $far64)))",
      "(i32.trunc_f64_s (local.get $huge))",
    ],
    convert: ["(i32.trunc_f32_s (local.get $nan))", "(i32.wrap_i64 (i64.trunc_f32_u (local.get $nan)))"],
  };
  if (dense) return inline;
  return {
    ...inline,
    struct: ["(struct.get $s 0 (local.get $none))", "(i32.wrap_i64 (struct.get $s 1 (local.get $none)))"],
    array: ["(array.get $ints (local.get $noInts) (local.get $zero))", "(array.len (local.get $noInts))"],
    bounds: ["(array.get $ints (local.get $ints) (local.get $far))"],
    scalar: ["(i31.get_u (ref.cast (ref null i31) (ref.null any)))"],
    cast: ["(i31.get_s (ref.cast (ref i31) (local.get $struct)))"],
    null: ["(ref.is_null (ref.as_non_null (local.get $none)))"],
    table: [`(ref.is_null (table.get $t ${far}))`],
    unaligned: [`(i32.atomic.load ${atomic})`],
    call: ["(call $boom)"],
    element: [`(call_indirect $t (type $f) ${far})`],
    callee: ["(call_ref $f (ref.null $f))"],
    exception: ["(call $throws)"],
  };
}

/** Expressions of type i32 whose value depends on when they are computed. */
function readersOf({ address, dense }: Setting): readonly string[] {
  const inline = [
    `(i32.load8_u (${address}.const 8))`,
    "(global.get $state)",
    "(local.get $v)",
    "(local.tee $v (i32.add (local.get $v) (i32.const 1)))",
  ];
  if (dense) return inline;
  return [
    ...inline,
    "(struct.get $s 0 (local.get $struct))",
    "(struct.get_u $s 6 (local.get $struct))",
    "(array.get $ints (local.get $ints) (local.get $zero))",
    `(ref.is_null (table.get $t (${address}.const 0)))`,
    "(call $next)",
  ];
}

/** Plain values; some of them make instructions trap themselves. */
const benign: Readonly<Record<Exclude<Operand, "addr">, readonly string[]>> = {
  i32: ["(local.get $one)", "(local.get $zero)", "(local.get $far)", "(i32.const 1)"],
  count: ["(local.get $one)", "(i32.const 2)"],
  i64: ["(local.get $zero64)", "(local.get $far64)", "(i64.const 5)", "(i64.const 0)"],
  f32: ["(local.get $half)", "(f32.const 2.5)"],
  f64: ["(local.get $two)", "(f64.const -0.5)"],
  v128: ["(local.get $vector)", "(v128.const f32x4 1 2 3 4)"],
  func: ["(local.get $func)", "(ref.null func)"],
  extern: ["(local.get $extern)", "(ref.null extern)"],
  any: ["(local.get $struct)", "(ref.null eq)", "(ref.i31 (local.get $one))"],
  struct: ["(local.get $struct)", "(local.get $none)"],
  callee: ["(local.get $callee)", "(ref.null $many)"],
  tail: ["(local.get $toTail)", "(ref.null $tail)"],
  ints: ["(local.get $ints)", "(local.get $noInts)"],
  bytes: ["(local.get $bytes)", "(ref.null $bytes)"],
  longs: ["(local.get $longs)", "(ref.null $longs)"],
  doubles: ["(local.get $doubles)", "(ref.null $doubles)"],
  vectors: ["(local.get $vectors)", "(ref.null $vectors)"],
  funcs: ["(local.get $funcs)", "(ref.null $funcs)"],
};

/** Addresses of the module for an i32. */
function addressed(address: "i32" | "i64", x: string): string {
  const low = `(i32.and ${x} (i32.const 7))`;
  return address === "i32" ? low : `(i64.extend_i32_u ${low})`;
}

/** Expressions of a type with an i32 in them, which may stand in many places of what an engine makes of them. */
function carriers(type: Operand, x: string, { address, dense }: Setting): readonly string[] {
  const at = addressed(address, x);
  switch (type) {
    case "addr":
      return carriers(address, x, { address, shared: false, dense });
    case "count":
      return [`(i32.and ${x} (i32.const 3))`];
    case "i32":
      return [
        x,
        `(i32.eqz ${x})`,
        `(i32.add (local.get $one) ${x})`,
        `(i32.mul ${x} (i32.const 0))`,
        `(i32.and (i32.const 0) ${x})`,
        `(i32.rotl ${x} (i32.const 0))`,
        `(select ${x} (local.get $one) (local.get $zero))`,
        `(select (local.get $one) ${x} (i32.const 1))`,
        `(select (local.get $one) (local.get $zero) ${x})`,
        `(i32.load8_s ${at})`,
        `(i32.wrap_i64 (i64.shl (i64.extend_i32_u ${x}) (i64.const 32)))`,
        ...(dense
          ? []
          : [
              `(i32x4.extract_lane 1 (i32x4.splat ${x}))`,
              `(i32x4.extract_lane 0 (i32x4.replace_lane 1 (local.get $vector) ${x}))`,
            ]),
      ];
    case "i64":
      return [
        `(i64.extend_i32_u ${x})`,
        `(i64.extend_i32_s ${x})`,
        `(i64.shl (i64.extend_i32_u ${x}) (i64.const 32))`,
        `(i64.shr_u (i64.extend_i32_u ${x}) (i64.const 32))`,
        `(i64.and (i64.extend_i32_u ${x}) (i64.const 0x100000000))`,
        `(i64.and (i64.const 0x100000000) (i64.or (i64.extend_i32_u ${x}) (i64.shl (local.get $far64) (i64.const 32))))`,
        `(i64.or (i64.extend_i32_u ${x}) (local.get $far64))`,
        `(i64.mul (i64.extend_i32_u ${x}) (i64.const 0))`,
        `(i64.sub (local.get $far64) (i64.extend_i32_u ${x}))`,
        `(i64.load ${at})`,
        `(i64.load8_u ${at})`,
        `(i64.load32_s ${at})`,
        `(select (local.get $far64) (i64.extend_i32_u ${x}) (i32.const 1))`,
        `(select (local.get $far64) (local.get $zero64) ${x})`,
        `(i64.reinterpret_f64 (f64.convert_i32_s ${x}))`,
        ...(dense ? [] : [`(i64x2.extract_lane 1 (i64x2.splat (i64.extend_i32_u ${x})))`]),
      ];
    case "f32":
      return [
        `(f32.convert_i32_s ${x})`,
        `(f32.reinterpret_i32 ${x})`,
        `(f32.load ${at})`,
        `(f32.neg (f32.convert_i32_u ${x}))`,
        `(f32.demote_f64 (f64.convert_i32_s ${x}))`,
        `(select (local.get $half) (f32.convert_i32_s ${x}) (i32.const 1))`,
      ];
    case "f64":
      return [
        `(f64.convert_i32_s ${x})`,
        `(f64.load ${at})`,
        `(f64.reinterpret_i64 (i64.extend_i32_u ${x}))`,
        `(f64.copysign (local.get $two) (f64.convert_i32_u ${x}))`,
        `(select (local.get $two) (local.get $two) ${x})`,
      ];
    case "v128":
      return [
        `(i32x4.splat ${x})`,
        `(i8x16.splat ${x})`,
        `(i64x2.splat (i64.extend_i32_u ${x}))`,
        `(f32x4.splat (f32.convert_i32_s ${x}))`,
        `(f64x2.splat (f64.convert_i32_s ${x}))`,
        `(i32x4.replace_lane 3 (local.get $vector) ${x})`,
        `(f64x2.replace_lane 1 (local.get $vector) (f64.convert_i32_s ${x}))`,
        `(v128.load ${at})`,
        `(v128.load32_zero ${at})`,
        `(v128.load8_lane 1 ${at} (local.get $vector))`,
        `(v128.load64_lane 1 ${at} (f64x2.splat (local.get $two)))`,
        `(i8x16.shuffle 0 1 2 3 0 1 2 3 8 9 10 11 12 13 14 15 (local.get $vector) (i32x4.splat ${x}))`,
        `(v128.and (i32x4.splat ${x}) (v128.const i64x2 0 -1))`,
        `(select (local.get $vector) (i32x4.splat ${x}) (i32.const 1))`,
      ];
    case "any":
      return [
        `(ref.i31 ${x})`,
        `(select (result eqref) (local.get $struct) (ref.i31 ${x}) (i32.const 1))`,
        `(struct.new $s ${x} (i64.const 1) (f32.const 1) (f64.const 1) (local.get $vector) (ref.null extern) (i32.const 1))`,
      ];
    case "ints":
      return [`(array.new $ints ${x} (i32.const 2))`, `(array.new_fixed $ints 2 (i32.const 5) ${x})`];
    case "struct":
      return [
        `(select (result (ref null $s)) (local.get $struct) (local.get $none) ${x})`,
        `(struct.new $s ${x} (i64.const 1) (f32.const 1) (f64.const 1) (local.get $vector) (ref.null extern) (i32.const 1))`,
      ];
    default: {
      const [one, other] = benign[type] as [string, string];
      const result = localTypes(address)[type];
      return [
        `(select (result ${result}) ${one} ${other} ${x})`,
        `(select (result ${result}) ${one} ${one} (i32.eqz ${x}))`,
      ];
    }
  }
}

/** Loads from where there is nothing. */
const loads: Partial<Readonly<Record<Operand, readonly string[]>>> = {
  i64: ["i64.load", "i64.load8_u", "i64.load16_s", "i64.load32_u"],
  f32: ["f32.load"],
  f64: ["f64.load"],
  v128: ["v128.load", "v128.load8x8_s", "v128.load16_splat", "v128.load64_splat", "v128.load32_zero"],
};

/** The types of variables for operands. */
export function localTypes(address: string): Readonly<Record<Operand, string>> {
  const arrays = ["ints", "bytes", "longs", "doubles", "vectors", "funcs"].map((name) => [name, `(ref null $${name})`]);
  return {
    ...{ i32: "i32", i64: "i64", f32: "f32", f64: "f64", v128: "v128", addr: address, count: "i32" },
    ...{ func: "funcref", extern: "externref", any: "eqref", struct: "(ref null $s)" },
    ...{ callee: "(ref null $many)", tail: "(ref null $tail)" },
    ...(Object.fromEntries(arrays) as Record<"ints" | "bytes" | "longs" | "doubles" | "vectors" | "funcs", string>),
  };
}

/** What an operand may be: one that ends the function, one that shows when it is computed, or a plain value. */
export type FillingKind = "trap" | "moment" | "value";

/** An operand; `place` is what it may leave in the trace. */
export function fillingOf(kind: FillingKind, type: Operand, place: number, setting: Setting, random: Random): Filling {
  const carry = (x: string): string => random.pick(carriers(type, x, setting));
  if (kind === "value") {
    const name = type === "addr" ? setting.address : type;
    return { text: random.pick(benign[name]), cause: null, mark: null };
  }
  if (kind === "moment" && (setting.dense || random.once(2)))
    return { text: carry(random.pick(readersOf(setting))), cause: null, mark: null };
  if (kind === "moment") return { text: carry(`(call $mark (i32.const ${place}))`), cause: null, mark: place };
  const causes = causesOf(setting);
  const cause = random.once(2) ? "memory" : random.pick(Object.keys(causes));
  const own = loads[type === "addr" ? setting.address : type];
  if (cause === "memory" && own !== undefined && random.once(2)) {
    const far = setting.address === "i32" ? "$far" : "$far64";
    return { text: `(${random.pick(own)} (local.get ${far}))`, cause, mark: null };
  }
  return { text: carry(random.pick(causes[cause]!)), cause, mark: null };
}

/** Instructions that make an i32 of a value on the stack, some of which do not read all of it. */
export function consumersOf(type: Operand, dense: boolean): readonly string[] {
  switch (type) {
    case "i32":
    case "count":
      return [
        ...["", "drop i32.const 1", "i32.const 0 i32.and", "i32.eqz", "local.set $v local.get $v"],
        ...["global.set $state global.get $state", "if (result i32) i32.const 1 else i32.const 2 end"],
        ...(dense ? [] : ["call $same"]),
      ];
    case "i64":
      return [
        ...["i32.wrap_i64", "drop i32.const 1", "i64.eqz", "i64.const 32 i64.shr_u i32.wrap_i64"],
        ...["i64.const 0x100000000 i64.and i64.eqz", "local.set $long local.get $long i32.wrap_i64"],
        ...(dense ? [] : ["i64x2.splat i32x4.extract_lane 1"]),
      ];
    case "f32":
      return ["drop i32.const 1", "f32.const 1 f32.lt", "i32.trunc_sat_f32_s", "f64.promote_f32 f64.const 1 f64.gt"];
    case "f64":
      return ["drop i32.const 1", "f64.const 1 f64.lt", "i32.trunc_sat_f64_u", "f32.demote_f64 i32.trunc_sat_f32_s"];
    case "v128":
      return [
        ...["drop i32.const 1", "i8x16.extract_lane_u 15", "i32x4.extract_lane 0", "v128.any_true", "i8x16.all_true"],
        ...["i64x2.extract_lane 1 i32.wrap_i64", "f32x4.extract_lane 2 i32.trunc_sat_f32_s", "i16x8.bitmask"],
        "local.set $vector local.get $vector i32x4.extract_lane 3",
      ];
    default:
      return ["ref.is_null", "drop i32.const 1"];
  }
}
