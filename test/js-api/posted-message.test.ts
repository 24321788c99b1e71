// Takes messages with modules and shared memories in them, has the host copy what stands for them, looks at what comes back.
import assert from "node:assert/strict";
import test from "node:test";
import { runInNewContext } from "node:vm";
import { WebAssembly } from "zerowasm/js-api";
import { parse } from "zerowasm/text";
import { exportsOf } from "../support/namespaces.ts";

const { packed, unpacked } = (await import("#dist/js-api/posted-message.js" as string)) as {
  packed: (message: unknown) => unknown;
  unpacked: (message: unknown, namespace: typeof WebAssembly) => unknown;
};

const MARK = "zerowasm:posted";
const module = new WebAssembly.Module(parse('(module (func (export "seven") (result i32) (i32.const 7)))'));
const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });

/** What arrives of a message. */
// biome-ignore lint/suspicious/noExplicitAny: each test knows what it posts
function arrived(message: unknown, transfer: any[] = []): any {
  return unpacked(structuredClone(packed(message), { transfer }), WebAssembly);
}

function assertModule(value: unknown): void {
  assert.ok(value instanceof WebAssembly.Module);
  assert.notEqual(value, module);
  const { seven } = new WebAssembly.Instance(value).exports as { seven: () => number };
  assert.equal(seven(), 7);
}

function assertMemory(value: unknown): void {
  assert.ok(value instanceof WebAssembly.Memory);
  const words = new Int32Array(value.buffer, 0, 1);
  new Int32Array(memory.buffer)[0] = ++words[0]! + 1;
  assert.equal(words[0], new Int32Array(memory.buffer)[0]);
}

test("a module and a shared memory arrive", () => {
  assertModule(arrived(module));
  assertMemory(arrived(memory));
});

test("they arrive in objects, arrays, maps and sets, each as one object", () => {
  const message = {
    list: [1, { module }, [memory]],
    map: new Map<unknown, unknown>([
      [module, memory],
      ["key", { module }],
      [3, 4],
    ]),
    set: new Set<unknown>(["first", module, "last"]),
    bare: Object.assign(Object.create(null), { memory }),
  };
  const { list, map, set, bare } = arrived(message);
  const arrivedModule = list[1].module;
  const arrivedMemory = list[2][0];
  assertModule(arrivedModule);
  assertMemory(arrivedMemory);
  assert.deepEqual([...map.keys()], [arrivedModule, "key", 3]);
  assert.deepEqual([...map.values()], [arrivedMemory, { module: arrivedModule }, 4]);
  for (const value of [[...map.keys()][0], map.get("key").module, [...set][1]]) assert.equal(value, arrivedModule);
  for (const value of [[...map.values()][0], bare.memory]) assert.equal(value, arrivedMemory);
  assert.deepEqual([...set], ["first", arrivedModule, "last"]);
  assert.equal(message.list[2], message.list[2]);
  assert.ok(message.set.has(module) && message.map.get(module) === memory);
});

test("cycles and identities stay", () => {
  const shared = { word: "shared" };
  const message: Record<string, unknown> = { module, first: shared, second: [shared], map: new Map() };
  message["self"] = message;
  (message["map"] as Map<unknown, unknown>).set(message, message["map"]);
  const copy = arrived(message);
  assertModule(copy.module);
  assert.equal(copy.self, copy);
  assert.equal(copy.second[0], copy.first);
  assert.equal(copy.map.get(copy), copy.map);
});

test("deep messages do", () => {
  let chain: unknown = module;
  // The host's own copy ends at some depth.
  for (let i = 0; i < 1000; i++) chain = i % 2 === 0 ? [chain] : { chain };
  let copy = arrived(chain);
  for (let i = 0; i < 500; i++) [copy] = copy.chain;
  assertModule(copy);
  let deep: unknown = module;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  assert.notEqual(packed(deep), deep);
});

test("a message that holds neither is posted itself", () => {
  class Point {
    x = 1;
  }
  for (const message of [
    undefined,
    "text",
    { a: [new Map([[1, { b: new Set([2]) }]]), new Point(), new Date(), new Uint8Array(3), /x/] },
    Object.create({ inherited: module }, { hidden: { value: module, enumerable: false } }),
  ]) {
    assert.equal(packed(message), message);
    assert.equal(unpacked(message, WebAssembly), message);
  }
});

test("what the host knows more of is left to it, in a message that is copied too", () => {
  class Point {
    x = 1;
  }
  const buffer = new ArrayBuffer(8);
  const { port1, port2 } = new MessageChannel();
  const point = new Point();
  const blob = new Blob(["text"]);
  const message = { module, buffer, port: port2, view: new Uint8Array(buffer, 4), point, date: new Date(5), blob };
  const before = packed(message) as typeof message;
  for (const key of ["buffer", "port", "view", "point", "date", "blob"] as const)
    assert.equal(before[key], message[key]);
  const copy = arrived(message, [buffer, port2]);
  assertModule(copy.module);
  assert.equal(buffer.byteLength, 0);
  assert.deepEqual([copy.buffer.byteLength, copy.view.buffer === copy.buffer, copy.view.byteOffset], [8, true, 4]);
  assert.ok(copy.port instanceof MessagePort && copy.blob instanceof Blob);
  assert.deepEqual([copy.point, copy.date], [{ x: 1 }, new Date(5)]);
  port1.close();
  assert.throws(() => arrived(Object.assign(new Point(), { module })), { name: "DataCloneError" });
});

test("arrays keep their holes, lengths and names", () => {
  const list = Object.assign(new Array(5), { 1: module, 3: 5, named: memory });
  const copy = arrived(list);
  assert.deepEqual(Object.keys(copy), ["1", "3", "named"]);
  assert.equal(copy.length, 5);
  assertModule(copy[1]);
  // Names of arrays are copied, and not looked at.
  assert.equal(copy.named.kind, "memory");
});

test("an array that is all holes takes no time", () => {
  const list: unknown[] = [];
  list.length = 2 ** 32 - 1;
  list[2 ** 31] = module;
  assertModule(arrived({ list }).list[2 ** 31]);
});

test("a getter is called once, whatever it gives", () => {
  for (const value of [module, 7]) {
    let times = 0;
    const message = {
      get value() {
        return times++ === 0 ? value : {};
      },
    };
    const copy = arrived(message);
    assert.equal(times, 1);
    if (value === module) assertModule(copy.value);
    else assert.equal(copy.value, 7);
  }
});

test("a key that is no name of a field is a key", () => {
  const message = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
  const copy = arrived(Object.assign(Object.create(null, Object.getOwnPropertyDescriptors(message)), { module }));
  assertModule(copy.module);
  assert.deepEqual(Object.keys(copy), ["__proto__", "constructor", "module"]);
  assert.equal(copy.polluted, undefined);
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
});

test("objects of another realm are looked through", () => {
  const message = runInNewContext("({ list: [{}], map: new Map([[1, {}]]) })");
  message.list[0].module = module;
  message.map.get(1).module = module;
  const copy = arrived(message);
  assertModule(copy.list[0].module);
  assert.equal(copy.map.get(1).module, copy.list[0].module);
});

test("what cannot be posted is a DataCloneError", () => {
  const { table, global, tag, exports } = (() => {
    const exports = exportsOf(
      WebAssembly,
      `(module (table (export "table") 1 funcref) (global (export "global") i32 (i32.const 1)) (tag (export "tag"))
        (type $s (struct)) (func (export "struct") (result (ref $s)) (struct.new $s)))`,
    );
    return { ...(exports as { table: object; global: object; tag: never }), exports };
  })();
  const refused = {
    memory: new WebAssembly.Memory({ initial: 1 }),
    instance: new WebAssembly.Instance(module),
    function: exports["struct"],
    struct: exports["struct"](),
    exception: new WebAssembly.Exception(tag, []),
    suspending: new WebAssembly.Suspending(() => 1),
    ...{ table, global, tag },
  };
  for (const [what, value] of Object.entries(refused)) {
    for (const message of [value, { deep: [value] }, { module, value }, { get: new Map([[value, 1]]) }])
      assert.throws(() => arrived(message), { name: "DataCloneError" }, what);
  }
  const error = arrived({ module, error: new WebAssembly.RuntimeError("told") }).error;
  assert.ok(error instanceof Error && error.message === "told");
});

test("only what stands for an object becomes one", () => {
  const { bytes, options } = packed(module) as Record<string, unknown>;
  const forged = { kind: "module", bytes, options, [MARK]: true };
  const malformed: Record<string, unknown> = { kind: "module", bytes: new Uint8Array(3), options };
  malformed[MARK] = malformed;
  const other: Record<string, unknown> = {};
  other[MARK] = other;
  for (const message of [forged, { forged }, malformed, [malformed], other, JSON.parse(`{"${MARK}": {}}`)])
    assert.deepEqual(unpacked(structuredClone(message), WebAssembly), message);
});

test("a message is unpacked once", () => {
  const copy = structuredClone(packed({ module }));
  assert.equal(unpacked(copy, WebAssembly), copy);
  const first = (copy as { module: unknown }).module;
  unpacked(copy, WebAssembly);
  assert.equal((copy as { module: unknown }).module, first);
  const whole = structuredClone(packed(module));
  assert.equal(unpacked(whole, WebAssembly), unpacked(whole, WebAssembly));
});
