// Holds the test of references to a model: what is below a type is what the type's names say.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { newArray } from "#dist/instance/array.js";
import { matchesRef } from "#dist/instance/reference.js";
import { newStruct } from "#dist/instance/struct.js";
import { parseValueType } from "#dist/instance/value-type.js";
import { defType, internGroup, recHeap, refType } from "#dist/syntax/types.js";
import { single } from "../support/guests.ts";

const [STRUCT, ARRAY] = [1, 2] as const;
const empty = { params: [], results: [], final: false };
const [point, point3, cell, bytes] = internGroup([
  { ...empty, kind: STRUCT, supertype: undefined, fields: [] },
  { ...empty, kind: STRUCT, supertype: recHeap(0), fields: [{ storage: 1, mutable: false }] },
  { ...empty, kind: STRUCT, supertype: undefined, fields: [] },
  { ...empty, kind: ARRAY, supertype: undefined, fields: [{ storage: 6, mutable: true }] },
]) as [number, number, number, number];

const f = new Runtime().instantiate(single(["i32"], [], "nop")).exportedFunction("run") as unknown as { type: number };
const of = (id: number) => newStruct(defType(id), [0]);

/** Each value, with all the heap types it is of. */
const values: readonly (readonly [value: unknown, heaps: readonly (string | number)[]])[] = [
  [of(point), ["struct", "eq", "any", "extern", point]],
  [of(point3), ["struct", "eq", "any", "extern", point, point3]],
  [of(cell), ["struct", "eq", "any", "extern", cell]],
  [newArray(defType(bytes), 2, null), ["array", "eq", "any", "extern", bytes]],
  [f, ["func", "any", "extern", f.type]],
  ...[0, -0, -1, 2 ** 30 - 1, -(2 ** 30)].map((value) => [value, ["i31", "eq", "any", "extern"]] as const),
  ...[
    2 ** 30,
    -(2 ** 30) - 1,
    0.5,
    Number.NaN,
    2 ** 32,
    1n,
    "1",
    true,
    undefined,
    {},
    [],
    Symbol.iterator,
    () => 1,
  ].map((value) => [value, ["any", "extern"]] as const),
];

const heaps = ["any", "eq", "i31", "struct", "array", "none", "func", "nofunc", "extern", "noextern", "noexn"];

test("a value is of its types and of no other", () => {
  for (const [value, own] of values) {
    for (const heap of [...heaps, point, point3, cell, bytes, f.type]) {
      for (const nullable of [true, false]) {
        const type =
          typeof heap === "number"
            ? refType(heap, nullable)
            : parseValueType(nullable ? `(ref null ${heap})` : `(ref ${heap})`);
        assert.equal(matchesRef(type, value), own.includes(heap), `${String(value)} is of ${heap}`);
        assert.equal(matchesRef(type, null), nullable);
      }
    }
  }
});
