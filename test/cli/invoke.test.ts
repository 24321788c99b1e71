// Calls functions from the command line: how values are read and printed.
import assert from "node:assert/strict";
import test from "node:test";
import { parseValue, printValue } from "#dist/cli/values.js";
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";
import { file, zerowasm } from "./command.ts";

const all = ["i32", "i64", "f32", "f64", "v128", "externref"];
const module = new ModuleBuilder();
module.importFunction("wasi_snapshot_preview1", "proc_exit", { params: ["i32"] });
module.global("i32", true, [["i32.const", 0]]);
module.function({ export: "echo", params: all, results: all }, ...all.map((_, i): Instr => ["local.get", i]));
module.function({ export: "nothing" });
module.function({ export: "exit", params: ["i32"] }, ["local.get", 0], ["call", 0]);
module.function({ export: "trap" }, "unreachable");
module.function({ export: "_initialize" }, ["i32.const", 7], ["global.set", 0]);
module.function({ export: "initialized", results: ["i32"] }, ["global.get", 0]);
module.function({ export: "self", results: ["funcref"] }, ["ref.func", 1]);
module.tag(["i32"]);
module.function({ export: "throw" }, ["i32.const", 5], ["throw", 0]);
const path = file("values.wasm", module.build());

test("arguments go in and results come out, one a line", async () => {
  const { stdout, stderr, code } = await zerowasm("invoke", path, "echo", "-1", "0xff", "0.1", "-inf", "0x2", "null");
  assert.equal(stderr, "");
  assert.equal(stdout, `-1\n255\n0.1\n-inf\n0x${"2".padStart(32, "0")}\nnull\n`);
  assert.equal(code, 0);
});

test("a function without results prints nothing", async () => {
  assert.deepEqual(await zerowasm("invoke", path, "nothing"), { stdout: "", stderr: "", code: 0 });
});

test("a reactor is initialised first", async () => {
  assert.equal((await zerowasm("invoke", path, "initialized")).stdout, "7\n");
});

test("an exception that nobody catches is told as a trap is", async () => {
  const { stderr, code } = await zerowasm("invoke", path, "throw");
  assert.equal(code, 134);
  assert.match(stderr, /uncaught: exception with a tag of type \(i32\)\n {4}at throw /);
});

test("exit codes and traps are as with run", async () => {
  assert.equal((await zerowasm("invoke", path, "exit", "5")).code, 5);
  const { stderr, code } = await zerowasm("invoke", path, "trap");
  assert.equal(code, 134);
  assert.match(stderr, /trap: unreachable\n {4}at trap /);
});

test("a function that is given back is named by its type", async () => {
  assert.equal((await zerowasm("invoke", path, "self")).stdout, "funcref\n");
});

test("integers are decimal or hexadecimal, signed or unsigned", () => {
  for (const [type, text, value] of [
    ["i32", "0", 0],
    ["i32", "+7", 7],
    ["i32", "-2147483648", -(2 ** 31)],
    ["i32", "4294967295", -1],
    ["i32", "0xFFFFFFFF", -1],
    ["i32", "-0x80000000", -(2 ** 31)],
    ["i64", "18446744073709551615", -1n],
    ["i64", "-0x8000000000000000", -(2n ** 63n)],
    ["i64", "9007199254740993", 9007199254740993n],
  ] as const) {
    assert.equal(parseValue(type, text), value, text);
  }
  for (const text of [
    "",
    "x",
    "1.5",
    "1e3",
    "0x",
    "--1",
    " 1",
    "1 ",
    "1_000",
    "4294967296",
    "-2147483649",
    "inf",
    "0b1",
  ]) {
    assert.equal(parseValue("i32", text), undefined, text);
  }
});

test("floats are decimal or hexadecimal, infinite or no number", () => {
  for (const [type, text, value] of [
    ["f64", "1", 1],
    ["f64", "-0", -0],
    ["f64", "1.", 1],
    ["f64", ".5", 0.5],
    ["f64", "1e-400", 0],
    ["f64", "1E+3", 1000],
    ["f64", "0x1.8p1", 3],
    ["f64", "-0X.8P1", undefined],
    ["f64", "0x1p-1074", 2 ** -1074],
    ["f64", "0x1.fffffffffffffp1023", Number.MAX_VALUE],
    ["f64", "0x1p1024", Number.POSITIVE_INFINITY],
    ["f64", "inf", Number.POSITIVE_INFINITY],
    ["f64", "-Infinity", Number.NEGATIVE_INFINITY],
    ["f64", "nan", Number.NaN],
    ["f32", "0.1", Math.fround(0.1)],
    ["f32", "1e39", Number.POSITIVE_INFINITY],
    ["f32", "16777217", 16777216],
    // Rounded once: the nearest f64 of these is halfway between two f32, or f64 of more digits are below the smallest.
    ["f32", "1.00000017881393432617187499", 1 + 2 ** -23],
    ["f32", "0x1.000002fffffffffp0", 1 + 2 ** -23],
    ["f64", "0x0.00000000000007ffffp-1022", 0],
    ["f64", "0x1.00000000000007ffffffp-1023", 2 ** -1023],
    ["f64", "0x0p5000", 0],
    ["f64", `0x1${"0".repeat(300)}p-1200`, 1],
  ] as const) {
    assert.ok(Object.is(parseValue(type, text), value), text);
  }
  for (const text of ["", "x", "1e", "e1", ".", "0x", "0x1p", "1 ", "nan:0x1", "1f"]) {
    assert.equal(parseValue("f64", text), undefined, text);
  }
});

test("vectors are hexadecimal, references null", () => {
  assert.deepEqual(parseValue("v128", "0x0102"), Uint8Array.of(2, 1, ...Array(14).fill(0)));
  assert.equal(parseValue("v128", "1"), undefined);
  assert.equal(parseValue("v128", `0x${"1".repeat(33)}`), undefined);
  assert.equal(parseValue("externref", "null"), null);
  assert.equal(parseValue("funcref", "1"), undefined);
});

test("floats print with the fewest digits that say them", () => {
  for (const [type, value, text] of [
    ["f32", Math.fround(0.1), "0.1"],
    ["f32", Math.fround(16777216), "16777216"],
    ["f32", Math.fround(3.4028234663852886e38), "3.4028235e+38"],
    ["f32", 2 ** -149, "1e-45"],
    ["f32", -0, "-0"],
    ["f64", 0.1, "0.1"],
    ["f64", 1 / 3, "0.3333333333333333"],
    ["f64", Number.NaN, "nan"],
    ["f64", Number.NEGATIVE_INFINITY, "-inf"],
  ] as const) {
    assert.equal(printValue(type, value), text);
  }
});

test("what AssemblyScript's and Emscripten's programs import is there", async () => {
  const checks = "examples/assemblyscript-imports/checks.wasm";
  assert.deepEqual(await zerowasm("invoke", checks, "sum", "1", "2.5"), {
    stdout: "3.5\n",
    stderr: "trace: sum of 1,2.5\ntrace: done\n",
    code: 0,
  });
  const { stderr, code } = await zerowasm("invoke", checks, "check", "0");
  assert.deepEqual([stderr, code], ["n is positive 😀 at trace.ts:13:3\n", 255]);
  const heap = file(
    "heap.wat",
    `(module (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "resize") (param i32) (result i32) (call $resize (local.get 0))))`,
  );
  assert.equal((await zerowasm("invoke", heap, "resize", "65537")).stdout, "1\n");
});
