// Holds the validator to the specification's words, to the offset of the instruction, and to the facts it tells about bodies.
import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { bodyOffset, moduleOf, section, withBody } from "../binary/bytes.ts";

const check = (bytes: Uint8Array) => validate(decode(bytes), allFeatures);

/** Type 0: i32 i64 → i32. One memory, a table, a mutable and an immutable global of i32. */
function withFunction(locals: readonly number[], ...body: number[]): Uint8Array {
  return moduleOf(
    section(1, 3, 0x60, 2, 0x7f, 0x7e, 1, 0x7f, 0x60, 0, 0, 0x60, 0, 2, 0x7f, 0x7e),
    section(3, 1, 0),
    section(4, 1, 0x70, 0, 1),
    section(5, 1, 0, 1),
    section(6, 2, 0x7f, 1, 0x41, 0, 0x0b, 0x7f, 0, 0x41, 0, 0x0b),
    section(10, 1, locals.length + body.length, ...locals, ...body),
  );
}

const unreachable = 0x00;
const drop = 0x1a;
const end = 0x0b;
const i32Const = (value: number): number[] => [0x41, value];
const i64Const = (value: number): number[] => [0x42, value];
const localGet = (index: number): number[] => [0x20, index];
const i32Load = [0x28, 2, 0];

// The offset counts from the first instruction.
const invalid: readonly [body: number[], offset: number, message: string][] = [
  [[...localGet(0), ...localGet(1), 0x6a, end], 4, "type mismatch: i32.add expects i32, got i64"],
  [[0x6a, end], 0, "type mismatch: i32.add expects i32, got nothing"],
  [[end], 0, "type mismatch: end expects i32, got nothing"],
  [[...i32Const(0), ...i32Const(0), end], 4, "type mismatch: end leaves 1 operand too many"],
  [[drop, end], 0, "type mismatch: drop expects an operand, got nothing"],
  [[...localGet(2), end], 0, "unknown local 2"],
  [[0x20, 0x80, 0x01, end], 0, "unknown local 128"],
  [[0x0c, 1, end], 0, "unknown label 1"],
  [[0x10, 5, end], 0, "unknown function 5"],
  [[0x23, 2, end], 0, "unknown global 2"],
  [[...i32Const(0), 0x24, 1, end], 2, "immutable global 1"],
  [[...i32Const(0), 0x11, 9, 0, end], 2, "unknown type 9"],
  [[...i32Const(0), 0x11, 1, 1, end], 2, "unknown table 1"],
  [[0x02, 9, end, end], 0, "unknown type 9"],
  [[...i32Const(0), 0x28, 3, 0, end], 2, "alignment must not be larger than natural: 2^3 for 4 bytes"],
  [[...i32Const(0), 0x28, 0x42, 1, 0, end], 2, "unknown memory 1"],
  [[...i32Const(0), 0x28, 0, 0x80, 0x80, 0x80, 0x80, 0x10, end], 2, "offset out of range: 4294967296"],
  [
    [...i32Const(0), ...i64Const(0), ...i32Const(0), 0x1b, end],
    6,
    "type mismatch: select expects two operands of one type, got i32 and i64",
  ],
  [
    [0xd0, 0x70, 0xd0, 0x70, ...i32Const(0), 0x1b, end],
    6,
    "type mismatch: select expects numbers or vectors, got funcref",
  ],
  [[...i32Const(0), 0x1c, 2, 0x7f, 0x7f, end], 2, "invalid result arity: select of 2 types"],
  [[0xd2, 0, end], 0, "undeclared function reference 0"],
  [
    [...i32Const(0), 0x04, 0x7f, ...i32Const(0), end, end],
    6,
    "type mismatch: end of an if without else gives other results than its parameters",
  ],
  [[0x02, 0x7f, ...i32Const(0), ...i32Const(0), 0x0e, 1, 0, 2, end, end], 6, "unknown label 2"],
  [
    [0x02, 0x40, ...i32Const(0), 0x0e, 1, 0, 1, end, end],
    4,
    "type mismatch: br_table has labels of 0 operands and of 1",
  ],
  [[...i32Const(0), 0x45, 0xd1, end], 3, "type mismatch: ref.is_null expects a reference, got i32"],
  [[0xfc, 0x0d, 0, end], 0, "unknown elem segment 0"],
  [[0x08, 0, end], 0, "unknown tag 0"],
  [[...localGet(0), 0xfd, 0x15, 16, end], 2, "invalid lane index 16"],
  [[0xfd, 0x0c, ...Array(16).fill(0), 0xfd, 0x15, 16, end], 18, "invalid lane index 16"],
  [[0xfb, 0x00, 0, end], 0, "type mismatch: struct.new expects a structure type, got type 0"],
  [[...i32Const(0), 0xfe, 0x10, 0, 0, end], 2, "atomic alignment must be natural: 2^0 for 4 bytes"],
];

for (const [body, offset, message] of invalid) {
  test(`finds invalid: ${message}`, () => {
    const bytes = withFunction([0], ...body);
    const position = decode(bytes).bodyStart[0]! + 1 + offset;
    assert.throws(() => check(bytes), {
      name: "InvalidError",
      message: `${message} in function 0 at offset 0x${position.toString(16)}`,
      offset: position,
      functionIndex: 0,
    });
  });
}

const malformed: readonly [body: number[], offset: number, message: string][] = [
  [[0xff, end], 0, "illegal opcode ff"],
  [[0x27, end], 0, "illegal opcode 27"],
  [[0xfc, 0x7f, end], 0, "illegal opcode fc 7f"],
  [[0xfd, 0x80, 0x80, 0x01, end], 0, "illegal opcode fd 4000"],
  [[0x05, end], 0, "END opcode expected: else without its block"],
  [[0x07, 0, end], 0, "END opcode expected: catch without its block"],
  [[0x41, 0xff, 0xff, 0xff, 0xff, 0x0f, drop, end], 1, "integer too large"],
  [[0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, drop, end], 1, "integer representation too long"],
  [[0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, drop, end], 1, "integer too large"],
  [[0x20, 0x80, 0x80, 0x80, 0x80, 0x10, drop, end], 1, "integer too large"],
  [[0x02, 0x50, end, end], 1, "malformed block type"],
  [[0x1c, 1, 0x40, end], 2, "malformed value type"],
  [[0xd0, 0x41, drop, end], 1, "malformed heap type"],
  [[0x41, 0, 0xfe, 0x10, 0x80, 0x01, 0, end], 2, "malformed memop flags"],
  [[0xfe, 0x03, 1, end], 2, "zero byte expected"],
  [[0xfc, 0x09, 0, end], 0, "data count section required"],
  [[end, end], 1, "section size mismatch: bytes after the function's end"],
  [[0x01], 1, "unexpected end of section or function"],
  [[0x41], 1, "unexpected end of section or function"],
  [[0x44, 0, 0, 0], 4, "unexpected end of section or function"],
  [[0x02, 0x40, end], 3, "unexpected end of section or function"],
];

for (const [body, offset, message] of malformed) {
  test(`refuses ${message} (${body.slice(0, 3).map((byte) => byte.toString(16))})`, () => {
    const position = bodyOffset + offset;
    assert.throws(() => check(withBody(...body)), {
      name: "MalformedError",
      message: `${message} at offset 0x${position.toString(16)}`,
      offset: position,
    });
  });
}

test("a body that runs into the next one lacks its end", () => {
  const bytes = moduleOf(section(1, 1, 0x60, 0, 0), section(3, 2, 0, 0), section(10, 2, 2, 0, 0x01, 2, 0, end));
  assert.throws(() => check(bytes), { name: "MalformedError" });
});

test("good bodies pass", () => {
  const good = [
    [...localGet(0), end],
    [unreachable, end],
    [unreachable, 0x6a, end],
    [unreachable, 0x1b, end],
    [...localGet(0), ...i32Load, end],
    [...localGet(0), 0x28, 0x42, 0, 0, end],
    [...localGet(0), 0x28, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, end],
    [...localGet(0), 0x20, 0x80, 0x00, 0x6a, end],
    [0x02, 2, ...i32Const(1), ...i64Const(2), end, drop, end],
    [0x02, 0x7f, ...localGet(0), ...localGet(0), 0x0d, 0, end, end],
    [0x02, 0x7f, ...localGet(0), ...localGet(0), 0x0e, 1, 0, 1, end, end],
    [0x02, 0x70, 0xd0, 0x70, end, 0xd1, end],
    [...localGet(0), ...localGet(1), ...i32Const(0), 0x11, 0, 0, end],
    [...localGet(0), ...localGet(1), 0x12, 0, end],
    [...localGet(0), 0x0f, end],
    [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, drop, ...localGet(0), end],
  ];
  for (const body of good) assert.doesNotThrow(() => check(withFunction([0], ...body)), body.join());
});

test("bodies tell their facts", () => {
  const facts = (...body: number[]): number => check(withFunction([0], ...body)).facts[0]!;
  const [loop, call, references, vector, grow] = [1, 2, 8, 16, 32];
  assert.equal(facts(...localGet(0), end), 0);
  assert.equal(facts(...localGet(0), ...localGet(0), ...localGet(0), 0x6a, 0x6a, end), 0);
  assert.equal(facts(0x03, 0x7f, ...localGet(0), end, end), loop);
  assert.equal(facts(...localGet(0), ...localGet(1), 0x10, 0, end), call);
  assert.equal(facts(...localGet(0), ...i32Load, end), 0);
  assert.equal(facts(...localGet(0), 0x40, 0, end), grow);
  assert.equal(facts(0xd0, 0x70, 0xd1, end), references);
  assert.equal(facts(...localGet(0), 0x25, 0, 0xd1, end), references);
  assert.equal(facts(...localGet(0), 0xfd, 0x11, 0xfd, 0x53, end), vector);
  assert.equal(facts(...localGet(0), 0xfd, 0x00, 4, 0, 0xfd, 0x53, end), vector);
  const declared = check(withFunction([2, 1, 0x70, 1, 0x7b], ...localGet(0), end));
  assert.equal(declared.facts[0], references | vector);
});

test("locals are counted, and must be set when they have no default", () => {
  const body = [...localGet(0), end];
  assert.doesNotThrow(() => check(withFunction([1, 0xce, 0x86, 0x03, 0x7f], ...body))); // 49,998 and the two parameters
  const offset = decode(withFunction([0], ...body)).bodyStart[0]!;
  assert.throws(() => check(withFunction([1, 0xcf, 0x86, 0x03, 0x7f], ...body)), {
    name: "InvalidError",
    message: `too many locals: more than 50000 in function 0 at offset 0x${offset.toString(16)}`,
  });
  assert.throws(() => check(withFunction([2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 2, 0x7f], ...body)), {
    name: "MalformedError",
    message: `too many locals at offset 0x${offset.toString(16)}`,
  });
  const nonNull = [1, 1, 0x64, 0x6c]; // (local (ref i31))
  const i31 = [...i32Const(0), 0xfb, 0x1c];
  const get = [...localGet(2), 0xfb, 0x1d];
  assert.doesNotThrow(() => check(withFunction(nonNull, ...i31, 0x21, 2, ...get, end)));
  assert.throws(() => check(withFunction(nonNull, ...get, end)), { message: /^uninitialized local 2 / });
  const inBlock = [0x02, 0x40, ...i31, 0x21, 2, ...get, drop, end];
  assert.throws(() => check(withFunction(nonNull, ...inBlock, ...get, end)), { message: /^uninitialized local 2 / });
  assert.doesNotThrow(() => check(withFunction(nonNull, ...i31, 0x21, 2, ...inBlock, ...get, end)));
});

const declarations: readonly [what: string, bytes: Uint8Array, message: RegExp, offset: number][] = [
  ["an exported function", moduleOf(section(7, 1, 1, 0x61, 0, 3)), /^unknown function 3 /, 11],
  ["an exported memory", moduleOf(section(7, 1, 1, 0x61, 2, 0)), /^unknown memory 0 /, 11],
  [
    "a name twice",
    moduleOf(section(5, 1, 0, 1), section(7, 2, 1, 0x61, 2, 0, 1, 0x61, 2, 0)),
    /^duplicate export name "a" /,
    20,
  ],
  ["a start", moduleOf(section(8, 0)), /^unknown function 0 /, 10],
  [
    "a start with results",
    moduleOf(section(1, 1, 0x60, 0, 1, 0x7f), section(2, 1, 0, 0, 0, 0), section(8, 0)),
    /^start function /,
    24,
  ],
  [
    "a memory of 4 GiB and a page",
    moduleOf(section(5, 1, 0, 0x81, 0x80, 0x04)),
    /^memory size must be at most 65536 pages \(4GiB\)/,
    10,
  ],
  ["a shared memory without maximum", moduleOf(section(5, 1, 2, 1)), /^shared memory must have maximum/, 10],
  ["a page size of 2", moduleOf(section(5, 1, 8, 1, 1)), /^invalid custom page size/, 10],
  [
    "a table without a value",
    moduleOf(section(4, 1, 0x64, 0x70, 0, 1)),
    /^type mismatch: table of \(ref func\) has no/,
    11,
  ],
  [
    "a global of another type",
    moduleOf(section(6, 1, 0x7f, 0, 0x42, 0, 0x0b)),
    /^type mismatch: constant expression gives i64, not i32 /,
    13,
  ],
  [
    "a global without a value",
    moduleOf(section(6, 1, 0x7f, 0, 0x0b)),
    /^type mismatch: constant expression gives 0 values /,
    11,
  ],
  ["a global of a later one", moduleOf(section(6, 1, 0x7f, 0, 0x23, 0, 0x0b)), /^unknown global 0 /, 13],
  [
    "a global of a mutable one",
    moduleOf(section(6, 2, 0x7f, 1, 0x41, 0, 0x0b, 0x7f, 0, 0x23, 0, 0x0b)),
    /^constant expression required/,
    18,
  ],
  ["elements without a table", moduleOf(section(9, 1, 0, 0x41, 0, 0x0b, 0)), /^unknown table 0 /, 11],
  [
    "elements of no function",
    moduleOf(section(4, 1, 0x70, 0, 1), section(9, 1, 0, 0x41, 0, 0x0b, 1, 7)),
    /^unknown function 7 /,
    17,
  ],
  ["data without a memory", moduleOf(section(11, 1, 0, 0x41, 0, 0x0b, 0)), /^unknown memory 0 /, 11],
  [
    "a data offset of another type",
    moduleOf(section(5, 1, 0, 1), section(11, 1, 0, 0x42, 0, 0x0b, 0)),
    /^type mismatch: constant expression gives i64/,
    17,
  ],
  [
    "a tag with results",
    moduleOf(section(1, 1, 0x60, 0, 1, 0x7f), section(13, 1, 0, 0)),
    /^non-empty tag result type/,
    17,
  ],
  [
    "a function of a structure",
    moduleOf(section(1, 1, 0x5f, 0), section(3, 1, 0), section(10, 1, 2, 0, end)),
    /^type mismatch: type 0 of function 0/,
    15,
  ],
  [
    "a subtype of a final type",
    moduleOf(section(1, 2, 0x5f, 0, 0x50, 1, 0, 0x5f, 0)),
    /^sub type 1: its super type is final/,
    13,
  ],
  [
    "a subtype with fewer fields",
    moduleOf(section(1, 2, 0x50, 0, 0x5f, 1, 0x7f, 0, 0x50, 1, 0, 0x5f, 0)),
    /^sub type 1: its super type does not/,
    17,
  ],
];

for (const [what, bytes, message, offset] of declarations) {
  test(`finds invalid ${what}`, () => {
    assert.throws(() => check(bytes), { name: "InvalidError", message, offset, functionIndex: undefined });
  });
}

test("an error leaves the validator as it was", () => {
  const bad = withFunction([1, 3, 0x7b], 0x02, 0x40, 0x02, 0x40, ...i64Const(0), ...i64Const(0), 0x6a, end, end, end);
  const good = withFunction([0], ...localGet(0), end);
  const before = check(good);
  assert.throws(() => check(bad), /i32\.add expects i32, got i64/);
  assert.deepEqual(check(good), before);
});
