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
