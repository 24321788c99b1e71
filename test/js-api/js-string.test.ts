// Takes the string builtins by way of a guest that calls them, holds them to what JavaScript's own strings do.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWebAssembly, type StoreConfig, type WebAssemblyNamespace } from "zerowasm/js-api";
import { parse } from "zerowasm/text";

type Guest = Readonly<Record<string, (...args: unknown[]) => unknown>>;

const S = "(result (ref extern))";
const I = "(result i32)";
const signatures: Readonly<Record<string, string>> = {
  cast: `(param externref) ${S}`,
  test: `(param externref) ${I}`,
  fromCharCodeArray: `(param (ref null $chars) i32 i32) ${S}`,
  intoCharCodeArray: `(param externref (ref null $chars) i32) ${I}`,
  fromCharCode: `(param i32) ${S}`,
  fromCodePoint: `(param i32) ${S}`,
  charCodeAt: `(param externref i32) ${I}`,
  codePointAt: `(param externref i32) ${I}`,
  length: `(param externref) ${I}`,
  concat: `(param externref externref) ${S}`,
  substring: `(param externref i32 i32) ${S}`,
  equals: `(param externref externref) ${I}`,
  compare: `(param externref externref) ${I}`,
};

/** Exports each builtin, as the guest calls it; arrays are made by `make` and read by `get`. */
function guest(WebAssembly: WebAssemblyNamespace): Guest {
  const imports = Object.entries(signatures).map(
    ([name, type]) => `(import "wasm:js-string" "${name}" (func $${name} ${type}))`,
  );
  const calls = Object.entries(signatures).map(([name, type]) => {
    const params = /\(param ((?:\(.*?\)|[^()])*)\)/.exec(type)![1]!.match(/\(.*?\)|\w+/g)!;
    const args = params.map((_, i) => `(local.get ${i})`).join(" ");
    return `(func (export "${name}") ${type} (call $${name} ${args}))`;
  });
  const binary = parse(`(module
    (type $chars (array (mut i16)))
    ${imports.join("\n")}
    ${calls.join("\n")}
    (func (export "make") (param i32) (result (ref $chars)) (array.new_default $chars (local.get 0)))
    (func (export "get") (param (ref $chars) i32) (result i32) (array.get_u $chars (local.get 0) (local.get 1))))`);
  const module = new WebAssembly.Module(binary, { builtins: ["js-string"] });
  return new WebAssembly.Instance(module, {}).exports as Guest;
}

const strings = ["", "a", "ab", "b", "\0", "ä\ud83d\ude00", "\ud83d", "\uffff", "x".repeat(10_000)];
const others = [null, undefined, 0, -0, 1.5, NaN, 7n, true, Symbol("s"), {}, [], () => 1, new String("a")];

for (const engine of ["interpreter", "compiler"] as const) {
  test(`what takes long ends at the deadline, in the ${engine}`, () => {
    let time = 0;
    const config = { engine, eager: engine === "compiler", metering: true, deadlineMs: 20, now: () => time++ };
    const WebAssembly = createWebAssembly(config);
    const g = guest(WebAssembly);
    const array = g["make"]!(200_000);
    const text = "x".repeat(200_000);
    const late = (call: () => unknown): void =>
      assert.throws(
        call,
        (error: Error) => error instanceof WebAssembly.RuntimeError && /deadline/.test(error.message),
      );
    late(() => g["fromCharCodeArray"]!(array, 0, 200_000));
    late(() => g["intoCharCodeArray"]!(text, array, 0));
    assert.equal(g["fromCharCodeArray"]!(array, 0, 20_000), "x".repeat(20_000));
    // Each by itself is short of it.
    const before = time;
    for (const name of ["equals", "compare"]) g[name]!(text, text);
    assert.ok(time >= before + 6, `${time - before} looks at the time`);
  });
}

const configs: readonly StoreConfig[] = [{ engine: "interpreter" }, { engine: "compiler", eager: true }];
for (const config of configs) describe(`in the ${config.engine}`, () => suite(createWebAssembly(config)));

function suite(WebAssembly: WebAssemblyNamespace): void {
  const g = guest(WebAssembly);

  test("what is no string is one for none of them", () => {
    for (const value of others) {
      assert.equal(g["test"]!(value), 0);
      const calls = [
        () => g["cast"]!(value),
        () => g["length"]!(value),
        () => g["charCodeAt"]!(value, 0),
        () => g["codePointAt"]!(value, 0),
        () => g["concat"]!(value, "a"),
        () => g["concat"]!("a", value),
        () => g["substring"]!(value, 0, 0),
        () => g["compare"]!("a", value),
        () => g["intoCharCodeArray"]!(value, g["make"]!(1), 0),
      ];
      for (const call of calls) assert.throws(call, WebAssembly.RuntimeError);
      if (value !== null) assert.throws(() => g["equals"]!(value, "a"), WebAssembly.RuntimeError);
    }
  });

  test("strings come through as they are", () => {
    for (const a of strings) {
      assert.equal(g["test"]!(a), 1);
      assert.equal(g["cast"]!(a), a);
      assert.equal(g["length"]!(a), a.length);
      for (const b of strings) {
        assert.equal(g["concat"]!(a, b), a + b);
        assert.equal(g["equals"]!(a, b), a === b ? 1 : 0);
        assert.equal(g["compare"]!(a, b), a === b ? 0 : a < b ? -1 : 1);
      }
    }
    assert.deepEqual([g["equals"]!(null, null), g["equals"]!(null, "null"), g["equals"]!("", null)], [1, 0, 0]);
  });

  test("a string that would be too long is the host's error, and the guest goes on", () => {
    let text: unknown = "x";
    const grow = (): void => {
      for (let i = 0; i < 40; i++) text = g["concat"]!(text, text);
    };
    assert.throws(grow, RangeError);
    assert.equal(g["concat"]!("a", "b"), "ab");
  });

  test("positions are unsigned, and end with the string", () => {
    const text = "a\ud83d\ude00b";
    for (let i = 0; i < text.length; i++) {
      assert.equal(g["charCodeAt"]!(text, i), text.charCodeAt(i));
      assert.equal(g["codePointAt"]!(text, i), text.codePointAt(i));
    }
    for (const i of [text.length, -1, 2 ** 31]) {
      assert.throws(() => g["charCodeAt"]!(text, i), WebAssembly.RuntimeError);
      assert.throws(() => g["codePointAt"]!(text, i), WebAssembly.RuntimeError);
    }
  });

  test("a substring has its end after its start", () => {
    for (const [start, end, expected] of [
      [0, 3, "abc"],
      [1, 2, "b"],
      [0, -1, "abc"],
      [2, 1, ""],
      [3, 9, ""],
      [-1, -1, ""],
      [-2, 1, ""],
    ] as const) {
      assert.equal(g["substring"]!("abc", start, end), expected, `${start} ${end}`);
    }
  });

  test("character codes are taken modulo 65536, and code points have an end", () => {
    for (const code of [0, 65, 0xd83d, 0xffff, 0x10041, -1])
      assert.equal(g["fromCharCode"]!(code), String.fromCharCode(code));
    for (const point of [0, 65, 0xd83d, 0x1f600, 0x10ffff])
      assert.equal(g["fromCodePoint"]!(point), String.fromCodePoint(point));
    for (const point of [0x110000, -1]) assert.throws(() => g["fromCodePoint"]!(point), WebAssembly.RuntimeError);
  });

  test("arrays of 16-bit integers become strings and take them", () => {
    for (const text of strings) {
      const array = g["make"]!(text.length + 2);
      assert.equal(g["intoCharCodeArray"]!(text, array, 1), text.length);
      assert.equal(g["fromCharCodeArray"]!(array, 1, text.length + 1), text);
      assert.equal(g["fromCharCodeArray"]!(array, 0, text.length + 2), `\0${text}\0`);
      if (text !== "") assert.equal(g["get"]!(array, 1), text.charCodeAt(0));
    }
  });

  test("ranges that are not in an array trap, and nothing is written", () => {
    const array = g["make"]!(3);
    for (const [start, end] of [
      [0, 4],
      [2, 1],
      [-1, 3],
      [0, -1],
    ]) {
      assert.throws(() => g["fromCharCodeArray"]!(array, start, end), WebAssembly.RuntimeError);
    }
    for (const start of [1, -1])
      assert.throws(() => g["intoCharCodeArray"]!("abc", array, start), WebAssembly.RuntimeError);
    assert.throws(() => g["fromCharCodeArray"]!(null, 0, 0), WebAssembly.RuntimeError);
    assert.throws(() => g["intoCharCodeArray"]!("", null, 0), WebAssembly.RuntimeError);
    assert.equal(g["fromCharCodeArray"]!(array, 0, 3), "\0\0\0");
  });
}
