// Takes scripts, holds them to their commands; modules that are wrong stop nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScript } from "#dist/text/script.js";

test("commands, with the line each begins in", () => {
  const commands = parseScript(`(module $m (func (export "f")))
    (assert_return (invoke $m "f" (i32.const -1) (f64.const nan:0x1) (ref.null func) (ref.extern 3))
      (f32.const nan:canonical) (either (i64.const 1) (ref.func)) (v128.const f64x2 nan:arithmetic 1))
    (register "name" $m) (get "g") ;; comment
    (assert_trap (module (func)) "x") (module definition $d) (module instance $i $d)`);
  assert.deepEqual(
    commands.map(({ line, kind }) => `${line} ${kind}`),
    ["1 module", "2 assert_return", "4 register", "4 action", "5 assert_uninstantiable", "5 module", "5 instance"],
  );
  const command = commands[1]!;
  assert.ok(command.kind === "assert_return");
  assert.deepEqual(command.action, {
    kind: "invoke",
    module: "m",
    name: "f",
    args: [
      { type: "i32", bits: -1 },
      { type: "f64", bits: 0x7ff0_0000_0000_0001n },
      { type: "null" },
      { type: "extern", number: 3 },
    ],
  });
  assert.deepEqual(command.results, [
    { type: "f32", bits: "canonical" },
    {
      type: "either",
      options: [
        { type: "i64", bits: 1n },
        { type: "ref", kind: "func", number: undefined },
      ],
    },
    {
      type: "v128",
      bytes: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f),
      nans: ["arithmetic", undefined],
    },
  ]);
});

test("modules in binary, in quotes and in text are parsed when they are asked for", () => {
  const commands = parseScript(`(module binary "\\00asm" "\\01\\00\\00\\00") (module quote "(func " "(nop))")
    (assert_malformed (module quote "\\ff") "utf-8") (module (func (nope))) (module (func) (func))`);
  const results = commands.map((command) => {
    assert.ok("module" in command && typeof command.module === "object");
    try {
      return command.module.encode().length;
    } catch (error) {
      return (error as Error).message.split("\n")[0];
    }
  });
  assert.deepEqual(results, [8, 25, "malformed UTF-8 encoding at 1:1", "unknown operator nope at 2:68", 28]);
});

test("fields alone are a module", () => {
  assert.deepEqual(
    parseScript("(func) (memory 1)").map(({ kind }) => kind),
    ["module"],
  );
});

test("an unknown command is a mistake", () => {
  assert.throws(() => parseScript("(module)\n(assert_nothing)"), /^TextError: unknown command assert_nothing at 2:2/);
});
