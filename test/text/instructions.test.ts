// Takes each instruction of the table, holds its text to its opcode and immediates (specification: 6.5 Instructions).
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { Reader } from "#dist/binary/reader.js";
import { instructions } from "#dist/syntax/instructions.js";

/** Identifiers that the immediates below name; all have the index 1. */
const before = `(type (func)) (type $t (struct (field i32) (field $f i32)))
  (func) (func $g) (table 0 funcref) (table $tab 0 funcref) (memory 0) (memory $m 0) (tag) (tag $e)
  (global i32 (i32.const 0)) (global $v i32 (i32.const 0)) (elem func) (elem $s func) (data "") (data $d "")`;

/** Immediates as text and as bytes, by the first instruction of the table that has them. */
const immediates: Readonly<Record<string, readonly [text: string, ...bytes: number[]][]>> = {
  unreachable: [[""]],
  block: [
    ["end", 0x40],
    ["(result i64) end", 0x7e],
    ["(type 0) end", 0],
    ["(param i32) (result i32) end", 3],
  ],
  throw: [
    ["$e", 1],
    ["0", 0],
  ],
  rethrow: [["0", 0]],
  br: [["0", 0]],
  br_table: [["0 0 0", 2, 0, 0, 0]],
  call: [["$g", 1]],
  call_indirect: [
    ["(type 0)", 0, 0],
    ["$tab (type $t)", 1, 1],
    ["1 (param f32)", 3, 1],
  ],
  call_ref: [["$t", 1]],
  try_table: [
    ["end", 0x40, 0],
    ["(catch $e 0) (catch_all_ref 0) end", 0x40, 2, 0, 1, 0, 3, 0],
  ],
  "local.get": [
    ["$y", 1],
    ["0", 0],
  ],
  "global.get": [["$v", 1]],
  "table.get": [
    ["", 0],
    ["$tab", 1],
  ],
  "i32.load": [
    ["", 2, 0],
    ["offset=0x10", 2, 0x10],
    ["$m offset=1 align=1", 0x40, 1, 1],
  ],
  "i64.load": [
    ["", 3, 0],
    ["align=4", 2, 0],
  ],
  "i32.load8_s": [
    ["", 0, 0],
    ["1", 0x40, 1, 0],
  ],
  "i32.load16_s": [["offset=200", 1, 0xc8, 1]],
  "memory.size": [
    ["", 0],
    ["$m", 1],
  ],
  "i32.const": [
    ["-1", 0x7f],
    ["0x80", 0x80, 1],
  ],
  "i64.const": [["-0x8000_0000_0000_0000", 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]],
  "f32.const": [["1", 0, 0, 0x80, 0x3f]],
  "f64.const": [["-0", 0, 0, 0, 0, 0, 0, 0, 0x80]],
  "ref.null": [
    ["$t", 1],
    ["extern", 0x6f],
  ],
  "struct.get": [
    ["$t $f", 1, 1],
    ["1 0", 1, 0],
  ],
  "array.new_fixed": [["$t 3", 1, 3]],
  "array.new_data": [["$t $d", 1, 1]],
  "array.new_elem": [["$t $s", 1, 1]],
  "array.copy": [["$t 0", 1, 0]],
  br_on_cast: [
    ["0 anyref (ref $t)", 1, 0, 0x6e, 1],
    ["0 (ref any) structref", 2, 0, 0x6e, 0x6b],
  ],
  "memory.init": [
    ["$d", 1, 0],
    ["$m 0", 0, 1],
  ],
  "data.drop": [["$d", 1]],
  "memory.copy": [
    ["", 0, 0],
    ["$m 0", 1, 0],
  ],
  "table.init": [
    ["$s", 1, 0],
    ["$tab 0", 0, 1],
  ],
  "elem.drop": [["$s", 1]],
  "table.copy": [
    ["", 0, 0],
    ["0 $tab", 0, 1],
  ],
  "v128.load": [["", 4, 0]],
  "v128.const": [["i64x2 1 -1", 1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]],
  "i8x16.shuffle": [["0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 31]],
  "i8x16.extract_lane_s": [["15", 15]],
  "i16x8.extract_lane_s": [["7", 7]],
  "i32x4.extract_lane": [["3", 3]],
  "i64x2.extract_lane": [["1", 1]],
  "v128.load8_lane": [
    ["5", 0, 0, 5],
    ["1 5", 0x40, 1, 0, 5],
    ["$m offset=3 5", 0x40, 1, 3, 5],
  ],
  "v128.load16_lane": [["align=1 5", 0, 0, 5]],
  "v128.load32_lane": [["0 3", 2, 0, 3]],
  "v128.load64_lane": [["1", 3, 0, 1]],
  "atomic.fence": [["", 0]],
};

/** Instructions whose text is not the mnemonic followed by the immediates of their kind. */
const special: Readonly<Record<string, readonly [text: string, ...bytes: number[]][]>> = {
  if: [
    ["if end", 0x40],
    ["if $l else $l end $l", 0x40],
  ],
  try: [
    ["try end", 0x40],
    ["try catch $e end", 0x40, 0x07, 1],
  ],
  select: [["select"]],
  select_t: [["select (result i32)", 1, 0x7f]],
  "ref.test": [["ref.test (ref $t)", 1]],
  "ref.test_null": [
    ["ref.test (ref null $t)", 1],
    ["ref.test i31ref", 0x6c],
  ],
  "ref.cast": [["ref.cast (ref any)", 0x6e]],
  "ref.cast_null": [["ref.cast structref", 0x6b]],
  // Parts of blocks; their opcodes come after those of the blocks.
  else: [],
  end: [],
  catch: [],
  catch_all: [],
  delegate: [],
};

type Row = readonly [code: number, immediates: number, ...rest: unknown[]];
const rows = Object.entries(instructions);

function textsOf(name: string, [, kind]: Row): readonly (readonly [text: string, ...bytes: number[]])[] {
  if (name in special) return special[name]!;
  const model = rows.find(([other, row]) => row[1] === kind && other in immediates)?.[0];
  assert.ok(model !== undefined, `no immediates for ${name}`);
  return immediates[model]!.map(([text, ...bytes]) => [`${name} ${text}`, ...bytes]);
}

for (const [name, row] of rows) {
  test(name, () => {
    for (const [text, ...bytes] of textsOf(name, row)) {
      const module = decode(parse(`(module ${before} (func (param $x i32) (param $y i32) ${text}))`));
      const reader = new Reader(module.bytes, module.bodyStart.at(-1)! + 1, module.bodyEnd.at(-1)!);
      assert.equal(reader.opcode(), row[0], text);
      const got = [...module.bytes.subarray(reader.pos, reader.pos + bytes.length)];
      assert.deepEqual(got, bytes, text);
    }
  });
}

test("folded instructions come after their operands", () => {
  const folded = `(i32.add (i32.mul (local.get 0) (i32.const 2)) (if (result i32) (local.get 1) (then (i32.const 3))
    (else (block (result i32) (i32.const 4)))))`;
  const plain = `local.get 0 i32.const 2 i32.mul local.get 1 if (result i32) i32.const 3
    else block (result i32) i32.const 4 end end i32.add`;
  const module = (body: string): Uint8Array => parse(`(func (param i32 i32) (result i32) ${body})`);
  assert.deepEqual(module(folded), module(plain));
});

test("folded parts of try", () => {
  const module = (body: string): Uint8Array => parse(`(tag $e) (func ${body})`);
  assert.deepEqual(
    module("(try $l (do (nop)) (catch $e (br $l)) (catch_all (rethrow $l)))"),
    module("try $l nop catch $e br $l catch_all rethrow $l end"),
  );
  assert.deepEqual(module("(block $l (try (do (nop)) (delegate $l)))"), module("block $l try nop delegate $l end"));
});
