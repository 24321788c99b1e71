// What compiled code calls in place of a function that is not hot yet is a proxy, so that V8 keeps the code in which it once was the only callee.
import assert from "node:assert/strict";
import { test } from "node:test";
import { types } from "node:util";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

/** Too long for the module to be one chunk. */
const rest = `(func (param i32) ${"(drop (i32.div_u (local.get 0) (i32.const 3)))".repeat(12_000)})`;

const binary = parse(`(module ${rest}
  (func $rare (export "rare") (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
  (func $hot (export "hot") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (call $rare (local.get 0))) (else (i32.const 7)))))`);

const RARE = 1;

/** Calls after which a function is hot, as the program begins too. */
const MANY = 5000;

for (const eager of [false, true]) {
  test(`a function that is called for the first time by compiled code${eager ? ", where all are compiled then" : ""}`, () => {
    const callables: unknown[][] = [];
    const runtime = new Runtime({
      engine: "compiler",
      eager,
      cache: {
        digest: String,
        load: () => undefined,
        save() {},
        script(source) {
          const make = new Function("E", source);
          const run = (environment: { readonly F: unknown[] }): unknown => {
            callables.push(environment.F);
            return make(environment);
          };
          return { run: run as (environment: object) => unknown, firstLine: 3, code: () => undefined };
        },
      },
    });
    const instance = runtime.instantiate(binary);
    const [hot, rare] = [instance.exportedFunction("hot")!, instance.exportedFunction("rare")!];
    for (let i = 0; i < MANY; i++) assert.equal(hot.call(0), 7);
    const [callable] = callables;
    assert.equal(types.isProxy(callable![RARE]), !eager);
    assert.equal(hot.call(3), 9);
    for (let i = 0; i < MANY; i++) assert.equal(rare.call(i), i * i);
    assert.equal(types.isProxy(callable![RARE]), false);
    assert.equal(hot.call(4), 16);
  });
}
