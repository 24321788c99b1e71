// Takes functions of guests to JavaScript and back, holds them to identity, names, conversions and errors.
import assert from "node:assert/strict";
import { exportsOf, testInAll } from "../support/namespaces.ts";

testInAll("a function is one object, wherever it is met", (W) => {
  const text = `(module
    (table (export "table") 2 funcref)
    (global (export "global") funcref (ref.func 0))
    (func (export "f") (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
    (func (export "again") (result funcref) (ref.func 0))
    (export "g" (func 0))
    (elem (i32.const 1) 0))`;
  const { f, g, table, global, again } = exportsOf(W, text);
  for (const same of [g, table.get(1), global.value, again()]) assert.equal(same, f);
  assert.deepEqual([f.name, f.length, again.name, again.length], ["0", 2, "1", 0]);
  assert.throws(() => new f(1, 2), TypeError);
  assert.equal("prototype" in f, false);
  const { h } = exportsOf(W, `(module (import "" "f" (func (param i32 i32) (result i32))) (export "h" (func 0)))`, {
    "": { f },
  });
  assert.equal(h, f);
});

const types = ["i32", "i64", "f32", "f64"];
const of = (type: string, value: number): number | bigint => (type === "i64" ? BigInt(value) : value);

testInAll("numbers cross as they are, in each number and order of parameters", (W) => {
  for (let count = 0; count <= 6; count++) {
    for (const first of types) {
      const params = Array.from({ length: count }, (_, i) => types[(types.indexOf(first) + i) % 4]!);
      for (const [i, type] of params.entries()) {
        const { f } = exportsOf(
          W,
          `(module (func (export "f") (param ${params.join(" ")}) (result ${type}) (local.get ${i})))`,
        );
        const args = params.map((param, k) => of(param, k + 1));
        assert.equal(f(...args), args[i], params.join(" "));
      }
    }
  }
});

testInAll("arguments are converted, and missing ones are undefined", (W) => {
  const text = types.map((t) => `(func (export "${t}") (param ${t}) (result ${t}) (local.get 0))`).join("\n");
  const { i32, i64, f32, f64 } = exportsOf(W, `(module ${text})`);
  const eight = { valueOf: () => 8 };
  assert.deepEqual([i32(), i32("7"), i32(2 ** 32 + 5), i32(eight), i32(-0.5)], [0, 7, 5, 8, 0]);
  assert.deepEqual([f64(), f64("1.5"), f64(null), f64(eight), f64(-0)], [Number.NaN, 1.5, 0, 8, -0]);
  assert.deepEqual([f32(), f32(0.1), f32(1e300)], [Number.NaN, Math.fround(0.1), Number.POSITIVE_INFINITY]);
  assert.deepEqual([i64("9"), i64(2n ** 64n - 1n), i64(true), i64({ valueOf: () => 8n })], [9n, -1n, 1n, 8n]);
  for (const [f, value] of [
    [i64, undefined],
    [i64, 1],
    [i32, 1n],
    [f32, 1n],
    [f64, Symbol("s")],
  ] as const) {
    assert.throws(() => f(value), TypeError);
  }
});

testInAll("functions of JavaScript's can have a type", (W) => {
  const type = { parameters: ["i32", "i64"], results: ["f64"] } as const;
  const f = new W.Function(type, (a: number, b: bigint) => a + Number(b));
  assert.ok(f instanceof W.Function && f instanceof Function);
  assert.equal(Object.prototype.toString.call(f), "[object Function]");
  assert.deepEqual([f("1", 2n), f.length, f.type()], [3, 2, type]);
  const { call, table } = exportsOf(
    W,
    `(module (table (export "table") 1 funcref) (type $t (func (param i32 i64) (result f64)))
      (func (export "call") (result f64) (call_indirect (type $t) (i32.const 3) (i64.const 4) (i32.const 0))))`,
  );
  table.set(0, f);
  assert.equal(table.get(0), f);
  assert.equal(call(), 7);
  assert.deepEqual(call.type(), { parameters: [], results: ["f64"] });
  const wrong: [object, unknown][] = [
    [{ parameters: [] }, f],
    [{ parameters: [], results: ["i16"] }, f],
    [type, {}],
  ];
  for (const [members, value] of wrong)
    assert.throws(() => new W.Function(members as never, value as never), TypeError);
});

testInAll("a type's parameters are converted before its results are read", (W) => {
  const log: string[] = [];
  const words = (member: string): object => ({
    get [Symbol.iterator]() {
      log.push(member);
      return () => ["i32"][Symbol.iterator]();
    },
  });
  const type = {
    get results() {
      log.push("read");
      return words("results");
    },
    parameters: words("parameters"),
  };
  new W.Function(type as never, () => 0);
  assert.deepEqual(log, ["parameters", "read", "results"]);
});

testInAll("a function whose constructor has no prototype is one of the class", (W) => {
  const make = (prototype: unknown): object =>
    Reflect.construct(
      W.Function,
      [{ parameters: [], results: [] }, () => {}],
      Object.assign(Function.bind(null), { prototype }),
    );
  for (const prototype of [null, undefined, 1]) assert.ok(make(prototype) instanceof W.Function);
  const prototype = {};
  assert.equal(Object.getPrototypeOf(make(prototype)), prototype);
});

testInAll("several results are an array", (W) => {
  const { f } = exportsOf(
    W,
    `(module (func (export "f") (param i32 i64 externref) (result externref i64 i32 f64)
      (local.get 2) (local.get 1) (local.get 0) (f64.const 0.5)))`,
  );
  const object = {};
  assert.deepEqual(f(1, 2n, object), [object, 2n, 1, 0.5]);
  assert.equal(f(1, 2n, object)[0], object);
});

testInAll("vectors do not cross, however the function is met", (W) => {
  const text = `(module (import "" "f" (func $f (param v128)))
    (func (export "take") (param v128)) (func (export "give") (result v128) (v128.const i64x2 1 2))
    (func (export "call") (call $f (v128.const i64x2 1 2))))`;
  const { take, give, call } = exportsOf(W, text, { "": { f: () => {} } });
  for (const f of [take, give, call]) assert.throws(() => f(), TypeError);
});

testInAll("a trap is a RuntimeError that says where it was", (W) => {
  const { f } = exportsOf(
    W,
    `(module (func $broken (export "f") (result i32) (i32.div_s (i32.const 1) (i32.const 0))))`,
  );
  assert.throws(f, (error: Error) => {
    assert.ok(error instanceof W.RuntimeError && error instanceof Error);
    assert.equal(error.message, "integer divide by zero");
    assert.match(error.stack!, /^RuntimeError: integer divide by zero\n +at broken \(wasm-function\[0\]:0x[0-9a-f]+\)/);
    return true;
  });
});

testInAll(
  "where the host's stacks have no line of the error, as in Firefox, they begin with the guest's frames",
  (W) => {
    const { f } = exportsOf(W, `(module (func $broken (export "f") unreachable))`);
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (_, sites) => sites.map((site) => `    at ${site}`).join("\n");
    try {
      assert.throws(f, (error: Error) => /^ +at broken \(wasm-function.*\)\n +at /.test(error.stack!));
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  },
);

testInAll("a function's name is in one line of a stack, whatever it holds", (W) => {
  const { f } = exportsOf(
    W,
    String.raw`(module (func $"a\n    at host (app.js:1:1)\e2\80\a8\1b[2J" (export "f") unreachable))`,
  );
  assert.throws(f, (error: Error) => {
    const lines = error.stack!.split(/[\n\u2028]/);
    assert.equal(lines[1], "    at a\ufffd    at host (app.js:1:1)\ufffd\ufffd[2J (wasm-function[0]:0x1e)");
    return true;
  });
});

testInAll("the end of the stack is the host's own error", (W) => {
  const { f } = exportsOf(W, `(module (func (export "f") (call 0)))`);
  assert.throws(f, RangeError);
  const g = exportsOf(W, `(module (import "" "g" (func)) (func (export "g") (call 0)))`, { "": { g: () => g["g"]() } });
  assert.throws(() => g["g"](), RangeError);
});

testInAll("conversions that call guests leave what was converted before as it is", (W) => {
  const text = `(module (import "m" "g" (func $g (result i32 i32)))
    (func (export "f") (param i32 i32) (result i32) (i32.add (i32.mul (local.get 0) (i32.const 10)) (local.get 1)))
    (func (export "h") (result i32) (i32.sub (i32.const 1000) (i32.sub (call $g)))))`;
  const value = (make: () => unknown): object => ({ valueOf: make });
  const results = function* (): Generator {
    yield value(() => f(4, 0));
    yield value(() =>
      f(
        0,
        value(() => f(0, 7)),
      ),
    );
  };
  const { f, h } = exportsOf(W, text, { m: { g: () => ({ [Symbol.iterator]: results }) } });
  assert.equal(
    f(
      value(() => f(7, 8)),
      value(() =>
        f(
          1,
          value(() => f(2, 3)),
        ),
      ),
    ),
    10 * 78 + 33,
  );
  assert.equal(h(), 1000 - (40 - 7));
  const endless: object = value(() => f(endless, 1));
  assert.throws(() => f(endless, 1), RangeError);
  assert.equal(f(1, 2), 12);
});

testInAll("what a page adds to all objects is no part of a guest's", (W) => {
  const added = { code: () => 666, type: 0, f0: 7, data: [7], length: 9 };
  const text = `(module (type $t (func (result i32))) (type $s (struct (field (mut i32)))) (table 5 funcref)
    (func (export "call") (param i32) (result i32) (call_indirect (type $t) (local.get 0)))
    (func (export "read") (param externref) (result i32)
      (struct.get $s 0 (ref.cast (ref $s) (any.convert_extern (local.get 0)))))
    (func (export "length") (param externref) (result i32)
      (array.len (ref.cast (ref array) (any.convert_extern (local.get 0))))))`;
  Object.assign(Object.prototype, added);
  Object.assign(Array.prototype, { 3: () => 666 });
  try {
    const { call, read, length } = exportsOf(W, text);
    assert.throws(() => call(3), W.RuntimeError);
    for (const forged of [{}, [], added]) {
      assert.throws(() => read(forged), W.RuntimeError);
      assert.throws(() => length(forged), W.RuntimeError);
    }
  } finally {
    for (const key of Object.keys(added)) delete (Object.prototype as unknown as Record<string, unknown>)[key];
    delete (Array.prototype as unknown[])[3];
  }
});
