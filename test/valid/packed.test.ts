// Holds the validator to one verdict on both sides of each limit of its short forms: operands that are packed or not, indices of one byte or more.
import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { packTypes } from "#dist/valid/packed.js";
import { validate } from "#dist/valid/validate.js";
import { moduleOf, section } from "../binary/bytes.ts";

const [block, loop, end, br, brIf, brTable, call, drop, select] = [
  0x02, 0x03, 0x0b, 0x0c, 0x0d, 0x0e, 0x10, 0x1a, 0x1b,
];
const [i32, i64, funcref, none] = [0x7f, 0x7e, 0x70, 0x40];
const [i32Add, i64Add, i32Eqz] = [0x6a, 0x7c, 0x45];
const i32Const = [0x41, 0];
const i64Const = [0x42, 0];

const leb = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]);
const times = (count: number, ...bytes: number[]): number[] => Array.from({ length: count }, () => bytes).flat();

/** A function of no parameters that gives an i32; function 1 takes `params` of i32 and gives an i32. */
function verdict(body: readonly number[], params = 0, locals: readonly number[] = [0]): string {
  const own = [...locals, ...body];
  const other = [0, ...i32Const, end];
  const types = [2, 0x60, 0, 1, i32, 0x60, params, ...times(params, i32), 1, i32];
  const code = [2, ...leb(own.length), ...own, ...leb(other.length), ...other];
  try {
    validate(decode(moduleOf(section(1, ...types), section(3, 2, 0, 1), [10, ...leb(code.length), ...code])));
    return "valid";
  } catch (error) {
    return (error as Error).message.replace(/ (in function|at offset).*/, "");
  }
}

/** The same with a table of functions and a memory; types 2 to 4 are no function's, three parameters without result, and a result that is none of these. */
function verdictOf(...body: number[]): string {
  const types = [5, 0x60, 0, 1, i32, 0x60, 1, i64, 1, i64, 0x5f, 0, 0x60, 3, i32, i32, i32, 0, 0x60, 0, 2, i32, i32];
  const own = [0, ...body, end];
  const code = [1, ...leb(own.length), ...own];
  try {
    const table = section(4, 1, funcref, 0, 1);
    const memory = section(5, 1, 0, 1);
    validate(
      decode(moduleOf(section(1, ...types), section(3, 1, 0), table, memory, [10, ...leb(code.length), ...code])),
    );
    return "valid";
  } catch (error) {
    return (error as Error).message.replace(/ (in function|at offset).*/, "");
  }
}

test("types are packed where they are few, of numbers or vectors", () => {
  assert.equal(packTypes([]), 0);
  assert.equal(packTypes([1, 2, 5]), 0x125);
  assert.equal(packTypes(Array(6).fill(4)), 0x444444);
  assert.equal(packTypes(Array(7).fill(4)), -1);
  assert.equal(packTypes([1, 8]), -1);
});

test("operands are told apart at every height", () => {
  for (let count = 1; count <= 40; count++) {
    const sum = times(count - 1, i32Add);
    assert.equal(verdict([...times(count, ...i32Const), ...sum, end]), "valid", `${count}`);
    const short = [...times(count, ...i32Const), ...sum, i32Add, end];
    assert.equal(verdict(short), "type mismatch: i32.add expects i32, got nothing", `${count}`);
    const odd = [...i64Const, ...times(count, ...i32Const), ...sum, i32Add, end];
    assert.equal(verdict(odd), "type mismatch: i32.add expects i32, got i64", `${count}`);
    const below = [...times(count, ...i64Const), block, none, drop, end, end];
    assert.equal(verdict(below), "type mismatch: drop expects an operand, got nothing", `${count}`);
  }
});

test("calls take any number of arguments", () => {
  for (let count = 0; count <= 12; count++) {
    assert.equal(verdict([...times(count, ...i32Const), call, 1, end], count), "valid", `${count}`);
    const more = [...i64Const, ...times(count, ...i32Const), call, 1, end];
    assert.equal(verdict(more, count), "type mismatch: end leaves 1 operand too many", `${count}`);
    if (count === 0) continue;
    const odd = [...i64Const, ...times(count - 1, ...i32Const), call, 1, end];
    assert.equal(verdict(odd, count), "type mismatch: call expects i32, got i64", `${count}`);
  }
});

test("results, branches and select leave what is below", () => {
  for (let count = 0; count <= 9; count++) {
    const held = times(count, ...i32Const);
    const rest = times(count, i32Add);
    assert.equal(verdict([...held, block, i32, ...i32Const, end, ...rest, end]), "valid", `${count}`);
    assert.equal(
      verdict([...held, block, i32, ...i32Const, ...i32Const, brIf, 0, end, ...rest, end]),
      "valid",
      `${count}`,
    );
    assert.equal(verdict([block, i32, ...held, ...i32Const, br, 0, end, end]), "valid", `${count}`);
    assert.equal(verdict([...held, ...times(3, ...i32Const), select, ...rest, end]), "valid", `${count}`);
    assert.equal(verdict([...held, loop, none, br, 0, end, ...i32Const, ...rest, end]), "valid", `${count}`);
    const left = [block, i32, ...held, ...i32Const, end, end];
    const expected =
      count === 0 ? "valid" : `type mismatch: end leaves ${count} operand${count === 1 ? "" : "s"} too many`;
    assert.equal(verdict(left), expected, `${count}`);
  }
});

test("labels and tables of labels reach through any depth", () => {
  for (const depth of [1, 126, 127, 128, 129, 1023, 1024, 16_383, 16_384, 16_385]) {
    const nest = (...inner: number[]): number[] => [
      ...times(depth, block, none),
      ...inner,
      ...times(depth, end),
      ...i32Const,
      end,
    ];
    const outer = leb(depth - 1);
    assert.equal(verdict(nest(br, ...outer)), "valid", `${depth}`);
    assert.equal(verdict(nest(...i32Const, brIf, ...outer)), "valid", `${depth}`);
    assert.equal(verdict(nest(...i32Const, brTable, 2, 0, ...outer, 0)), "valid", `${depth}`);
    assert.equal(verdict(nest(br, ...leb(depth + 1))), `unknown label ${depth + 1}`);
    assert.equal(verdict(nest(...i32Const, brIf, ...leb(depth + 1))), `unknown label ${depth + 1}`);
    assert.equal(verdict(nest(...i32Const, brTable, 1, ...leb(depth + 1), 0)), `unknown label ${depth + 1}`);
    const arity = "type mismatch: br_table has labels of 0 operands and of 1";
    assert.equal(verdict(nest(...i32Const, brTable, 1, 0, ...leb(depth))), arity);
  }
});

test("locals beyond the first 128 are like the others", () => {
  for (const first of [0, 1, 126, 127, 128, 129, 300]) {
    const locals = [2, ...leb(first), i32, 2, i64];
    const [get, set, tee] = [0x20, 0x21, 0x22].map((op) => [op, ...leb(first)]) as [number[], number[], number[]];
    assert.equal(verdict([...get, ...get, i64Add, drop, ...i32Const, end], 0, locals), "valid", `${first}`);
    assert.equal(verdict([...i64Const, ...tee, ...set, ...i32Const, end], 0, locals), "valid", `${first}`);
    assert.equal(verdict([...get, i32Eqz, end], 0, locals), "type mismatch: i32.eqz expects i32, got i64");
    assert.equal(
      verdict([...i32Const, ...set, ...i32Const, end], 0, locals),
      "type mismatch: local.set expects i64, got i32",
    );
    const unknown = first + 2;
    assert.equal(verdict([0x20, ...leb(unknown), end], 0, locals), `unknown local ${unknown}`);
  }
  const ref = [1, 1, funcref];
  assert.equal(verdict([0x20, 0, 0x22, 0, 0xd1, end], 0, ref), "valid");
  assert.equal(verdict([0x20, 0, i32Eqz, end], 0, ref), "type mismatch: i32.eqz expects i32, got funcref");
});

test("calls by a table ask for a function type and its operands", () => {
  const callIndirect = (type: number, table = 0): number[] => [0x11, ...leb(type), table];
  const three = times(3, ...i32Const);
  assert.equal(verdictOf(...i32Const, ...callIndirect(0)), "valid");
  assert.equal(verdictOf(...i64Const, ...i32Const, ...callIndirect(1), drop, ...i32Const), "valid");
  assert.equal(verdictOf(...i32Const, ...three, ...i32Const, ...callIndirect(3)), "valid");
  assert.equal(verdictOf(...i32Const, ...callIndirect(4), i32Add), "valid");
  assert.equal(verdictOf(...i32Const, ...callIndirect(0, 1)), "unknown table 1");
  assert.equal(
    verdictOf(...i32Const, ...callIndirect(2)),
    "type mismatch: call_indirect expects a function type, got type 2",
  );
  for (const type of [5, 6, 20, 21, 22, 200]) {
    assert.equal(verdictOf(...i32Const, ...i32Const, ...callIndirect(type)), `unknown type ${type}`);
  }
  assert.equal(verdictOf(...i64Const, ...callIndirect(0)), "type mismatch: call_indirect expects i32, got i64");
  assert.equal(verdictOf(...i32Const, ...callIndirect(1)), "type mismatch: call_indirect expects i64, got nothing");
});

test("copies and fills take three operands, and memories that there are", () => {
  const three = times(3, ...i32Const);
  for (const [fill, name] of [
    [[0xfc, 11, 0], "memory.fill"],
    [[0xfc, 10, 0, 0], "memory.copy"],
  ] as [number[], string][]) {
    assert.equal(verdictOf(...i32Const, ...three, ...fill), "valid");
    assert.equal(verdictOf(...three, 0xfc, 0x80 | fill[1], 0, ...fill.slice(2), ...i32Const), "valid");
    assert.equal(verdictOf(...three.slice(2), ...fill), `type mismatch: ${name} expects i32, got nothing`);
    assert.equal(verdictOf(...i64Const, ...three.slice(2), ...fill), `type mismatch: ${name} expects i32, got i64`);
    assert.equal(verdictOf(...three, ...fill.slice(0, -1), 1), "unknown memory 1");
  }
});

test("constants of each length are read at every height", () => {
  const [f32, f64] = [0x7d, 0x7c];
  const longs = [
    [0x42, ...times(8, 0xff), 0],
    [0x42, ...times(9, 0xff), 0],
    [0x42, ...times(9, 0x80), 0x7f],
  ];
  const floats = [
    [0x43, ...times(4, end)],
    [0x44, ...times(8, end)],
  ];
  for (let count = 0; count <= 12; count++) {
    for (const constant of [...longs, ...floats]) {
      const body = [...times(count, ...constant), ...times(count, drop), ...i32Const];
      assert.equal(verdictOf(...body), "valid", `${count} of ${constant}`);
    }
    const below = times(count, ...i64Const);
    assert.equal(verdictOf(...below, 0x42, ...times(9, 0x80), 1), "integer too large", `${count}`);
    assert.equal(verdictOf(...below, 0x42, ...times(10, 0x80), 0), "integer representation too long", `${count}`);
  }
  assert.equal(
    verdictOf(block, f32, ...floats[0], end, drop, block, f64, ...floats[1], end, drop, ...i32Const),
    "valid",
  );
});
