// Takes options of a compilation, holds builtins and string constants to their types, and modules to telling nothing of them.
import assert from "node:assert/strict";
import test from "node:test";
import { WebAssembly } from "zerowasm/js-api";
import { parse } from "zerowasm/text";

const builtins = ["js-string"];

function instantiate(text: string, options: object, imports: object = {}): Record<string, unknown> {
  const module = new WebAssembly.Module(parse(text), options);
  return new WebAssembly.Instance(module, imports).exports as Record<string, unknown>;
}

test("a constant is its own name", () => {
  for (const name of ["", "a", "\\00", "\\f0\\9f\\98\\80"]) {
    for (const type of ["externref", "(ref extern)"]) {
      for (const space of ["", "'", "strings"]) {
        const text = `(module (import "${space}" "${name}" (global ${type})) (export "g" (global 0)))`;
        const { g } = instantiate(text, { importedStringConstants: space });
        const expected = name === "\\00" ? "\0" : name.length > 2 ? "\u{1f600}" : name;
        assert.equal((g as { value: unknown }).value, expected);
      }
    }
  }
});

test("a constant of another type is refused", () => {
  for (const type of ["(mut externref)", "(mut (ref extern))", "anyref", "(ref any)", "funcref", "i32"]) {
    const binary = parse(`(module (import "'" "a" (global ${type})))`);
    const options = { importedStringConstants: "'" };
    assert.throws(() => new WebAssembly.Module(binary, options), WebAssembly.CompileError, type);
    assert.equal(WebAssembly.validate(binary, options), false, type);
    assert.equal(WebAssembly.validate(binary), true, type);
  }
  const binary = parse(`(module (import "'" "a" (func)))`);
  assert.throws(() => new WebAssembly.Module(binary, { importedStringConstants: "'" }), WebAssembly.CompileError);
});

test("a builtin has one type, and its recursion group", () => {
  for (const [type, isBuiltin] of [
    ["(func (param externref) (result i32))", true],
    ["(func (param (ref extern)) (result i32))", false],
    ["(func (param externref) (result i64))", false],
    ["(func)", false],
    ["(global i32)", false],
  ] as const) {
    const binary = parse(`(module (import "wasm:js-string" "length" ${type}))`);
    assert.equal(WebAssembly.validate(binary, { builtins }), isBuiltin, type);
    assert.equal(WebAssembly.validate(binary), true, type);
  }
  const grouped = parse(`(module
    (rec (type $t (func (param externref) (result i32))) (type (struct)))
    (import "wasm:js-string" "length" (func (type $t))))`);
  assert.equal(WebAssembly.validate(grouped, { builtins }), false);
});

test("neither is an import that the module tells of, and others are", () => {
  const binary = parse(`(module
    (import "wasm:js-string" "length" (func (param externref) (result i32)))
    (import "wasm:js-string" "reverse" (func))
    (import "s" "a" (global externref))
    (import "m" "f" (func)))`);
  const names = (options?: object) => {
    return WebAssembly.Module.imports(new WebAssembly.Module(binary, options)).map(({ name }) => name);
  };
  assert.deepEqual(names(), ["length", "reverse", "a", "f"]);
  assert.deepEqual(names({ builtins, importedStringConstants: "s" }), ["reverse", "f"]);
});

test("what a set does not have comes from the object of imports", () => {
  const text = `(module
    (import "wasm:js-string" "twice" (func $twice (param i32) (result i32)))
    (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
    (func (export "f") (param externref) (result i32) (call $twice (call $length (local.get 0)))))`;
  const own = { twice: (n: number) => 2 * n, length: () => assert.fail("the builtin was asked for") };
  const { f } = instantiate(text, { builtins }, { "wasm:js-string": own });
  assert.equal((f as (value: string) => number)("abc"), 6);
});

test("sets that are not known change nothing, and one named twice is refused", () => {
  const binary = parse(`(module (import "wasm:other" "f" (func)))`);
  assert.equal(WebAssembly.validate(binary, { builtins: ["other", "js-string"] }), true);
  assert.equal(WebAssembly.validate(binary, { builtins: ["js-string", "js-string"] }), false);
  assert.equal(WebAssembly.validate(binary, { builtins: ["other", "other"] }), false);
});

test("the options are converted as Web IDL says", async () => {
  const binary = parse("(module)");
  for (const options of [undefined, null, {}, { builtins: [] }, { importedStringConstants: null }, () => {}]) {
    assert.equal(WebAssembly.validate(binary, options as object), true);
  }
  for (const options of [1, "a", { builtins: 1 }, { builtins: {} }, { builtins: [Symbol()] }, { builtins: null }]) {
    assert.throws(() => WebAssembly.validate(binary, options as object), TypeError);
    assert.throws(() => new WebAssembly.Module(binary, options as object), TypeError);
    await assert.rejects(WebAssembly.compile(binary, options as object), TypeError);
  }
});
