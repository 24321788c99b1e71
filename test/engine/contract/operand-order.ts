// Instructions whose operands trap: the first that does is told, before what the instruction itself would trap of (specification: 4.6 Execution).
import assert from "node:assert/strict";
import test from "node:test";
import { Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

/** Expressions of a type: one with which an instruction traps if it has any, and those that trap. */
type Operand = Readonly<Record<"bad" | keyof typeof traps, string>>;

const traps = {
  memory: "out of bounds memory access",
  division: "integer divide by zero",
  cast: "cast failure",
} as const;

const division = "(i32.div_u (i32.const 1) (global.get $zero))";
const cast = "(i31.get_s (ref.cast (ref i31) (global.get $struct)))";

/** A number: of a load, and of an i32 that traps. */
const number = (type: string, bad: string, of: (i32: string) => string): Operand => ({
  bad: `(${type}.const ${bad})`,
  memory: `(${type}.load (i32.const -1))`,
  division: of(division),
  cast: of(cast),
});

/** A reference that is null, after something trapped or not. */
function reference(type: string): Operand {
  const nothing = `(ref.null ${type})`;
  const after = (i32: string): string => `(block (result (ref null ${type})) (drop ${i32}) ${nothing})`;
  return { bad: nothing, memory: after("(i32.load (i32.const -1))"), division: after(division), cast: after(cast) };
}

const i32 = number("i32", "-1", (source) => source);
const i64 = number("i64", "0", (source) => `(i64.extend_i32_s ${source})`);
const f32 = number("f32", "nan", (source) => `(f32.convert_i32_s ${source})`);
const f64 = number("f64", "nan", (source) => `(f64.convert_i32_s ${source})`);
const v128 = number("v128", "i64x2 0 0", (source) => `(i32x4.splat ${source})`);
const words = reference("$words");
const bytes = reference("$bytes");
const longs = reference("$longs");
const doubles = reference("$doubles");
const vectors = reference("$vectors");
const refs = reference("$refs");
const struct = reference("$struct");
const f = reference("$f");
const anyref = reference("any");
const funcref = reference("func");

/** Instructions, and what they take. */
const instructions: readonly (readonly [string, ...Operand[]])[] = [
  ["i32.store", i32, i32],
  ["i32.store8", i32, i32],
  ["i64.store", i32, i64],
  ["i64.store32", i32, i64],
  ["f32.store", i32, f32],
  ["f64.store", i32, f64],
  ["v128.store", i32, v128],
  ["v128.store8_lane 3", i32, v128],
  ["drop (v128.load32_lane 1", i32, v128],
  ["drop (i32.div_s", i32, i32],
  ["drop (i64.rem_u", i64, i64],
  ["drop (i64.mul", i64, i64],
  ["drop (f64.add", f64, f64],
  ["drop (f32.copysign", f32, f32],
  ["drop (i8x16.replace_lane 2", v128, i32],
  ["drop (v128.bitselect", v128, v128, v128],
  ["drop (select", i64, i64, i32],
  ["memory.copy", i32, i32, i32],
  ["memory.fill", i32, i32, i32],
  ["memory.init $data", i32, i32, i32],
  ["table.copy $table $table", i32, i32, i32],
  ["table.fill $table", i32, funcref, i32],
  ["table.init $table $elements", i32, i32, i32],
  ["table.set $table", i32, funcref],
  ["drop (table.grow $table", funcref, i32],
  ["struct.set $struct 0", struct, i32],
  ["struct.set $struct 1", struct, i64],
  ["struct.set $struct 2", struct, f64],
  ["struct.set $struct 3", struct, anyref],
  ["drop (struct.new $struct", i32, i64, f64, anyref],
  ["array.set $words", words, i32, i32],
  ["array.set $bytes", bytes, i32, i32],
  ["array.set $longs", longs, i32, i64],
  ["array.set $doubles", doubles, i32, f64],
  ["array.set $vectors", vectors, i32, v128],
  ["array.set $refs", refs, i32, anyref],
  ["drop (array.get $doubles", doubles, i32],
  ["drop (array.get_u $bytes", bytes, i32],
  ["array.fill $words", words, i32, i32, i32],
  ["array.fill $longs", longs, i32, i64, i32],
  ["array.fill $doubles", doubles, i32, f64, i32],
  ["array.fill $vectors", vectors, i32, v128, i32],
  ["array.fill $refs", refs, i32, anyref, i32],
  ["array.copy $words $words", words, i32, words, i32, i32],
  ["array.copy $refs $refs", refs, i32, refs, i32, i32],
  ["array.init_data $bytes $data", bytes, i32, i32, i32],
  ["array.init_elem $functions $elements", reference("$functions"), i32, i32, i32],
  ["drop (array.new $words", i32, i32],
  ["drop (array.new $bytes", i32, i32],
  ["drop (array.new $vectors", v128, i32],
  ["drop (array.new $longs", i64, i32],
  ["drop (array.new $doubles", f64, i32],
  ["drop (array.new_fixed $words 3", i32, i32, i32],
  ["drop (array.new_fixed $vectors 2", v128, v128],
  ["drop (array.new_data $bytes $data", i32, i32],
  ["drop (array.new_elem $functions $elements", i32, i32],
  ["call $take", i32, i64, f32, f64, v128, words],
  ["call_ref $f", i32, i64, f],
  ["call_indirect $table (type $f)", i32, i64, i32],
  ["return_call_ref $f", i32, i64, f],
  ["throw $tag", i32, i64, words],
];

const kinds = Object.keys(traps) as (keyof typeof traps)[];

/** Each operand by itself and each two of them: the first traps in one way, the other in another. */
function* cases(operands: readonly Operand[]): Generator<readonly [trap: string, sources: readonly string[]]> {
  for (let first = 0; first < operands.length; first++) {
    for (let second = first; second < operands.length; second++) {
      for (const [i, kind] of kinds.entries()) {
        const other = kinds[(i + 1) % kinds.length]!;
        const sources = operands.map((operand, at) => operand[at === first ? kind : at === second ? other : "bad"]);
        yield [traps[kind], sources];
      }
    }
  }
}

export function operandOrder(newRuntime: NewRuntime): void {
  for (const [instruction, ...operands] of instructions) {
    test(`the first operand that traps is told: ${instruction.replace("drop (", "")}`, () => {
      const all = [...cases(operands)];
      const close = instruction.startsWith("drop (") ? ")" : "";
      const functions = all.map(
        ([, sources], i) => `(func (export "${i}") (${instruction} ${sources.join(" ")})${close})`,
      );
      const module = newRuntime().instantiate(
        parse(`(module
          (type $words (array (mut i32))) (type $bytes (array (mut i8))) (type $longs (array (mut i64)))
          (type $doubles (array (mut f64))) (type $vectors (array (mut v128))) (type $refs (array (mut anyref)))
          (type $functions (array (mut funcref))) (type $f (func (param i32 i64)))
          (type $struct (struct (field (mut i32)) (field (mut i64)) (field (mut f64)) (field (mut anyref))))
          (memory 1) (table $table 1 funcref) (tag $tag (param i32 i64 (ref null $words)))
          (global $zero (mut i32) (i32.const 0))
          (global $struct (mut anyref) (struct.new_default $struct))
          (data $data "abc") (elem $elements funcref (ref.null func))
          (func $take (param i32 i64 f32 f64 v128 (ref null $words)))
          ${functions.join("\n")})`),
      );
      for (const [i, [trap]] of all.entries()) {
        assert.throws(
          () => module.exportedFunction(String(i))!.call(),
          (error) => error instanceof Trap && error.message.startsWith(trap),
          `${trap}: ${functions[i]}`,
        );
      }
    });
  }
}
