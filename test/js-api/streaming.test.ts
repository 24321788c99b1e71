// Takes responses of fetch, looks what the namespace makes of them: modules, instances, or a TypeError.
import assert from "node:assert/strict";
import test from "node:test";
import { createWebAssembly } from "zerowasm/js-api";
import { parse } from "zerowasm/text";

const binary = parse(`(module (import "host" "n" (global i32)) (func (export "f") (result i32) (global.get 0)))`);
const imports = { host: { n: 7 } };
const own = createWebAssembly();
const response = (type: string | null, body: Uint8Array = binary, status = 200): Response =>
  new Response(Uint8Array.from(body), { status, headers: type === null ? {} : { "Content-Type": type } });

test("a response, or a promise of one, is compiled", async () => {
  for (const source of [response("application/wasm"), Promise.resolve(response("Application/Wasm "))]) {
    assert.ok((await own.compileStreaming!(source)) instanceof own.Module);
  }
});

test("a response of another realm, which its class does not know, is compiled", async () => {
  const { ok, status, headers } = response("application/wasm");
  const foreign = {
    ok,
    status,
    headers,
    arrayBuffer: async () => binary.slice().buffer,
    [Symbol.toStringTag]: "Response",
  };
  assert.ok((await own.compileStreaming!(foreign)) instanceof own.Module);
});

test("a response that is an error is told of by its status, of whatever type it is", async () => {
  await assert.rejects(own.compileStreaming!(response("text/html", binary, 404)), /status 404/);
});

test("a response is compiled and instantiated", async () => {
  const { module, instance } = await own.instantiateStreaming!(response("application/wasm"), imports);
  assert.ok(module instanceof own.Module && instance instanceof own.Instance);
  assert.equal((instance.exports as { f: () => number }).f(), 7);
});

test("what fetch gives for a data URL is taken", async () => {
  const url = `data:application/wasm;base64,${Buffer.from(binary).toString("base64")}`;
  assert.ok((await own.compileStreaming!(fetch(url))) instanceof own.Module);
});

const refused: [string, unknown][] = [
  ["bytes", binary],
  ["nothing", undefined],
  ["a response without a type", response(null)],
  ["a type with parameters", response("application/wasm;charset=utf-8")],
  ["another type", response("text/plain")],
  ["a response that is an error", response("application/wasm", binary, 404)],
  ["a promise that is rejected", Promise.reject(new TypeError("no network"))],
];
for (const [what, source] of refused) {
  test(`${what} is refused`, async () => {
    await assert.rejects(own.compileStreaming!(source), TypeError);
    await assert.rejects(own.instantiateStreaming!(source, imports), TypeError);
  });
}

test("bytes that are no module are a CompileError", async () => {
  await assert.rejects(own.compileStreaming!(response("application/wasm", binary.subarray(0, 9))), own.CompileError);
});

test("imports that are no object are refused before the response is looked at", async () => {
  await assert.rejects(own.instantiateStreaming!(response("text/plain"), 1 as never), /imports are not an object/);
});
