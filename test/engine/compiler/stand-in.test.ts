// What compiled code calls is a proxy while another function is to take its place, so that V8 keeps the code in which it once was the only callee.
import assert from "node:assert/strict";
import { test } from "node:test";
import { types } from "node:util";
import { type Module, Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

/** Too long for the module to be one chunk. */
const rest = `(func (param i32) ${"(drop (i32.div_u (local.get 0) (i32.const 3)))".repeat(12_000)})`;

const binary = parse(`(module ${rest}
  (func $rare (export "rare") (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
  (func $hot (export "hot") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (call $rare (local.get 0))) (else (i32.const 7))))
  (func (export "long") (call 0 (i32.const 1))))`);

const LONG = 0;
const RARE = 1;

/** Calls after which a function is hot, as the program begins too. */
const MANY = 5000;

/** An instance, and what its compiled code calls by index, once some of it is compiled. */
function instantiate(eager: boolean): { readonly instance: Module; readonly callables: unknown[][] } {
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
  return { instance: runtime.instantiate(binary), callables };
}

for (const eager of [false, true]) {
  test(`a function that is called for the first time by compiled code${eager ? ", where all are compiled then" : ""}`, () => {
    const { instance, callables } = instantiate(eager);
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

test("a function that is compiled in pieces once it is hot", () => {
  const { instance, callables } = instantiate(true);
  instance.exportedFunction("long")!.call();
  assert.equal(types.isProxy(callables[0]![LONG]), true);
});
