// Takes modules and imports, holds instances to what they export, and imports to what they may be.
import assert from "node:assert/strict";
import { parse } from "zerowasm/text";
import { exportsOf, testInAll } from "../support/namespaces.ts";

const text = `(module
  (func (export "f")) (table (export "t") 3 funcref) (memory (export "m") 1)
  (global (export "g") (mut i32) (i32.const 5)) (tag (export "e") (param i32)))`;

testInAll("exports are a frozen object without a prototype, in the module's order", (W) => {
  const exports = exportsOf(W, text);
  assert.deepEqual(Object.keys(exports), ["f", "t", "m", "g", "e"]);
  assert.equal(Object.getPrototypeOf(exports), null);
  assert.ok(Object.isFrozen(exports));
  const types = [Function, W.Table, W.Memory, W.Global, W.Tag];
  Object.values(exports).forEach((value, i) => {
    assert.ok(value instanceof types[i]!);
  });
});

testInAll("what is imported and exported again is the same object", (W) => {
  const { t, m, g, e, f } = exportsOf(W, text);
  const again = `(module (import "" "f" (func)) (import "" "t" (table 1 funcref)) (import "" "m" (memory 1))
    (import "" "g" (global (mut i32))) (import "" "e" (tag (param i32)))
    (export "f" (func 0)) (export "t" (table 0)) (export "m" (memory 0)) (export "g" (global 0)) (export "e" (tag 0)))`;
  for (const [name, value] of Object.entries(exportsOf(W, again, { "": { t, m, g, e, f } }))) {
    assert.ok(value === { t, m, g, e, f }[name], name);
  }
});

testInAll("modules tell their imports, exports and custom sections", (W) => {
  const binary = parse(`(module (import "a" "b" (func)) (import "c" "d" (global i32)) (memory (export "m") 1))`);
  const custom = [0, 4, 1, 120, 7, 8];
  const module = new W.Module(Uint8Array.from([...binary, ...custom, ...custom]));
  assert.deepEqual(W.Module.imports(module), [
    { module: "a", name: "b", kind: "function" },
    { module: "c", name: "d", kind: "global" },
  ]);
  assert.deepEqual(W.Module.exports(module), [{ name: "m", kind: "memory" }]);
  const sections = W.Module.customSections(module, "x");
  assert.deepEqual(
    sections.map((section) => [...new Uint8Array(section)]),
    [
      [7, 8],
      [7, 8],
    ],
  );
  assert.deepEqual(W.Module.customSections(module, "y"), []);
  assert.throws(() => W.Module.exports({} as never), TypeError);
});

testInAll("each import is read once, in order", (W) => {
  const read: string[] = [];
  const note = (path: string, value: unknown): unknown => {
    read.push(path);
    return value;
  };
  const seen = (path: string, value: unknown): object =>
    new Proxy({}, { get: (_, key) => note(`${path}${String(key)}`, value) });
  const nothing = (): void => {};
  const imports = new Proxy({}, { get: (_, key) => note(String(key), seen(`${String(key)}.`, nothing)) });
  exportsOf(W, `(module (import "a" "x" (func)) (import "b" "y" (func)) (import "a" "x" (func)))`, imports);
  assert.deepEqual(read, ["a", "a.x", "b", "b.y", "a", "a.x"]);
});

testInAll("imports of the wrong kind are a LinkError, missing modules a TypeError", (W) => {
  const wrong: [string, unknown][] = [
    ["(func)", {}],
    ["(memory 1)", { buffer: new ArrayBuffer(65_536) }],
    ["(memory 2)", new W.Memory({ initial: 1 })],
    ["(table 1 funcref)", []],
    ["(tag)", W.JSTag],
    ["(global i32)", "1"],
    ["(global i64)", 1],
    ["(global f64)", 1n],
    ["(global v128)", 1],
    ["(global (mut i32))", 1],
    ["(global funcref)", () => {}],
    ["(global i32)", new W.Global({ value: "i64" })],
  ];
  for (const [type, value] of wrong) {
    assert.throws(() => exportsOf(W, `(module (import "m" "x" ${type}))`, { m: { x: value } }), W.LinkError, type);
  }
  for (const imports of [undefined, {}, { m: null }, { m: 1 }]) {
    assert.throws(() => exportsOf(W, `(module (import "m" "x" (func)))`, imports), TypeError);
  }
});

testInAll("values become constants", (W) => {
  const cases: [string, unknown][] = [
    ["i32", 7],
    ["i64", 8n],
    ["f32", 0.5],
    ["f64", 0.1],
    ["externref", undefined],
    ["externref", "text"],
    ["anyref", 5],
    ["funcref", null],
  ];
  for (const [type, value] of cases) {
    const { g } = exportsOf(W, `(module (import "m" "x" (global ${type})) (export "g" (global 0)))`, {
      m: { x: value },
    });
    assert.equal(g.value, value, type);
    assert.throws(() => (g.value = value), TypeError);
  }
});

testInAll("too large a table is a RangeError, a trap of a segment a RuntimeError, a host's error itself", (W) => {
  assert.throws(() => exportsOf(W, `(module (table 10000001 funcref))`), RangeError);
  assert.throws(() => exportsOf(W, `(module (memory 1) (data (i32.const 65536) "x"))`), W.RuntimeError);
  assert.throws(() => exportsOf(W, `(module (func unreachable) (start 0))`), W.RuntimeError);
  const own = new SyntaxError("own");
  const f = (): never => {
    throw own;
  };
  assert.throws(
    () => exportsOf(W, `(module (import "m" "f" (func)) (start 0))`, { m: { f } }),
    (error) => error === own,
  );
});
