// What tells a branch: an i64 that is made of a word is zero where the word is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { hasMaglev } from "#dist/engine/compiler/maglev.js";
import { sourceOf } from "./source-of.ts";

const conditions: readonly (readonly [wat: string, source: string])[] = [
  ["(i64.eqz (i64.extend_i32_u (local.get 0)))", "if(!i0){"],
  ["(i64.eqz (i64.extend_i32_s (i32.eqz (local.get 0))))", "if(i0){"],
  ["(i32.eqz (i64.eqz (i64.extend_i32_u (i64.eqz (i64.extend_i32_u (local.get 0))))))", "if(!i0){"],
  ["(i32.wrap_i64 (i64.extend_i32_u (i32.lt_s (local.get 0) (i32.const 3))))", "if(i0<3){"],
  ["(i64.eqz (i64.load32_u (local.get 0)))", "if(!V0.getInt32(i0,true)){"],
  ["(i32.eqz (i64.eqz (i64.load8_u (local.get 0))))", `if(V0.get${hasMaglev() ? "Int8" : "Uint8"}(i0)){`],
];

for (const [wat, source] of conditions) {
  test(`${wat} is printed as ${source}`, () => {
    const printed = sourceOf(`(module (memory 1) (func (param i32) (if ${wat} (then (call 0 (i32.const 1))))))`).join(
      "",
    );
    assert.ok(printed.includes(source), printed);
  });
}

for (const load of ["i64.load8_s", "i64.load8_u", "i64.load16_s", "i64.load16_u", "i64.load32_s", "i64.load32_u"]) {
  test(`${load} is zero where what it reads is, and nowhere else`, () => {
    const text = `(module (memory (export "m") 1) (func (export "f") (param i32) (result i32)
      (if (result i32) (i64.eqz (${load} offset=4 (local.get 0))) (then (i32.const 1)) (else (i32.const 2)))))`;
    const instance = new Runtime({ engine: "compiler" }).instantiate(parse(text));
    const memory = instance.exportedMemory("m")!;
    const f = instance.exportedFunction("f")!;
    const bytes = Number(/\d+/.exec(load.slice("i64.".length))![0]) / 8;
    assert.equal(f.call(0), 1);
    for (let at = 0; at < 4; at++) {
      memory.writeUint8(4 + at, 0x80);
      assert.equal(f.call(0), at < bytes ? 2 : 1);
      memory.writeUint8(4 + at, 0);
    }
    assert.throws(() => f.call(0xffff - 4 - bytes + 2), /out of bounds/);
    assert.equal(f.call(0xffff - 4 - bytes + 1), 1);
  });
}
