// Takes the opcode table, gives each instruction that has operands as text, with the types of these and of its results.
import { instructions } from "#dist/syntax/instructions.js";

/** An operand's type; `addr` is that of the module's memory and tables, `count` an i32 that asks for so much room. */
export type Operand =
  | ("i32" | "i64" | "f32" | "f64" | "v128" | "addr" | "count")
  | ("func" | "extern" | "any" | "struct" | "callee" | "tail")
  | ("ints" | "bytes" | "longs" | "doubles" | "vectors" | "funcs");

/** An instruction between what it needs around it; after it the results are on the stack. */
export interface Shape {
  readonly name: string;
  readonly instr: string;
  readonly operands: readonly Operand[];
  readonly results: readonly Operand[];
  /** What comes before the operands. */
  readonly open: string;
  readonly close: string;
  /** What the function around it gives. */
  readonly given: string;
}

type Special = readonly [operands: string, instr: string, results?: string, open?: string, close?: string];

const typed = { i32: "ints", i64: "longs", f64: "doubles", v128: "vectors", func: "funcs" } as const;
const all = Object.entries(typed);
const fields = "i32 i64 f32 f64 v128 extern";
const values = "i64 f64 v128";

/** Instructions whose operands the table does not tell, by name; those that only take one are there as something may be below it. */
const specials: Readonly<Record<string, readonly Special[]>> = {
  drop: fields.split(" ").map((type) => [type, "drop"]),
  select: ["i32", "i64", "f32", "f64", "v128"].map((type) => [`${type} ${type} i32`, "select", type]),
  select_t: [["extern extern i32", "select (result externref)", "extern"]],
  "local.set": [["i64", "local.set $long"]],
  "local.tee": [["v128", "local.tee $vector", "v128"]],
  "global.set": [
    ["i32", "global.set $state"],
    ["v128", "global.set $vector"],
  ],
  block: [[values, "block (param i64 f64 v128) (result i64 f64 v128)", values, "", "end"]],
  loop: [[values, "loop (param i64 f64 v128) (result i64 f64 v128)", values, "", "end"]],
  if: [[`${values} i32`, "if (param i64 f64 v128) (result i64 f64 v128) else end", values]],
  try_table: [[values, "try_table (param i64 f64 v128) (result i64 f64 v128)", values, "", "end"]],
  br: [[values, "br $b", values, "block $b (result i64 f64 v128)", "end"]],
  br_if: [[`${values} i32`, "br_if $b", values, "block $b (result i64 f64 v128)", "end"]],
  br_table: [
    [
      `${values} i32`,
      "br_table $c $b",
      values,
      "block $b (result i64 f64 v128) block $c (result i64 f64 v128)",
      "end end",
    ],
  ],
  br_on_null: [["i64 struct", "br_on_null $b drop", "i64", "block $b (result i64)", "end"]],
  br_on_non_null: [
    ["i64 struct", "br_on_non_null $b struct.new_default $s", "i64 struct", "block $b (result i64 (ref $s))", "end"],
  ],
  br_on_cast: [
    [
      "i64 any",
      "br_on_cast $b anyref (ref i31) drop i32.const 1 ref.i31",
      "i64 any",
      "block $b (result i64 (ref i31))",
      "end",
    ],
  ],
  br_on_cast_fail: [
    ["i64 any", "br_on_cast_fail $b anyref (ref i31)", "i64 any", "block $b (result i64 anyref)", "end"],
  ],
  return: [["i32 v128 i64", "return"]],
  call: [[fields, "call $many", "i64 f64"]],
  call_indirect: [[`${fields} addr`, "call_indirect $t (type $many)", "i64 f64"]],
  call_ref: [[`${fields} callee`, "call_ref $many", "i64 f64"]],
  return_call: [[fields, "return_call $tail"]],
  return_call_indirect: [[`${fields} addr`, "return_call_indirect $t (type $tail)"]],
  return_call_ref: [[`${fields} tail`, "return_call_ref $tail"]],
  throw: [
    [values, "throw $e"],
    [values, "throw $e", values, "block $b (result i64 f64 v128) try_table (catch $e $b)", "end unreachable end"],
  ],
  "table.get": [["addr", "table.get $t", "func"]],
  "table.set": [["addr func", "table.set $t"]],
  "table.grow": [["func addr", "table.grow $t", "addr"]],
  "table.fill": [["addr func addr", "table.fill $t"]],
  "table.copy": [["addr addr addr", "table.copy $t $t"]],
  "table.init": [["addr i32 i32", "table.init $t $some"]],
  "memory.copy": [["addr addr addr", "memory.copy"]],
  "memory.init": [["addr i32 i32", "memory.init $bytes"]],
  "ref.is_null": [["extern", "ref.is_null", "i32"]],
  "ref.as_non_null": [["struct", "ref.as_non_null", "struct"]],
  "ref.i31": [["i32", "ref.i31", "any"]],
  "ref.test": [["any", "ref.test (ref i31)", "i32"]],
  "ref.test_null": [["any", "ref.test (ref null $s)", "i32"]],
  "ref.cast": [["any", "ref.cast (ref i31)", "any"]],
  "ref.cast_null": [["any", "ref.cast (ref null $s)", "struct"]],
  "i31.get_s": [["any", "ref.cast (ref null i31) i31.get_s", "i32"]],
  "i31.get_u": [["any", "ref.cast (ref null i31) i31.get_u", "i32"]],
  "any.convert_extern": [["extern", "any.convert_extern", "any"]],
  "extern.convert_any": [["any", "extern.convert_any", "extern"]],
  "struct.new": [[`${fields} i32`, "struct.new $s", "struct"]],
  "struct.get": `${fields}`.split(" ").map((type, i) => ["struct", `struct.get $s ${i}`, type]),
  "struct.get_s": [["struct", "struct.get_s $s 6", "i32"]],
  "struct.get_u": [["struct", "struct.get_u $s 6", "i32"]],
  "struct.set": `${fields} i32`.split(" ").map((type, i) => [`struct ${type}`, `struct.set $s ${i}`]),
  "array.len": [["ints", "array.len", "i32"]],
  "array.new": all.map(([type, array]) => [`${type} count`, `array.new $${array}`, array]),
  "array.new_default": [["count", "array.new_default $ints", "ints"]],
  "array.new_fixed": all.map(([type, array]) => [`${type} ${type} ${type}`, `array.new_fixed $${array} 3`, array]),
  "array.new_data": [["count count", "array.new_data $bytes $bytes", "bytes"]],
  "array.new_elem": [["count count", "array.new_elem $funcs $some", "funcs"]],
  "array.get": all.map(([type, array]) => [`${array} i32`, `array.get $${array}`, type]),
  "array.get_s": [["bytes i32", "array.get_s $bytes", "i32"]],
  "array.get_u": [["bytes i32", "array.get_u $bytes", "i32"]],
  "array.set": [...all, ["i32", "bytes"]].map(([type, array]) => [`${array} i32 ${type}`, `array.set $${array}`]),
  "array.fill": all.map(([type, array]) => [`${array} i32 ${type} i32`, `array.fill $${array}`]),
  "array.copy": all.map(([, array]) => [`${array} i32 ${array} i32 i32`, `array.copy $${array} $${array}`]),
  "array.init_data": [["bytes i32 i32 i32", "array.init_data $bytes $bytes"]],
  "array.init_elem": [["funcs i32 i32 i32", "array.init_elem $funcs $some"]],
  "ref.eq": [["any any", "ref.eq", "i32"]],
};

/** What has no operands, is tested where it is no instruction of its own, or cannot be written for any operand. */
const others: ReadonlySet<string> = new Set(
  (
    "unreachable nop else end try catch rethrow delegate catch_all throw_ref local.get global.get ref.null ref.func " +
    "struct.new_default table.size"
  ).split(" "),
);

/** What is on the stack after a call that does not come back. */
const leaving = /^return|^throw/;

function special(name: string, [operands, instr, results = "", open = "", close = ""]: Special): Shape {
  const given = name === "return" ? "i32 v128 i64" : "i32";
  const list = (text: string): Operand[] => (text === "" ? [] : (text.split(" ") as Operand[]));
  const end = leaving.test(name) && results === "" ? "unreachable" : close;
  return { name, instr, operands: list(operands), results: list(results), open, close: end, given };
}

/** The immediates of an instruction that is written by its signature. */
function immediatesOf(name: string): string {
  if (name === "i8x16.shuffle") return " 3 2 1 0 31 30 29 28 7 6 5 4 16 17 18 19";
  const lane = /_lane(_[su])?$/.test(name) && !/\.(load|store)/.test(name);
  if (lane) return " 1";
  if (/\.(load|store)\d+_lane$/.test(name)) return " 1";
  return "";
}

function plain(name: string, signature: string): Shape {
  const [operands, results] = signature.split("->").map((part) => part.trim()) as [string, string];
  return special(name, [operands, name + immediatesOf(name), results]);
}

/** Every instruction that takes operands. Throws for one of which nothing is known. */
export function shapes(): Shape[] {
  return Object.entries(instructions).flatMap(([name, [, , signature]]) => {
    const list = specials[name];
    if (list !== undefined) return list.map((one) => special(name, one));
    if (others.has(name)) return [];
    if (signature === null) throw new Error(`no operands are known of ${name}`);
    return signature.trim().startsWith("->") ? [] : [plain(name, signature)];
  });
}
