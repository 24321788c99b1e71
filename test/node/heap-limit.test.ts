// What guests may keep in sum: structures and arrays that they hold on to end them, and what they let go does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import { Runtime, Trap } from "zerowasm";
import { heapLimit } from "zerowasm/node";
import { parse } from "zerowasm/text";

const MB = 1 << 20;

/** `keep(n)` makes n objects and holds on to all of them; `lose(n)` to the last one. */
function guest(make: string): Uint8Array {
  return parse(`(module
    (rec
      (type $list (struct (field (ref null $list)) (field anyref)))
      (type $pair (struct (field i64) (field i64)))
      (type $bytes (array (mut i8)))
      (type $refs (array (mut anyref))))
    (global $all (mut (ref null $list)) (ref.null $list))
    (func (export "keep") (param i32)
      (loop
        (global.set $all (struct.new $list (global.get $all) ${make}))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "lose") (param i32)
      (loop
        (global.set $all (struct.new $list (ref.null $list) ${make}))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);
}

const objects: Readonly<Record<string, { readonly make: string; readonly bytes: number }>> = {
  structures: { make: "(struct.new $pair (i64.const 1) (i64.const 2))", bytes: 100 },
  "arrays of numbers": { make: "(array.new_default $bytes (i32.const 100000))", bytes: 100_000 },
  "arrays of references": { make: "(array.new_default $refs (i32.const 1000))", bytes: 8000 },
};

const isOverLimit = (error: unknown): boolean =>
  error instanceof Trap && error.code === "aborted" && /bytes of heap are in use/.test(String(error.cause));

for (const engine of ["compiler", "interpreter"] as const) {
  for (const [what, { make, bytes }] of Object.entries(objects)) {
    test(`${what} are held to a limit in sum, garbage is not (${engine})`, async () => {
      // Within a job the host keeps what a weak reference has shown: the last test's modules.
      await setImmediate();
      const signal = heapLimit(100 * MB);
      const module = new Runtime({ engine, metering: true }).instantiate(guest(make), { signal });
      const call = (name: string, ...args: number[]): unknown => module.exportedFunction(name)!.call(...args);
      const count = Math.ceil((150 * MB) / bytes);
      call("lose", count);
      assert.throws(() => call("keep", count), isOverLimit);
      const { used_heap_size, external_memory } = getHeapStatistics();
      assert.ok(used_heap_size + external_memory < 150 * MB, `${used_heap_size + external_memory}`);
    });
  }
}

test("a heap over its limit stays so until what it keeps is let go", () => {
  const signal = heapLimit(100 * MB);
  const kept: Uint8Array[] = [];
  assert.equal(signal.aborted, false);
  for (let i = 0; i < 7000; i++) kept.push(new Uint8Array(1 << 14));
  for (let i = 0; i < 3; i++) assert.equal(signal.aborted, true);
  kept.length = 0;
  assert.equal(signal.aborted, false);
});

test("a limit is a number of bytes", () => {
  for (const bytes of [0, -1, Number.NaN]) assert.throws(() => heapLimit(bytes), RangeError);
  assert.equal(heapLimit(2 ** 50).aborted, false);
});
