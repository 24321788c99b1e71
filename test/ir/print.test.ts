// Takes trees, gives text: locals, offsets, slots of two, constants of each type.
import assert from "node:assert/strict";
import test from "node:test";
import type { Instr } from "../support/module-builder.ts";
import { linesOf, surroundings } from "./tree-of.ts";

test("the first line says the locals", () => {
  const shape = { params: ["i32", "v128", "i64"], results: ["i64"], locals: ["f32"] };
  assert.deepEqual(linesOf(surroundings(), shape, [["local.get", 2]]), [
    "function (l0: i32, l1: v128, l2: i64) l3: f32",
    "  l0 = l2",
    "  return",
  ]);
});

test("offsets are those of the instructions", () => {
  const body: Instr[] = [["block"], ["i32.const", 1], ["global.set", 0], "end"];
  const lines = linesOf(surroundings(), {}, body, { offsets: true });
  const offsets = lines.slice(1).map((line) => Number(/ @(0x[0-9a-f]+)$/.exec(line)![1]));
  // block at 0, its constant and global.set after 2 and 4 bytes, the last end after 7.
  assert.deepEqual(
    offsets.map((offset) => offset - offsets[0]!),
    [0, 4, 7],
  );
});

test("constants show their types, and the sign of zero", () => {
  const body: Instr[] = [
    ...([
      ["i32.const", -1],
      ["global.set", 0],
    ] as Instr[]),
    ...([
      ["f64.const", -0],
      ["global.set", 1],
    ] as Instr[]),
    ...([
      ["i32.const", 0],
      ["i64.const", -5],
      ["i64.store", 0],
    ] as Instr[]),
    ...([
      ["i32.const", 0],
      ["f32.const", 0.5],
      ["f32.store", 12],
    ] as Instr[]),
  ];
  assert.deepEqual(linesOf(surroundings(), {}, body).slice(1, -1), [
    "  g0 = -1",
    "  g1 = f64 -0",
    "  i64.store[0] = i64 -5",
    "  f32.store[0 + 12] = f32 0.5",
  ]);
});

test("vectors show their lanes, and constants their words", () => {
  const shape = { params: ["v128", "v128", "i32"], results: ["v128"] };
  const lanes = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23] as const;
  const body: Instr[] = [
    ["local.get", 2],
    ["local.get", 2],
    ["local.get", 0],
    ["v128.load8_lane", 0, 4, 3],
    ["v128.store", 16],
    ["local.get", 2],
    ["local.get", 1],
    ["v128.store16_lane", 1, 0, 7],
    ["local.get", 0],
    ["v128.const", Uint8Array.from({ length: 16 }, (_, i) => i)],
    ["i8x16.shuffle", ...lanes],
    ["local.get", 1],
    ["i16x8.extract_lane_u", 5],
    "i8x16.shl",
    ["local.get", 1],
    ["local.get", 0],
    "v128.bitselect",
  ];
  assert.deepEqual(linesOf(surroundings(), shape, body), [
    "function (l0: v128, l1: v128, l2: i32)",
    "  v128.store[l2 + 16] = v128.load8_lane[l2 + 4] into l0.3",
    "  v128.store16_lane[l2] = l1.7",
    `  l0 = v128.bitselect(i8x16.shl(i8x16.shuffle ${lanes.join(" ")}(l0, v128 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c), i16x8.extract_lane_u.5(l1)), l1, l0)`,
    "  return",
  ]);
});

test("the same vector constant twice in a loop is kept once", () => {
  const ones = Uint8Array.from({ length: 16 }, () => 1);
  const add = (constant: Uint8Array): Instr[] => [["v128.const", constant], "i8x16.add"];
  const body: Instr[] = [["loop"], ["local.get", 0], ...add(ones), ...add(ones.slice()), ["local.set", 0], "end"];
  const [, constants] = linesOf(surroundings(), { params: ["v128"] }, body);
  assert.equal(constants, "  constants of loops: v128 0x01010101 0x01010101 0x01010101 0x01010101");
});
