// Takes identifiers and annotations, holds them to the custom sections they become (specification: A.6 Custom Sections and Annotations).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { decodeNames } from "#dist/binary/names.js";

function customs(wat: string): readonly [name: string, contents: string][] {
  const { bytes, customSections } = decode(parse(wat));
  return customSections.map(({ name, start, end }) => [name, Buffer.from(bytes.subarray(start, end)).toString("hex")]);
}

test("identifiers become names of the module, its functions and their locals", () => {
  const names = decodeNames(
    decode(
      parse('(module $m (import "a" "b" (func $i)) (func) (func $f (param $x i32) (local i32) (local $"y z" i32)))'),
    ),
  );
  assert.equal(names.module, "m");
  assert.deepEqual(
    [...names.functions],
    [
      [0, "i"],
      [2, "f"],
    ],
  );
  assert.deepEqual(
    [...names.locals.get(2)!],
    [
      [0, "x"],
      [2, "y z"],
    ],
  );
});

test("annotations take the place of identifiers", () => {
  const names = decodeNames(decode(parse('(module $m (@name "M 1") (func $f (@name "λ")))')));
  assert.equal(names.module, "M 1");
  assert.deepEqual([...names.functions], [[0, "λ"]]);
});

test("types, fields, labels and all other definitions have names too", () => {
  const wat = `(type $t (struct (field i32) (field $f i32))) (table $b 0 funcref) (memory $m 0) (global $g i32 (i32.const 0))
    (elem $e func) (data $d "") (tag $x) (func block loop $l end end)`;
  const subsections = [
    ["labels", "030601000101016c"],
    ["types", "040401000174"],
    ["tables", "050401000162"],
    ["memories", "06040100016d"],
    ["globals", "070401000167"],
    ["elements", "080401000165"],
    ["data", "090401000164"],
    ["fields", "0a06010001010166"],
    ["tags", "0b0401000178"],
  ];
  assert.deepEqual(customs(wat), [["name", subsections.map(([, bytes]) => bytes).join("")]]);
});

test("a trap tells the names", () => {
  const module = new Runtime().instantiate(
    parse('(module $m (func $inner unreachable) (func $outer (export "run") (call $inner)))'),
  );
  assert.throws(
    () => module.exportedFunction("run")!.call(),
    (error) => {
      assert.ok(error instanceof Trap);
      assert.deepEqual(
        error.wasmStack.map(({ functionName }) => functionName),
        ["inner", "outer"],
      );
      return true;
    },
  );
});

test("custom sections stand where they are placed", () => {
  const bytes = parse(
    `(@custom "last" "3") (func) (@custom "first" (before first) "1") (@custom "mid" (after func) "2")`,
  );
  const ids: (number | string)[] = [];
  for (let at = 8; at < bytes.length; at += 2 + bytes[at + 1]!) {
    ids.push(bytes[at] === 0 ? Buffer.from(bytes.subarray(at + 3, at + 3 + bytes[at + 2]!)).toString() : bytes[at]!);
  }
  assert.deepEqual(ids, ["first", 1, 3, "mid", 10, "last"]);
});

test("branch hints tell the place of the branch in its function", () => {
  const wat =
    '(func (@metadata.code.branch_hint "\\01") (if (i32.const 0) (then)) (block i32.const 0 (@metadata.code.branch_hint "\\00") br_if 0))';
  // Function 0 has two: at byte 3, and at byte 10.
  assert.deepEqual(customs(wat), [["metadata.code.branch_hint", "01" + "0002" + "030101" + "0a0100"]]);
});

test("other annotations are nothing", () => {
  assert.deepEqual(parse('(func (@a (b "c)") ;; d)\n) (nop (@x)))'), parse("(func (nop))"));
});
