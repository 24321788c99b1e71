// Constants of 64 bits are stored at once as a double where they are a finite one; the bits are the constant's in each case.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const stored: readonly (readonly [constant: string, bits: bigint, setter: string])[] = [
  ["i64.const 0", 0n, "setFloat64"],
  ["i64.const 1", 1n, "setFloat64"],
  ["i64.const 0x106d0000", 0x106d0000n, "setFloat64"],
  ["i64.const 0xfffffffffffff", 0xfffffffffffffn, "setFloat64"],
  ["i64.const 0x123456789abcdef0", 0x123456789abcdef0n, "setFloat64"],
  ["i64.const 0x7fefffffffffffff", 0x7fefffffffffffffn, "setFloat64"],
  ["i64.const 0x7ff0000000000000", 0x7ff0000000000000n, "setInt32"],
  ["i64.const 0x7ff0000000000001", 0x7ff0000000000001n, "setInt32"],
  ["i64.const 0x8000000000000000", 0x8000000000000000n, "setFloat64"],
  ["i64.const 0x8000000000000001", 0x8000000000000001n, "setFloat64"],
  ["i64.const -1", 0xffffffffffffffffn, "setInt32"],
  ["f64.const -0", 0x8000000000000000n, "setFloat64"],
  ["f64.const 1.5", 0x3ff8000000000000n, "setFloat64"],
  ["f64.const inf", 0x7ff0000000000000n, "setInt32"],
  ["f64.const nan:0x4000000000001", 0x7ff4000000000001n, "setInt32"],
];

for (const [constant, bits, setter] of stored) {
  test(`${constant} is stored by ${setter}`, () => {
    const store = `${constant.slice(0, 3)}.store`;
    const text = `(module (memory (export "m") 1) (func (export "f") (param i32) (${store} (local.get 0) (${constant}))))`;
    assert.ok(sourceOf(text).join().includes(`V0.${setter}(`), sourceOf(text).join("\n"));
    const instance = new Runtime({ engine: "compiler", eager: true }).instantiate(parse(text));
    const memory = instance.exportedMemory("m")!;
    const run = instance.exportedFunction("f")!;
    run.call(65536 - 8);
    assert.equal(memory.readUint64(65536 - 8), bits);
    assert.throws(() => run.call(65536 - 7), /out of bounds/);
    assert.equal(memory.readUint64(65536 - 8), bits);
  });
}
