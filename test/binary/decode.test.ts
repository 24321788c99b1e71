// Holds the decoder to bytes written by hand, and its errors to the specification's words and exact offsets.
import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { defType, typeName } from "#dist/syntax/types.js";
import { u32 } from "../support/encoding.ts";
import { header, moduleOf, section } from "./bytes.ts";

const text = (value: string): number[] => [value.length, ...Buffer.from(value)];

test("the empty module is a module, in any view of bytes", () => {
  assert.equal(decode(Uint8Array.from(header)).functions.length, 0);
  assert.equal(decode(Buffer.from(header)).bytes.constructor, Uint8Array);
  const inside = new Uint8Array([1, 2, 3, ...header, 4]).subarray(3, 11);
  assert.equal(decode(inside).bytes.length, 8);
});

test("imports stand before definitions in every index space", () => {
  const module = decode(
    moduleOf(
      section(1, 2, 0x60, 0, 0, 0x60, 1, 0x7f, 0),
      section(
        2,
        5,
        ...text("m"),
        ...text("f"),
        0,
        1,
        ...text("m"),
        ...text("t"),
        1,
        0x70,
        0,
        1,
        ...text("m"),
        ...text("e"),
        2,
        1,
        1,
        2,
        ...text("m"),
        ...text("g"),
        3,
        0x7e,
        1,
        ...text("m"),
        ...text("x"),
        4,
        0,
        1,
      ),
      section(3, 1, 0),
      section(4, 1, 0x6f, 1, 3, 4),
      section(6, 1, 0x7f, 0, 0x41, 0x7f, 0x0b),
      section(10, 1, 2, 0, 0x0b),
    ),
  );
  assert.deepEqual([...module.functions], [1, 0]);
  assert.deepEqual(
    module.imports.map(({ module: from, name, extern }) => [from, name, extern.kind]),
    [
      ["m", "f", 0],
      ["m", "t", 1],
      ["m", "e", 2],
      ["m", "g", 3],
      ["m", "x", 4],
    ],
  );
  assert.deepEqual(module.tables[1]!.type.limits, { min: 3, max: 4 });
  assert.deepEqual(module.memories, [{ limits: { min: 1, max: 2 }, index64: false, shared: false, pageSizeLog2: 16 }]);
  assert.equal(module.globals[0]!.type.mutable, true);
  assert.deepEqual(module.globals[1]!.init, [{ op: 0x41, value: -1, offset: module.globals[1]!.position + 2 }]);
  assert.deepEqual(defType(module.tags[0]!).params, [1]);
  assert.deepEqual([module.bodyStart[0], module.bodyEnd[0]], [module.bytes.length - 2, module.bytes.length]);
});

test("recursive types are interned, with subtypes and packed fields", () => {
  // (rec (type $a (sub (struct (field (mut i8) (ref null $b))))) (type $b (sub final $a (struct (field (mut i8) (ref $b))))))
  const rec = [0x4e, 2, 0x50, 0, 0x5f, 2, 0x78, 1, 0x63, 1, 0, 0x4f, 1, 0, 0x5f, 2, 0x78, 1, 0x64, 1, 0];
  const { types } = decode(moduleOf(section(1, 3, ...rec, 0x5e, 0x63, 1, 0, ...[0x5e, 0x63, 1, 0])));
  assert.equal(types.length, 4);
  assert.deepEqual(types[1]!.display, [types[0]!.id, types[1]!.id]);
  assert.equal(typeName(types[0]!.fields[0]!.storage), "i8");
  assert.equal(types[0]!.fields[1]!.storage >> 2, types[1]!.id);
  assert.equal(types[2], types[3]);
  assert.equal(types[2]!.fields[0]!.storage >> 2, types[1]!.id);
});

test("element segments come in eight kinds", () => {
  const at = [0x41, 0, 0x0b];
  const f = [0xd2, 0, 0x0b];
  const kinds = [
    [0, ...at, 1, 0],
    [1, 0, 1, 0],
    [2, 0, ...at, 0, 1, 0],
    [3, 0, 1, 0],
    [4, ...at, 1, ...f],
    [5, 0x70, 1, ...f],
    [6, 0, ...at, 0x70, 1, ...f],
    [7, 0x70, 1, ...f],
  ];
  const module = decode(
    moduleOf(
      section(1, 1, 0x60, 0, 0),
      section(3, 1, 0),
      section(4, 1, 0x70, 0, 1),
      section(9, 8, ...kinds.flat()),
      section(10, 1, 2, 0, 0x0b),
    ),
  );
  assert.deepEqual(
    module.elements.map(({ mode }) => mode),
    [0, 1, 0, 2, 0, 1, 0, 2],
  );
  assert.deepEqual(
    module.elements.map(({ functions, expressions }) => functions?.[0] ?? expressions?.[0]?.[0]?.value),
    Array(8).fill(0),
  );
  assert.equal(typeName(module.elements[0]!.type), "(ref func)");
  assert.equal(typeName(module.elements[4]!.type), "funcref");
  assert.equal(module.declared[0], 1);
});

test("data segments tell a plain offset, and the same as an expression", () => {
  const module = decode(
    moduleOf(
      section(5, 1, 0, 1),
      section(12, 3),
      section(11, 3, 0, 0x41, 5, 0x0b, 2, 7, 8, 1, 1, 9, 2, 0, 0x41, 1, 0x41, 2, 0x6a, 0x0b, 0),
    ),
  );
  const [plain, passive, sum] = [0, 1, 2].map((index) => module.dataSegments.at(index));
  assert.equal(plain!.plainOffset, 5);
  assert.deepEqual(plain!.offset, [{ op: 0x41, value: 5, offset: plain!.position + 1 }]);
  assert.deepEqual([...module.bytes.subarray(plain!.start, plain!.end)], [7, 8]);
  assert.deepEqual([passive!.mode, passive!.offset, passive!.plainOffset], [1, undefined, undefined]);
  assert.equal(sum!.plainOffset, undefined);
  assert.deepEqual(
    sum!.offset?.map(({ op }) => op),
    [0x41, 0x41, 0x6a],
  );
});

test("data segments are found whatever the length of their numbers", () => {
  const offsets: readonly [bytes: number[], value: number][] = [
    [[0x3f], 63],
    [[0x40], -64],
    [[0xff, 0x00], 127],
    [[0x80, 0x80, 0x80, 0x3f], 0x7e0_0000],
    [[0x80, 0x80, 0x80, 0x40], -0x800_0000],
    [[0x80, 0x80, 0x80, 0x80, 0x78], -0x8000_0000],
    [[0x85, 0x80, 0x80, 0x80, 0x00], 5],
  ];
  const segments = offsets.map(([bytes]) => [0, 0x41, ...bytes, 0x0b, 0x81, 0x80, 0x00, 9]);
  const { dataSegments, bytes } = decode(
    moduleOf(section(5, 1, 0, 1), section(11, segments.length, ...segments.flat())),
  );
  assert.equal(dataSegments.length, offsets.length);
  offsets.forEach(([, offset], i) => {
    const segment = dataSegments.at(i);
    assert.equal(segment.plainOffset, offset);
    assert.equal(segment.end - segment.start, 1);
    assert.deepEqual([bytes[segment.position], bytes[segment.start - 4], bytes[segment.start]], [0, 0x0b, 9]);
  });
  for (const cut of [1, 2, 5, 8, 9]) {
    const whole = [0, 0x41, 0x80, 0x80, 0x00, 0x0b, 0x81, 0x80, 0x00, 9];
    const bytes = moduleOf(section(5, 1, 0, 1), section(11, 1, ...whole.slice(0, cut)), section(0, 4, 0, 0, 0, 0));
    assert.throws(() => decode(bytes), { name: "MalformedError" }, `${cut}`);
  }
});

test("constants keep their bits", () => {
  const module = decode(
    moduleOf(
      section(
        6,
        3,
        ...[0x7e, 0, 0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 0x0b],
        ...[0x7d, 0, 0x43, 0x01, 0x00, 0xa0, 0xff, 0x0b],
        ...[0x7c, 0, 0x44, 0x01, 0, 0, 0, 0, 0, 0xf4, 0xff, 0x0b],
      ),
    ),
  );
  assert.deepEqual(
    module.globals.map(({ init }) => init[0]!.value),
    [-(2n ** 63n), 0xffa00001, 0xfff4000000000001n],
  );
});

test("64-bit limits are read, and those that no host has are clamped", () => {
  const { memories } = decode(
    moduleOf(section(5, 1, 5, 1, ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])),
  );
  assert.deepEqual(memories[0]!.limits, { min: 1, max: Number.MAX_SAFE_INTEGER });
  assert.equal(memories[0]!.index64, true);
});

test("a module has at most 1,000,000 recursion groups, those without types included", () => {
  const groups = (count: number): Uint8Array => {
    const contents = new Uint8Array(3 + 2 * count);
    contents.set(u32(count));
    for (let i = 3; i < contents.length; i += 2) contents[i] = 0x4e;
    return Buffer.concat([Uint8Array.of(...header, 1, ...u32(contents.length)), contents]);
  };
  assert.equal(decode(groups(1_000_000)).types.length, 0);
  assert.throws(() => decode(groups(1_000_001)), /^InvalidError: too many types: more than 1000000/);
});

test("custom sections are recorded and not read", () => {
  const { customSections, bytes } = decode(moduleOf(section(0, ...text("a"), 1, 2), section(0, ...text("b"))));
  assert.deepEqual(
    customSections.map(({ name, start, end }) => [name, ...bytes.subarray(start, end)]),
    [["a", 1, 2], ["b"]],
  );
});

const malformed: readonly [what: string, bytes: Uint8Array, message: string, offset: number][] = [
  ["nothing", Uint8Array.of(), "unexpected end", 0],
  ["half a header", Uint8Array.from(header.slice(0, 6)), "unexpected end", 6],
  ["another magic", Uint8Array.from([1, ...header.slice(1)]), "magic header not detected: found 01 61 73 6d", 0],
  [
    "another version",
    Uint8Array.from([...header.slice(0, 4), 2, 0, 0, 0]),
    "unknown binary version: found 02 00 00 00",
    4,
  ],
  ["an unknown section", moduleOf(section(14)), "malformed section id", 8],
  ["a section twice", moduleOf(section(1, 0), section(1, 0)), "unexpected content after last section", 11],
  ["sections out of order", moduleOf(section(3, 0), section(1, 0)), "unexpected content after last section", 11],
  ["a section beyond the end", moduleOf([1, 5, 0]), "length out of bounds", 9],
  ["a section too short", moduleOf(section(1, 0, 0)), "section size mismatch", 11],
  ["a size of six bytes", moduleOf([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0]), "integer representation too long", 9],
  ["a size with unused bits", moduleOf([1, 0x80, 0x80, 0x80, 0x80, 0x10]), "integer too large", 9],
  ["a list cut by its section", moduleOf(section(1, 2, 0x60)), "unexpected end of section or function", 12],
  ["no type", moduleOf(section(1, 1, 0x40)), "malformed definition type", 11],
  ["no value type", moduleOf(section(1, 1, 0x60, 1, 0x40, 0)), "malformed value type", 13],
  ["no heap type", moduleOf(section(1, 1, 0x60, 1, 0x63, 0x40, 0)), "malformed heap type", 14],
  ["no reference type", moduleOf(section(4, 1, 0x7f, 0, 0)), "malformed reference type", 11],
  ["mutability of 2", moduleOf(section(1, 1, 0x5e, 0x7f, 2)), "malformed mutability", 13],
  ["an import's kind", moduleOf(section(2, 1, 0, 0, 5, 0)), "malformed import kind", 13],
  ["an export's kind", moduleOf(section(7, 1, 0, 5, 0)), "malformed export kind", 12],
  ["a name in Latin 1", moduleOf(section(0, 1, 0xe9)), "malformed UTF-8 encoding", 11],
  ["limits' flags", moduleOf(section(5, 1, 16, 0)), "malformed limits flags", 11],
  ["a byte in a table", moduleOf(section(4, 1, 0x40, 1, 0x70, 0, 0, 0x0b)), "zero byte expected", 12],
  ["an expression without end", moduleOf(section(6, 1, 0x7f, 0, 0x41, 0)), "unexpected end of section or function", 15],
  ["an opcode in an expression", moduleOf(section(6, 1, 0x7f, 0, 0xf3, 0x0b)), "illegal opcode f3", 13],
  ["an element kind", moduleOf(section(9, 1, 1, 1, 0)), "malformed element kind", 12],
  ["a segment's kind", moduleOf(section(11, 1, 3)), "malformed data segment kind", 11],
  [
    "functions without bodies",
    moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0)),
    "function and code section have inconsistent lengths",
    18,
  ],
  [
    "bodies without functions",
    moduleOf(section(10, 1, 2, 0, 0x0b)),
    "function and code section have inconsistent lengths",
    10,
  ],
  ["a wrong data count", moduleOf(section(12, 1)), "data count and data section have inconsistent lengths", 11],
];

for (const [what, bytes, message, offset] of malformed) {
  test(`refuses ${what}`, () => {
    assert.throws(() => decode(bytes), {
      name: "MalformedError",
      message: `${message} at offset 0x${offset.toString(16)}`,
      offset,
    });
  });
}

const invalid: readonly [what: string, bytes: Uint8Array, message: RegExp, offset: number][] = [
  ["a type that comes later", moduleOf(section(1, 1, 0x60, 1, 0x64, 1, 0)), /^unknown type 1 /, 14],
  [
    "a supertype that comes later",
    moduleOf(section(1, 1, 0x4e, 2, 0x50, 1, 1, 0x5f, 0, 0x50, 0, 0x5f, 0)),
    /^unknown type 1 /,
    15,
  ],
  [
    "two supertypes",
    moduleOf(section(1, 2, 0x50, 0, 0x5f, 0, 0x50, 2, 0, 0, 0x5f, 0)),
    /^sub type with more than one/,
    15,
  ],
  ["a function of no type", moduleOf(section(3, 1, 0)), /^unknown type 0 /, 11],
  [
    "a minimum above the maximum",
    moduleOf(section(5, 1, 1, 2, 1)),
    /^size minimum must not be greater than maximum /,
    12,
  ],
  [
    "an instruction that is not constant",
    moduleOf(section(6, 1, 0x7f, 0, 0x01, 0x0b)),
    /^constant expression required: nop/,
    13,
  ],
];

for (const [what, bytes, message, offset] of invalid) {
  test(`finds invalid ${what}`, () => {
    assert.throws(() => decode(bytes), { name: "InvalidError", message, offset });
  });
}

test("subtypes are as deep as the limit, and no deeper", () => {
  const chain = (count: number): Uint8Array => {
    const types = [0x50, 0, 0x5f, 0, ...Array.from({ length: count - 1 }, (_, i) => [0x50, 1, i, 0x5f, 0]).flat()];
    const size = types.length + 1;
    return moduleOf([1, (size & 0x7f) | 0x80, size >> 7, count, ...types]);
  };
  assert.equal(decode(chain(64)).types[63]!.display.length, 64);
  assert.throws(() => decode(chain(65)), { name: "InvalidError", message: /^sub type deeper than 63/ });
});
