// Holds the table of instructions to its own rules; the codes themselves are checked by the type checker against the enum.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { allFeatures, wasm3 } from "#dist/syntax/features.js";
import { instructions, opName, prefixedOp } from "#dist/syntax/instructions.js";
import { opcodeTable } from "#dist/syntax/opcodes.js";

const rows = Object.entries(instructions) as [string, readonly [number, number, string | null, string?]][];

test("what programs load is the table", () => assert.deepEqual({ ...instructions }, opcodeTable));

test("each opcode has one name", () => {
  assert.equal(new Set(rows.map(([, [code]]) => code)).size, rows.length);
  for (const [name, [code]] of rows) assert.equal(opName(code), name);
  assert.equal(opName(0xff), undefined);
  assert.equal(opName(-1), undefined);
});

test("the counts are the specification's", () => {
  const count = (low: number, high: number): number => rows.filter(([, [code]]) => code >= low && code <= high).length;
  assert.equal(count(0x00, 0xff), 194 + 5); // five are of the legacy exceptions
  assert.equal(count(0xfb00, 0xfbff), 31);
  assert.equal(count(0xfc00, 0xfcff), 18 + 4); // four are wide arithmetic
  assert.equal(count(0xfd00, 0xfdff), 236);
  assert.equal(count(0xfd100, 0xfdfff), 20);
  assert.equal(count(0xfe00, 0xfeff), 67);
});

test("signatures are made of known types", () => {
  for (const [name, [, , signature]] of rows) {
    if (signature === null) continue;
    assert.match(
      signature,
      /^(?:(?:[if](?:32|64)|v128|addr|eqref|arrayref|i31ref) )*->(?: (?:[if](?:32|64)|v128|addr))*$/,
      name,
    );
  }
});

test("each feature of an instruction is one that can be turned off", () => {
  for (const [name, [, , , since]] of rows) assert.ok(since === undefined || allFeatures.has(since as never), name);
  assert.equal(wasm3.has("threads"), false);
});

test("codes after a prefix have opcodes of their own", () => {
  assert.equal(prefixedOp(0xfc, 0x0a), 0xfc0a);
  assert.equal(prefixedOp(0xfd, 0x113), 0xfd113);
  assert.equal(prefixedOp(0xfc, 0x1100), -1);
});

test("the built validator has the opcodes as numbers", () => {
  for (const file of ["control", "simple", "function"]) {
    const text = readFileSync(new URL(import.meta.resolve(`#dist/valid/${file}.js`)), "utf8");
    assert.doesNotMatch(text.replace(/\/\*.*?\*\//g, ""), /\b(?:Op|Word|Shape|Num)[.[]/);
  }
});
