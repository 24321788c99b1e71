// Short functions are compiled with the first that calls them, those that have a chunk are not compiled again, and traps say where they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime, Trap } from "zerowasm";
import { parse } from "zerowasm/text";

/** A body that is too long to come with what calls it, and a module that is too long to be one chunk. */
const long = "(drop (i32.div_u (local.get 0) (i32.const 3)))".repeat(60);
const rest = `(func (param i32) ${long.repeat(200)})`;

const binary = parse(`(module ${rest}
  (func $short (export "short") (param i32) (result i32) (i32.add (call $shorter (local.get 0)) (i32.const 1)))
  (func $shorter (param i32) (result i32) (i32.div_u (i32.const 100) (local.get 0)))
  (func $long (param i32) (result i32) ${long} (call $short (local.get 0)))
  (func $never (param i32) (result i32) (local.get 0))
  (func (export "first") (param i32) (result i32) (call $long (call $short (local.get 0))))
  (func (export "second") (param i32) (result i32) (call $never (call $short (local.get 0)))))`);

/** Runs with the functions of each source that is made. */
function run(
  asynchronous: boolean,
  deadlineMs?: number,
): { made: string[]; call: (name: string, value: number) => unknown } {
  const made: string[] = [];
  const runtime = new Runtime({
    engine: "compiler",
    metering: deadlineMs !== undefined,
    cache: {
      digest: String,
      load: () => undefined,
      save() {},
      script(source, name) {
        made.push([...source.matchAll(/function (w\d+)/g)].map(([, one]) => one).join(" "));
        const make = new Function("E", `${source}\n//# sourceURL=${name}`) as (E: object) => unknown;
        return { run: make, firstLine: 3, code: () => undefined };
      },
    },
  });
  const instance = runtime.instantiate(binary, deadlineMs === undefined ? {} : { deadlineMs });
  const call = (name: string, value: number): unknown => {
    const f = instance.exportedFunction(name)!;
    return asynchronous ? f.callAsync(value) : f.call(value);
  };
  return { made, call };
}

for (const asynchronous of [false, true])
  test(`short functions come with the first that calls them${asynchronous ? ", where they may be suspended" : ""}`, async () => {
    const { made, call } = run(asynchronous);
    assert.equal(await call("first", 5), 5);
    assert.equal(await call("second", 5), 21);
    assert.equal(await call("first", 5), 5);
    if (!asynchronous) assert.deepEqual(made, ["w5 w1 w2", "w3", "w6 w4"]);
  });

test("a trap in such a function tells its place", () => {
  const { call } = run(false);
  assert.throws(
    () => call("second", 0),
    (error: unknown) => error instanceof Trap && error.wasmStack.map((frame) => frame.functionIndex).join() === "2,1,6",
  );
});

test("where a call has to end in time each is compiled by itself", () => {
  const { made, call } = run(false, 1e9);
  assert.equal(call("second", 5), 21);
  assert.deepEqual(made, ["w6", "w1", "w2", "w4"]);
});
