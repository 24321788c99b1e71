// Takes programs, runs each metered on every engine and form, and expects the same fuel to be spent.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Runtime, type RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";
import { wasi } from "zerowasm/wasi";
import { decode } from "#dist/binary/decode.js";
import { Profile } from "#dist/cli/profile.js";
import { build } from "#dist/ir/build.js";
import { print as printTree } from "#dist/ir/print.js";
import { validate } from "#dist/valid/validate.js";
import { largeModule } from "./compiler/large-function.ts";

const forms: readonly RuntimeConfig[] = [
  { engine: "interpreter", dispatch: "switch" },
  { engine: "interpreter", dispatch: "closures" },
  { engine: "compiler", eager: false },
  { engine: "compiler", eager: true },
];
const much = 10n ** 15n;

// With exceptions, tail calls, vectors and whole i64 values among what they compute.
for (const [kernel, n] of [
  ["bintrees", 8],
  ["xxh64", 20],
  ["hashmap", 50],
  ["sha256", 5],
  ["modpow", 50],
] as const) {
  test(`${kernel} spends the same everywhere`, () => {
    const binary = readFileSync(`bench/kernels/${kernel}.wasm`);
    const spent = forms.map((form, i) => {
      const module = new Runtime({ ...form, metering: i % 2 === 0 ? true : "fuel" }).instantiate(binary, {
        fuel: much,
      });
      for (let i = 0; i < 3; i++) module.exportedFunction("run")!.call(n);
      return much - module.fuel!;
    });
    assert.ok(spent[0]! > 10_000n);
    assert.deepEqual(
      spent,
      spent.map(() => spent[0]),
    );
  });
}

test("programs with a system spend the same everywhere, suspended or not", async () => {
  const binary = readFileSync("examples/sha256/sha256.wasm");
  const text = "0123456789".repeat(5000);
  const spent: bigint[] = [];
  for (const form of forms) {
    const runtime = new Runtime({ ...form, metering: true });
    wasi.instantiate(runtime);
    spent.push(much - runtime.instantiate(binary, { fuel: much, stdin: text }).fuel!);
    const bytes = new TextEncoder().encode(text);
    let at = 0;
    const stdin = {
      read: async (buffer: Uint8Array) => {
        const part = bytes.subarray(at, at + Math.min(buffer.length, 1024));
        buffer.set(part);
        at += part.length;
        return part.length;
      },
    };
    const module = await runtime.instantiateAsync(binary, { fuel: much, stdin });
    spent.push(much - module.fuel!);
  }
  assert.deepEqual(
    spent.map((fuel, i) => fuel === spent[i % 2]),
    spent.map(() => true),
  );
});

test("a function that is compiled in pieces spends the same, and is told of alike", async () => {
  const binary = largeModule(11);
  const told: unknown[] = [];
  for (const form of forms) {
    for (const asynchronous of [false, true]) {
      const profiler = new Profile();
      const at = (step: number): unknown => (asynchronous && step % 3 === 0 ? Promise.resolve(step) : step);
      const module = new Runtime({ ...form, metering: true, profiler }).instantiate(binary, {
        imports: { env: { at } },
        fuel: much,
      });
      const run = module.exportedFunction("run")!;
      const results = [];
      for (let i = 0; i < 3; i++) results.push(asynchronous ? await run.callAsync(i, 4000) : run.call(i, 4000));
      told.push([results, module.fuel, profiler.table(), profiler.stacks()]);
    }
  }
  for (const one of told) assert.deepEqual(one, told[0]);
});

test("what is counted stands at the beginnings, and only where it was asked for", () => {
  const binary = parse("(module (func (param i32) (loop (br_if 0 (local.get 0)))))");
  const print = (isMetered: boolean): string => {
    const module = Object.assign(validate(decode(binary)), { isMetered });
    return printTree(build(module, 0));
  };
  assert.doesNotMatch(print(false), /meter/);
  assert.deepEqual(print(true).match(/meter \d+/g), ["meter 2", "meter 3"]);
});
