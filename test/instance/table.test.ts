// Holds tables and globals to what a host may do with them.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";

const runtime = new Runtime({ engine: "interpreter" });

test("a table gives undefined and false out of range", () => {
  const module = runtime.hostModule("").table("t", { type: "externref", min: 2, max: 4 }, "init").instantiate();
  const table = module.exportedTable("t")!;
  assert.deepEqual(
    [table.get(0), table.get(1), table.get(2), table.get(-1), table.get(0.5)],
    ["init", "init", ...Array(3)],
  );
  assert.equal(table.set(1, undefined), true);
  assert.equal(table.get(1), undefined);
  for (const index of [2, -1, 0.5, Number.NaN]) assert.equal(table.set(index, 1), false);
  assert.equal(table.elementType, "externref");
});

test("a table grows with a value up to its maximum", () => {
  const module = runtime.hostModule("").table("t", { type: "externref", min: 1, max: 4 }).instantiate();
  const table = module.exportedTable("t")!;
  assert.equal(table.grow(2, "new"), 1);
  assert.deepEqual([table.get(0), table.get(1), table.get(2)], [null, "new", "new"]);
  for (const delta of [2, -1, 0.5]) assert.equal(table.grow(delta), -1);
  assert.equal(table.grow(1), 3);
  assert.equal(table.length, 4);
});

test("a table of functions takes functions of guests only", () => {
  const module = runtime
    .hostModule("")
    .table("t", { type: "funcref", min: 1 })
    .function("f", {}, () => 1)
    .instantiate();
  const table = module.exportedTable("t")!;
  assert.throws(() => table.set(0, () => 1), /funcref \(an exported function or null\), got a function/);
  assert.equal(table.set(0, module.exportedFunction("f")), true);
  assert.equal(table.get(0), module.exportedFunction("f"));
});

test("a table cannot be larger than ten million elements", () => {
  assert.throws(() => runtime.hostModule("").table("t", { type: "externref", min: 10_000_001 }).instantiate(), {
    name: "LinkError",
  });
  const table = runtime.hostModule("").table("t", { type: "externref", min: 0 }).instantiate().exportedTable("t")!;
  assert.equal(table.grow(10_000_001), -1);
});

test("a global holds its type, and a constant stays", () => {
  const module = runtime
    .hostModule("")
    .global("a", { type: "i64", mutable: true }, 5n)
    .global("b", { type: "f32" }, 0.1)
    .global("c", { type: "externref", mutable: true })
    .global("d", { type: "v128", mutable: true })
    .instantiate();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => module.exportedGlobal(name)!);
  assert.throws(() => a!.set(5), { name: "TypeError", message: "the global is of type i64 (a bigint), got a number" });
  a!.set(2n ** 63n);
  assert.equal(a!.get(), -(2n ** 63n));
  assert.equal(b!.get(), Math.fround(0.1));
  assert.throws(() => b!.set(1), { name: "TypeError", message: "the global is immutable" });
  assert.equal(c!.get(), null);
  c!.set("x");
  assert.equal(c!.get(), "x");
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 16);
  d!.set(bytes);
  assert.deepEqual(d!.get(), bytes);
  assert.deepEqual([a!.mutable, b!.mutable, d!.valueType], [true, false, "v128"]);
});

test("an instance's own tables are limited together", () => {
  const limited = new Runtime({ engine: "interpreter", tableLimitElements: 10 });
  const guest = (...tables: string[]): Uint8Array =>
    parse(`(module ${tables.map((table) => `(table ${table} funcref)`).join("")}
      (func (export "grow") (param i32) (result i32) (table.grow 1 (ref.null func) (local.get 0))))`);
  const module = limited.instantiate(guest("4", "2 9"));
  const grow = module.exportedFunction("grow")!;
  assert.deepEqual(
    [5, 4, 1, 0].map((delta) => grow.call(delta)),
    [-1, 2, -1, 6],
  );
  assert.throws(() => limited.instantiate(guest("4", "7")), {
    name: "LinkError",
    message: /a table of 7 elements is over the limit of 6/,
  });
  // 100,000 tables of ten million each would end the host.
  const most = Array.from({ length: 1000 }, () => "10000000");
  assert.throws(() => runtime.instantiate(guest(...most)), { name: "LinkError" });
});
