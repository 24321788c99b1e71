// Holds the conversion of values to words and back to the specification's bits.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { matchesType, readBits, readValue, writeBits, writeValue } from "#dist/instance/value.js";
import { parseFuncType, parseValueType } from "#dist/instance/value-type.js";
import { typeName } from "#dist/syntax/types.js";

const words = new Int32Array(8);
const [i32, i64, f32, f64, v128] = ["i32", "i64", "f32", "f64", "v128"].map(parseValueType) as [
  number,
  number,
  number,
  number,
  number,
];

function there(type: number, value: unknown): unknown {
  assert.equal(writeValue(type, value, words, 1), true);
  return readValue(type, words, 1);
}

test("numbers come back as their type sees them", () => {
  fc.assert(
    fc.property(fc.double(), fc.bigInt(), (x, n) => {
      assert.equal(there(i32, x), x | 0);
      assert.ok(Object.is(there(f64, x), x));
      assert.ok(Object.is(there(f32, x), Math.fround(x)));
      assert.equal(there(i64, n), BigInt.asIntN(64, n));
    }),
  );
});

test("words hold the low half first", () => {
  writeValue(i64, 0x11223344_55667788n, words, 1);
  assert.deepEqual([...words.subarray(1, 3)], [0x55667788, 0x11223344]);
  writeValue(f64, 1, words, 1);
  assert.deepEqual([...words.subarray(1, 3)], [0, 0x3ff00000]);
  writeValue(
    v128,
    Uint8Array.from({ length: 16 }, (_, i) => i),
    words,
    1,
  );
  assert.equal(words[1], 0x03020100);
  assert.equal(words[4], 0x0f0e0d0c);
});

test("bits cross unchanged", () => {
  for (const bits of [0x7fa00001, 0xffc12345, 0x80000000, 0]) {
    writeBits(f32, bits, words, 0);
    assert.equal((readBits(f32, words, 0) as number) >>> 0, bits);
  }
  for (const bits of [0x7ff4000000000001n, 0xfff8123400000000n, 0n]) {
    writeBits(f64, bits, words, 0);
    assert.equal(BigInt.asUintN(64, readBits(f64, words, 0) as bigint), bits);
  }
});

test("what does not fit is refused and writes nothing", () => {
  words.fill(7);
  for (const [type, value] of [
    [i32, 1n],
    [i32, "1"],
    [i32, true],
    [i32, undefined],
    [i32, null],
    [f32, 1n],
    [f64, { valueOf: () => 1 }],
    [i64, 1],
    [v128, new Uint8Array(17)],
    [v128, Array(16).fill(0)],
    [v128, new Uint16Array(16)],
  ] as const) {
    assert.equal(writeValue(type, value, words, 0), false);
    assert.equal(matchesType(type, value), false);
  }
  assert.ok(words.every((word) => word === 7));
});

test("references have their own rules", () => {
  const extern = parseValueType("externref");
  const strict = parseValueType("(ref extern)");
  assert.ok([null, undefined, 0, {}].every((value) => matchesType(extern, value)));
  assert.ok(!matchesType(strict, null) && matchesType(strict, undefined));
  assert.ok(matchesType(parseValueType("nullfuncref"), null) && !matchesType(parseValueType("nullfuncref"), {}));
  assert.ok(matchesType(parseValueType("anyref"), null) && !matchesType(parseValueType("structref"), {}));
});

test("each value type is read as it is printed", () => {
  const heaps = ["any", "eq", "i31", "struct", "array", "none", "func", "nofunc", "extern", "noextern", "exn", "noexn"];
  const texts = [
    "i32",
    "i64",
    "f32",
    "f64",
    "v128",
    ...heaps.flatMap((heap) => [`(ref ${heap})`, `(ref null ${heap})`]),
  ];
  for (const text of texts) {
    const type = parseValueType(text);
    assert.equal(parseValueType(typeName(type)), type, text);
  }
  assert.equal(parseValueType("(ref null func)"), parseValueType("funcref"));
  const id = parseFuncType(["i32"], ["f64"]);
  const printed = typeName((id << 2) | 2);
  assert.equal(parseValueType(printed), (id << 2) | 2);
});

test("anything else is no value type", () => {
  for (const text of [
    "",
    "i8",
    "I32",
    "ref",
    "noneref",
    "nofuncref",
    "(ref)",
    "(ref foo)",
    "(ref null type 999999)",
    "constructor",
    "__proto__",
  ]) {
    assert.throws(() => parseValueType(text), { name: "TypeError", message: `"${text}" is not a value type` });
  }
});
