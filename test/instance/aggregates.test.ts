// Holds structures and arrays to their layout, and ranges of arrays to their bounds.
import assert from "node:assert/strict";
import test from "node:test";
import { Trap } from "zerowasm";
import { copyArray, fillArray, newArray, newFromData } from "#dist/instance/array.js";
import { defaultStruct, getEntry, newStruct, StructInstance, setEntry, structLayout } from "#dist/instance/struct.js";
import { defType, internGroup, refType } from "#dist/syntax/types.js";

const [I32, I64, F32, F64, V128, I8, I16] = [1, 2, 3, 4, 5, 6, 7];
const ANY = refType(2, true);

function define(kind: number, storages: readonly number[]) {
  const fields = storages.map((storage) => ({ storage, mutable: true }));
  return defType(internGroup([{ kind, final: true, supertype: undefined, params: [], results: [], fields }])[0]!);
}
const structOf = (...storages: number[]) => define(1, storages);
const arrayOf = (storage: number) => define(2, [storage]);

test("fields follow one another by their size, and those of type f64 are one list", () => {
  const { at, element, defaults } = structLayout(structOf(I8, I64, F64, ANY, V128, F32, F64, I32, F64));
  assert.deepEqual(at, [0, 1, 3, 4, 5, 9, 3, 10, 3]);
  assert.deepEqual(element, [0, 0, 1, 0, 0, 0, 2, 0, 3]);
  assert.deepEqual(defaults, [0, 0, 0, [0.5, 0, 0, 0], null, 0, 0, 0, 0, 0, 0]);
});

test("each entry of a structure is its own, however many there are", () => {
  for (const count of [1, 3, 4, 5, 8, 9, 20]) {
    const struct = newStruct(
      structOf(...Array(count).fill(I32)),
      Array.from({ length: count }, (_, i) => i),
    );
    assert(struct instanceof StructInstance);
    const read = () => Array.from({ length: count }, (_, i) => getEntry(struct, i));
    assert.deepEqual(read(), [...Array(count).keys()]);
    for (let i = 0; i < count; i++) setEntry(struct, i, 100 + i);
    assert.deepEqual(
      read(),
      [...Array(count).keys()].map((i) => 100 + i),
    );
  }
});

test("structures of default values share nothing", () => {
  const type = structOf(...Array(12).fill(I32), F64, F64);
  const [a, b] = [defaultStruct(type), defaultStruct(type)];
  for (let i = 0; i < 12; i++) setEntry(a, i, 1);
  (getEntry(a, 12) as number[])[2] = 1;
  assert.deepEqual(
    [...Array(13).keys()].map((i) => getEntry(b, i)),
    [...Array(12).fill(0), [0.5, 0, 0]],
  );
});

test("an array's numbers are as wide as its type", () => {
  for (const [storage, elements, bytes] of [
    [I8, 3, 3],
    [I16, 3, 6],
    [I32, 3, 12],
    [F32, 3, 12],
    [I64, 6, 24],
    [F64, 3, 24],
    [V128, 12, 48],
  ] as const) {
    const { data, length } = newArray(arrayOf(storage!), 3, null);
    assert.deepEqual([data.length, (data as Int8Array).byteLength, length], [elements, bytes, 3]);
  }
  assert.deepEqual(newArray(arrayOf(ANY), 2, null).data, [null, null]);
});

test("what no host can allocate is a trap", () => {
  for (const storage of [I8, I16, I32, I64, F64, V128, ANY]) {
    assert.throws(() => newArray(arrayOf(storage!), 2 ** 32 - 1, null), new Trap("requested new array is too large"));
  }
});

test("a fill repeats all words of a value", () => {
  const array = newArray(arrayOf(I64), 4, null);
  fillArray(array, 1, [7, 8], 2);
  assert.deepEqual([...(array.data as Int32Array)], [0, 0, 7, 8, 7, 8, 0, 0]);
});

test("copies may overlap, in both directions", () => {
  for (const storage of [I8, I64, F64, ANY]) {
    const size = storage === I64 ? 2 : 1;
    for (const [at, start] of [
      [0, 2],
      [2, 0],
      [1, 1],
    ] as const) {
      const array = newArray(arrayOf(storage!), 6, null);
      for (let i = 0; i < 6 * size; i++) array.data[i] = i;
      const expected = [...(array.data as number[])];
      expected.splice(at * size, 4 * size, ...expected.slice(start * size, (start + 4) * size));
      copyArray(array, at, array, start, 4);
      assert.deepEqual([...(array.data as number[])], expected);
    }
  }
});

test("a range that ends one beyond is a trap, an empty one at the end is not", () => {
  const [a, b] = [newArray(arrayOf(I32), 4, null), newArray(arrayOf(I32), 2, null)];
  for (const [at, start, count] of [
    [4, 0, 1],
    [3, 0, 2],
    [0, 1, 2],
    [2 ** 32 - 1, 0, 1],
    [0, 2 ** 32 - 1, 2 ** 32 - 1],
  ] as const) {
    assert.throws(() => copyArray(a, at, b, start, count), new Trap("out of bounds array access"));
  }
  copyArray(a, 4, b, 2, 0);
});

test("an array of a segment's bytes is little-endian", () => {
  const bytes = Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 7, 8);
  assert.deepEqual([...(newFromData(arrayOf(I16), bytes, 1, 2).data as Int16Array)], [0x0201, 0x0403]);
  const { data } = newFromData(arrayOf(F64), bytes, 1, 1);
  assert.deepEqual([...new Int32Array((data as Float64Array).buffer)], [0x04030201, 0x08070605]);
  assert.throws(() => newFromData(arrayOf(I64), bytes, 2, 1), new Trap("out of bounds memory access"));
});
