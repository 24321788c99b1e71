import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { ExitError, type Module, Runtime, type System } from "zerowasm";
import { parse } from "zerowasm/text";
import { assemblyscript } from "zerowasm/wasi";

const binary = readFileSync("examples/assemblyscript-imports/checks.wasm");

/** A module built by AssemblyScript, and what comes of it. */
function checks(system: System = {}, lines?: string[]): { module: Module; text: () => string } {
  const runtime = new Runtime();
  const log = lines === undefined ? undefined : { write: (line: string) => void lines.push(line) };
  assemblyscript.instantiate(runtime, { log });
  let text = "";
  const stderr = (bytes: Uint8Array): void => {
    text += new TextDecoder().decode(bytes);
  };
  return { module: runtime.instantiate(binary, { stderr, ...system }), text: () => text };
}

test("trace writes a message and its numbers to standard error", () => {
  const { module, text } = checks();
  assert.equal(module.exportedFunction("sum")!.call(1.5, -2), -0.5);
  assert.equal(text(), "trace: sum of 1.5,-2\ntrace: done\n");
});

test("abort says why and where, and closes the module", () => {
  const { module, text } = checks();
  assert.equal(module.exportedFunction("check")!.call(1), 1);
  assert.throws(
    () => module.exportedFunction("check")!.call(0),
    (error: ExitError) => error instanceof ExitError && error.exitCode === 255,
  );
  assert.equal(text(), "n is positive 😀 at trace.ts:13:3\n");
  assert.deepEqual([module.closed, module.exitCode], [true, 255]);
});

test("abort waits for a standard error that has to wait", async () => {
  let written = "";
  const write = async (bytes: Uint8Array): Promise<void> => {
    const text = new TextDecoder().decode(bytes);
    await Promise.resolve();
    written += text;
  };
  const { module } = checks({ stderr: { write } });
  await assert.rejects(module.exportedFunction("check")!.callAsync(0), { exitCode: 255 });
  assert.match(written, /^n is positive/);
});

test("seed is the same in each run, or the host's", () => {
  const draws = (system?: System): number[] => {
    const draw = checks(system).module.exportedFunction("draw")!;
    return [draw.call() as number, draw.call() as number];
  };
  const [a, b] = draws();
  assert.deepEqual(draws(), [a, b]);
  assert.ok(a !== b && a! >= 0 && a! < 1);
  assert.notDeepEqual(draws({ random: (bytes) => void bytes.fill(7) }), [a, b]);
});

test("texts that are none, and a caller without a memory", () => {
  const runtime = new Runtime();
  let text = "";
  const decoder = new TextDecoder();
  const module = assemblyscript.instantiate(runtime);
  assert.deepEqual(module.exportNames, ["abort", "trace", "seed"]);
  const guest = checks({ stderr: (bytes) => void (text += decoder.decode(bytes)) }).module;
  assert.equal(guest.exportedFunction("sum")!.call(0, 0), 0);
  assert.throws(() => module.exportedFunction("abort")!.call(0, 8, 1, 2), ExitError);
  assert.match(text, /^trace: sum of 0,0\n/);
});

test("a text of gigabytes is cut", () => {
  const runtime = new Runtime();
  assemblyscript.instantiate(runtime);
  let written = 0;
  const text = `(module (import "env" "trace" (func $trace (param i32 i32 f64 f64 f64 f64 f64))) (memory 1000) (data (i32.const 0) "\\00\\00\\00\\03")
    (func (export "run") (call $trace (i32.const 4) (i32.const 0) ${"(f64.const 0)".repeat(5)})))`;
  runtime
    .instantiate(parse(text), { stderr: (bytes) => void (written += bytes.length) })
    .exportedFunction("run")!
    .call();
  assert.equal(written, "trace: ".length + 2 ** 19 + 1);
});

test("calls are told of", () => {
  const lines: string[] = [];
  const { module } = checks({}, lines);
  module.exportedFunction("sum")!.call(1, 2);
  assert.throws(() => module.exportedFunction("check")!.call(0));
  assert.deepEqual(
    lines.map((line) => line.replace(/=\d{2,}/g, "=…")),
    [
      "==> env.trace(message=…,nArgs=2,arg0=1,arg1=2,arg2=0,arg3=0,arg4=0)",
      "<== ()",
      "==> env.trace(message=…,nArgs=0,arg0=0,arg1=0,arg2=0,arg3=0,arg4=0)",
      "<== ()",
      "==> env.abort(message=…,fileName=…,lineNumber=…,columnNumber=3)",
    ],
  );
});
