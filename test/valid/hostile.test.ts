// Gives the decoder and the validator what would make careless ones quadratic, or run out of stack.
import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";

function leb(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

// A type index in a heap type is signed: the sign bit of its last byte is clear.
function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x40; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

const repeat = (count: number, ...bytes: number[]): number[] => Array.from({ length: count }, () => bytes).flat();
const section = (id: number, contents: number[]): number[] => [id, ...leb(contents.length)].concat(contents);

/** A module of types, and of functions: a type index and a body each. */
function moduleOf(types: readonly number[][], functions: readonly (readonly [number, number[]])[]): Uint8Array {
  const bodies = functions.map(([, body]) => leb(body.length).concat(body));
  const indices = functions.flatMap(([type]) => leb(type));
  const contents = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, leb(types.length).concat(types.flat())),
    section(3, leb(functions.length).concat(indices)),
    section(10, leb(functions.length).concat(bodies.flat())),
  ];
  return Uint8Array.from(contents.flat());
}

/** A module of one function. */
function ofBody(type: number[], body: number[]): Uint8Array {
  return moduleOf([type], [[0, body]]);
}

/** Fails where a piece of work takes more than is in any way reasonable; quadratic time is a hundred times that. */
function soon(bytes: Uint8Array, limit = 3_000): void {
  const start = performance.now();
  validate(decode(bytes), allFeatures);
  const taken = performance.now() - start;
  assert.ok(taken < limit, `${taken} ms for ${bytes.length} bytes`);
}

const nothing = [0x60, 0, 0];
const end = 0x0b;

test("a million nested blocks", () => {
  soon(ofBody(nothing, [0, ...repeat(1_000_000, 0x02, 0x40), ...repeat(1_000_000, end), end]));
});

test("50,000 structures of 10,000 fields with default values", () => {
  const fields = [0x5f, ...leb(10_000), ...repeat(10_000, 0x7f, 0)];
  soon(moduleOf([nothing, fields], [[0, [0, ...repeat(50_000, 0xfb, 1, 1, 0x1a), end]]]), 1_500);
});

test("a br_table with a million labels", () => {
  const labels = repeat(10_000, ...Array(100).keys());
  const table = [0x41, 0, 0x0e, ...leb(labels.length), ...labels, 0];
  soon(ofBody(nothing, [0, ...repeat(100, 0x02, 0x40), ...table, ...repeat(100, end), end]));
});

test("tables of labels that take a thousand operands each", () => {
  const wide = [0x60, 0, ...leb(1000), ...repeat(1000, 0x7f)];
  const table = [0x10, 1, 0x41, 0, 0x0e, ...leb(5_000), ...repeat(2500, 0, 1), 0];
  const body = [0, 0x02, 1, 0x02, 1, ...repeat(100, ...table), end, end, ...repeat(1000, 0x1a), end];
  soon(
    moduleOf(
      [nothing, wide],
      [
        [0, body],
        [1, [0, 0x00, end]],
      ],
    ),
  );
});

test("a thousand bodies of 50,000 locals", () => {
  soon(moduleOf([nothing], Array(1000).fill([0, [1, ...leb(50_000), 0x7f, end]])));
});

test("a hundred thousand groups of no locals", () => {
  soon(ofBody(nothing, [...leb(100_000), ...repeat(100_000, 0, 0x7f), end]));
});

test("operands without end are refused, not allocated", () => {
  const wide = [0x60, 0, ...leb(1000), ...repeat(1000, 0x7e)];
  const bytes = ofBody(wide, [0, ...repeat(100_000, 0x10, 0), 0x00, end]);
  assert.throws(
    () => soon(bytes),
    /^InvalidError: too many operands of calls and blocks: more than 4000000 in function 0/,
  );
});

test("block types of twenty thousand references", () => {
  const structs = Array.from({ length: 20_000 }, () => [0x5f, 0]);
  const blocks = structs.flatMap((_, i) => [0x02, 0x63, ...signedLeb(i + 1), 0x00, end, 0x1a]);
  soon(moduleOf([nothing, ...structs], [[0, [0, ...blocks, end]]]));
});

test("a group of a hundred thousand types that name one another", () => {
  const member = [0x50, 0, 0x5f, 1, 0x63, 0, 1];
  const group = [0x4e, ...leb(100_000), ...repeat(100_000, ...member)];
  const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].concat(section(1, [1].concat(group)));
  soon(Uint8Array.from(bytes));
});

test("counts that nothing follows are refused at once", () => {
  const many = [0xff, 0xff, 0xff, 0xff, 0x0f];
  for (const id of [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13]) {
    const bytes = Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...section(id, many)]);
    assert.throws(() => soon(bytes), { name: "MalformedError" }, `section ${id}`);
  }
});

test("operands that come and go without end are refused, not moved", () => {
  const wide = [0x60, 0, ...leb(1000), ...repeat(1000, 0x7f)];
  const array = [0x5e, 0x7f, 0];
  const made = [...repeat(10, 0x10, 0), 0xfb, 8, 1, ...leb(10_000), 0x1a];
  const bytes = (count: number): Uint8Array =>
    moduleOf([wide, array], [[0, [0, ...repeat(count, ...made), 0x00, end]]]);
  assert.throws(() => soon(bytes(500)), /^InvalidError: too many operands of calls and blocks/);
  soon(bytes(390));
});
