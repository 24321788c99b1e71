// 64 bits that are only copied go as one number, on hosts that keep all bits of it: in front of the optimiser and behind it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { copiesBits } from "#dist/engine/compiler/bit-copies.js";
import { sourceOf } from "./source-of.ts";

const copy = (load: string, store: string): string =>
  `(module (memory (export "m") 1) (func (export "f") (param i32 i32) (${store} (local.get 1) (${load} (local.get 0)))))`;

const high = [0, -1, 0x7ff00000, 0x7ff7ffff, 0x7ff80000, 0xfff00000, 0xfff7ffff, 0xfff80000, 0xfffe0000, 0x80000000];

for (const type of ["i64", "f64"]) {
  const text = copy(`${type}.load`, `${type}.store`);

  test(`a copy by ${type} is ${copiesBits ? "one load and one store" : "two of each"}`, () => {
    const accesses = sourceOf(text)
      .join()
      .match(/[gs]et(?:Int32|Float64)/g);
    assert.deepEqual(
      accesses,
      copiesBits ? ["setFloat64", "getFloat64"] : ["getInt32", "getInt32", "setInt32", "setInt32"],
    );
  });

  test(`a copy by ${type} keeps the bits of each NaN`, () => {
    const instance = new Runtime({ engine: "compiler" }).instantiate(parse(text));
    const memory = instance.exportedMemory("m")!;
    const f = instance.exportedFunction("f")!;
    for (let turn = 0; turn < 20_000; turn++) {
      const words = [turn | 1, high[turn % high.length]! >>> 0] as const;
      memory.writeUint32(8, words[0]);
      memory.writeUint32(12, words[1]);
      f.call(8, 24);
      assert.equal(memory.readUint32(24), words[0]);
      assert.equal(memory.readUint32(28), words[1]);
    }
  });

  test(`a copy by ${type} out of bounds traps and writes nothing`, () => {
    const instance = new Runtime({ engine: "compiler" }).instantiate(parse(text));
    const memory = instance.exportedMemory("m")!;
    const f = instance.exportedFunction("f")!;
    memory.writeUint32(0, 7);
    assert.throws(() => f.call(65529, 0), /out of bounds memory access/);
    assert.throws(() => f.call(0, 65529), /out of bounds memory access/);
    assert.equal(memory.readUint32(0), 7);
    assert.equal(memory.readUint32(65532), 0);
  });
}
