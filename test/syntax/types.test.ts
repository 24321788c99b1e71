// Holds types to the specification's equivalence and subtyping.
import assert from "node:assert/strict";
import test from "node:test";
import {
  defType,
  funcType,
  internGroup,
  matchesHeap,
  matchesVal,
  recHeap,
  refType,
  signatureName,
  typeName,
} from "#dist/syntax/types.js";

const I32 = 1;
const I64 = 2;
const heap = {
  any: 2,
  eq: 3,
  i31: 4,
  struct: 5,
  array: 6,
  none: 7,
  func: 8,
  nofunc: 9,
  extern: 10,
  noextern: 11,
  exn: 12,
  noexn: 13,
};
const struct = (fields: { storage: number; mutable: boolean }[], supertype?: number, final = false) => ({
  kind: 1,
  final,
  supertype,
  params: [],
  results: [],
  fields,
});

test("equal function types are one, others are not", () => {
  assert.equal(funcType([I32], [I64]), funcType([I32], [I64]));
  assert.notEqual(funcType([I32], [I64]), funcType([I32, I64], []));
  assert.notEqual(funcType([I32], []), funcType([], [I32]));
});

test("recursive groups are equal when they are the same up to their members", () => {
  const list = () => [struct([{ storage: refType(recHeap(0), true), mutable: true }])];
  const first = internGroup(list());
  assert.deepEqual(internGroup(list()), first);
  assert.equal(defType(first[0]!).fields[0]!.storage, refType(first[0]!, true));
  const pair = internGroup([...list(), struct([{ storage: refType(recHeap(0), false), mutable: false }])]);
  assert.notEqual(pair[0], first[0]);
  assert.notDeepEqual(internGroup([...list(), ...list()]), pair);
});

test("declared subtypes are below their supertypes, however far", () => {
  const [root] = internGroup([struct([{ storage: 6, mutable: false }])]);
  const [middle] = internGroup([struct([{ storage: 6, mutable: false }], root)]);
  const [leaf] = internGroup([struct([{ storage: 6, mutable: false }], middle, true)]);
  const [other] = internGroup([struct([{ storage: 7, mutable: false }], root)]);
  assert.ok(matchesHeap(leaf!, root!) && matchesHeap(leaf!, middle!) && matchesHeap(middle!, root!));
  assert.ok(!matchesHeap(root!, leaf!) && !matchesHeap(other!, middle!) && !matchesHeap(middle!, other!));
  assert.ok(matchesHeap(leaf!, heap.struct) && matchesHeap(leaf!, heap.eq) && !matchesHeap(leaf!, heap.array));
  assert.ok(matchesHeap(heap.none, leaf!) && !matchesHeap(heap.nofunc, leaf!));
});

test("abstract heap types form four hierarchies", () => {
  const above: Record<string, string[]> = {
    any: ["any"],
    eq: ["eq", "any"],
    i31: ["i31", "eq", "any"],
    struct: ["struct", "eq", "any"],
    array: ["array", "eq", "any"],
    none: ["none", "i31", "struct", "array", "eq", "any"],
    func: ["func"],
    nofunc: ["nofunc", "func"],
    extern: ["extern"],
    noextern: ["noextern", "extern"],
    exn: ["exn"],
    noexn: ["noexn", "exn"],
  };
  for (const [sub, subId] of Object.entries(heap)) {
    for (const [sup, supId] of Object.entries(heap)) {
      assert.equal(matchesHeap(subId, supId), above[sub]!.includes(sup), `${sub} ${sup}`);
    }
  }
});

test("a reference without null is below the one with null", () => {
  assert.ok(matchesVal(refType(heap.func, false), refType(heap.func, true)));
  assert.ok(!matchesVal(refType(heap.func, true), refType(heap.func, false)));
  assert.ok(!matchesVal(I32, I64) && !matchesVal(I32, refType(heap.any, true)));
  assert.ok(matchesVal(0, refType(heap.any, true)) && matchesVal(0, I32));
});

test("types print as in the text format", () => {
  assert.equal(typeName(refType(heap.func, true)), "funcref");
  assert.equal(typeName(refType(heap.none, true)), "nullref");
  assert.equal(typeName(refType(heap.extern, false)), "(ref extern)");
  assert.equal(signatureName(funcType([I32, I64], [])), "(i32 i64) -> ()");
});
