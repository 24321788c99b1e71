// What the host's own parser refuses is left to the interpreter, and only that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CompilationCache, Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

const binary = parse(`(module
  (func (export "fine") (param i32) (result i32) (i32.add (call 1 (local.get 0)) (i32.const 1)))
  (func (export "refused") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 4242)))
  (func (export "loop") (param i32) (result i32) (local i32)
    (loop $more
      (local.set 1 (i32.add (local.get 1) (call 1 (i32.const 1))))
      (br_if $more (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1)))`);

/** A cache that keeps nothing and makes no script of a source with a certain number; `made` gets the others. */
function refusing(error: Error, made: string[]): CompilationCache {
  return {
    digest: String,
    load: () => undefined,
    save() {},
    script(source) {
      if (source.includes("4242")) throw error;
      made.push(source);
      const run = new Function("E", source) as (E: object) => unknown;
      return { run, firstLine: 3, code: () => undefined };
    },
  };
}

for (const error of [new RangeError("Maximum call stack size exceeded"), new SyntaxError("too much"), new EvalError()])
  for (const eager of [false, true])
    test(`a host that says ${error.name} of a source${eager ? ", eager" : ""}`, () => {
      const made: string[] = [];
      const runtime = new Runtime({ engine: "compiler", eager, cache: refusing(error, made) });
      const instance = runtime.instantiate(binary);
      const call = (name: string, value: number): unknown => instance.exportedFunction(name)!.call(value);
      for (let i = 0; i < 5000; i++) {
        assert.equal(call("fine", i), i * 4242 + 1);
        assert.equal(call("refused", i), i * 4242);
      }
      assert.equal(call("loop", 50_000), 50_000 * 4242);
      assert.ok(made.some((source) => source.includes("w0")));
      assert.ok(made.some((source) => source.includes("w2")));
    });

test("what would become millions of characters is left to the interpreter", () => {
  const wide = "i32 ".repeat(1000);
  const text = `(module
    (func $same (export "same") (param ${wide}) (result ${wide}) ${Array.from({ length: 1000 }, (_, i) => `local.get ${i} `).join("")})
    (func (export "long") (param i32) (result i32) ${"(i32.const 7)".repeat(1000)} ${"(call $same)".repeat(3000)} ${"drop ".repeat(999)})
    (func (export "fine") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))`;
  const made: string[] = [];
  const runtime = new Runtime({ engine: "compiler", eager: true, cache: refusing(new Error(), made) });
  const instance = runtime.instantiate(parse(text));
  assert.equal(instance.exportedFunction("long")!.call(3), 7);
  assert.equal(instance.exportedFunction("fine")!.call(3), 4);
  assert.ok(made.length > 0 && made.every(({ length }) => length < 200_000));
});

test("a function in which too much lives at calls is left to the interpreter where it may be suspended", async () => {
  const text = `(module
    (import "host" "f" (func $f))
    (func (export "run") (param i32) (result i32)
      ${"(local.get 0)".repeat(3000)} ${"(call $f)".repeat(1000)} ${"(i32.add)".repeat(2999)}))`;
  const made: string[] = [];
  const runtime = new Runtime({ engine: "compiler", eager: true, cache: refusing(new Error(), made) });
  const run = runtime.instantiate(parse(text), { imports: { host: { f: async () => {} } } }).exportedFunction("run")!;
  assert.equal(await run.callAsync(2), 6000);
  assert.equal(made.length, 0);
});
