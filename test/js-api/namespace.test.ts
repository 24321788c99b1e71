// Takes the namespace and its classes, holds them to the shape that Web IDL gives them, and to when what is done.
import assert from "node:assert/strict";
import test from "node:test";
import { createWebAssembly, WebAssembly } from "zerowasm/js-api";
import { parse } from "zerowasm/text";
import { slotsOf } from "#dist/js-api/module.js";
import { makeNamespace } from "#dist/js-api/namespace.js";
import { testInAll } from "../support/namespaces.ts";

const classes = ["Module", "Instance", "Memory", "Table", "Global", "Tag", "Exception"] as const;
const errors = ["CompileError", "LinkError", "RuntimeError"] as const;

function attributes(object: object, key: PropertyKey): string {
  const { writable, enumerable, configurable, get } = Object.getOwnPropertyDescriptor(object, key)!;
  return [get && "get", writable && "writable", enumerable && "enumerable", configurable && "configurable"]
    .filter(Boolean)
    .join(" ");
}

test("the namespace's members have the attributes of Web IDL", () => {
  assert.equal(String(WebAssembly), "[object WebAssembly]");
  for (const name of [...classes, ...errors])
    assert.equal(attributes(WebAssembly, name), "writable configurable", name);
  for (const name of ["validate", "compile", "instantiate"]) {
    assert.equal(attributes(WebAssembly, name), "writable enumerable configurable", name);
    assert.equal(WebAssembly[name as "validate"].length, 1);
  }
  assert.equal(attributes(WebAssembly, "JSTag"), "get enumerable configurable");
});

test("classes have enumerable members, a tag, and are called with new", () => {
  const members: Record<(typeof classes)[number], string[]> = {
    Module: [],
    Instance: ["exports"],
    Memory: ["buffer", "grow", "type"],
    Table: ["get", "grow", "length", "set", "type"],
    Global: ["type", "value", "valueOf"],
    Tag: ["type"],
    Exception: ["getArg", "is", "stack"],
  };
  for (const name of classes) {
    const type = WebAssembly[name] as unknown as new () => object;
    const { prototype } = type;
    const own = Object.keys(prototype).filter((key) => !key.startsWith("to"));
    assert.deepEqual(
      own.sort(),
      members[name].sort((a, b) => (a < b ? -1 : 1)),
      name,
    );
    assert.equal((prototype as Record<symbol, unknown>)[Symbol.toStringTag], `WebAssembly.${name}`);
    assert.throws(() => (type as unknown as () => void)(), TypeError);
    assert.throws(() => new type(), TypeError);
    for (const key of own) {
      const { get, value } = Object.getOwnPropertyDescriptor(prototype, key)!;
      assert.throws(() => (get ?? value).call({}), TypeError, `${name}.${key} of another object`);
    }
  }
  assert.deepEqual(Object.keys(WebAssembly.Module).sort(), ["customSections", "exports", "imports"]);
});

test("an error whose constructor has no prototype, or one that is no object, is one of its class", () => {
  for (const name of errors) {
    const type = WebAssembly[name];
    const prototypeOf = (prototype: unknown): unknown =>
      Object.getPrototypeOf(Reflect.construct(type, ["why"], Object.assign(Error.bind(null), { prototype })));
    for (const prototype of [undefined, null, 5]) assert.equal(prototypeOf(prototype), type.prototype);
    const own = Object.create(type.prototype);
    assert.equal(prototypeOf(own), own);
  }
});

test("the classes of errors are as the host's own", () => {
  for (const name of errors) {
    const type = WebAssembly[name];
    const cause = {};
    for (const error of [new type("why", { cause }), type("why", { cause })]) {
      assert.ok(error instanceof type && error instanceof Error);
      assert.equal(String(error), `${name}: why`);
      assert.equal(error.cause, cause);
      assert.match(error.stack!, new RegExp(`^${name}: why\n`));
    }
    assert.equal(Object.getPrototypeOf(type), Error);
    assert.deepEqual([type.name, (type as unknown as { length: number }).length], [name, 1]);
    assert.deepEqual(Object.getOwnPropertyNames(new type()), ["stack"]);
    assert.equal(attributes(type.prototype, "name"), "writable configurable");
    class Own extends type {}
    assert.ok(new Own() instanceof Own && new Own() instanceof type);
  }
});

testInAll("classes and functions have their names, in single files, too", (W) => {
  for (const name of Object.getOwnPropertyNames(W)) {
    const value = W[name as "Module"];
    if (typeof value !== "function") continue;
    const expected = { value: name, writable: false, enumerable: false, configurable: true };
    assert.deepEqual(Object.getOwnPropertyDescriptor(value, "name"), expected);
  }
});

test("wrong options are refused at once, engines are made when needed", () => {
  assert.throws(() => createWebAssembly({ engine: "jit" as "auto" }), TypeError);
  const names = Object.getOwnPropertyNames(createWebAssembly({ features: "wasm1" }));
  assert.deepEqual(names, Object.getOwnPropertyNames(WebAssembly));
});

const binary = parse(`(module (import "m" "f" (func)) (func (export "g") (call 0)))`);
const malformed = new Uint8Array([0, 97, 115, 109, 2, 0, 0, 0]);

testInAll("modules are validated and compiled, from buffers and views", async (W) => {
  const { buffer, byteOffset, byteLength } = binary;
  const copy = buffer.slice(byteOffset, byteOffset + byteLength);
  for (const source of [binary, copy, new DataView(copy)]) {
    assert.equal(W.validate(source), true);
    assert.ok((await W.compile(source)) instanceof W.Module);
  }
  assert.equal(W.validate(malformed), false);
  assert.throws(() => new W.Module(malformed), W.CompileError);
  await assert.rejects(W.compile(malformed), W.CompileError);
  await assert.rejects(W.instantiate(malformed), W.CompileError);
  for (const wrong of [undefined, null, 1, "bytes", {}, [0, 97]]) {
    assert.throws(() => W.validate(wrong as unknown as ArrayBuffer), TypeError);
    await assert.rejects(W.compile(wrong as unknown as ArrayBuffer), TypeError);
  }
});

test("validate makes no engine and copies nothing, Module copies once", () => {
  const make = (): never => assert.fail("an engine was made");
  assert.equal(makeNamespace(undefined, { interpreter: make }).validate(binary), true);
  const { slice } = Uint8Array.prototype;
  const copies = (act: () => unknown): number => {
    let count = 0;
    Uint8Array.prototype.slice = function (this: Uint8Array, ...range) {
      if (this.length === binary.length) count++;
      return slice.apply(this, range);
    } as typeof slice;
    try {
      act();
    } finally {
      Uint8Array.prototype.slice = slice;
    }
    return count;
  };
  assert.equal(
    copies(() => WebAssembly.validate(binary)),
    0,
  );
  assert.equal(
    copies(() => new WebAssembly.Module(binary)),
    1,
  );
});

testInAll("a detached buffer has no bytes", async (W) => {
  for (const source of [(bytes: Uint8Array) => bytes, ({ buffer }: Uint8Array) => buffer]) {
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    assert.equal(W.validate(source(bytes)), false);
    assert.throws(() => new W.Module(source(bytes)), W.CompileError);
    await assert.rejects(W.compile(source(bytes)), W.CompileError);
  }
});

testInAll("both forms of instantiate: from bytes a module comes along", async (W) => {
  let calls = 0;
  const imports = { m: { f: () => calls++ } };
  const { module, instance } = await W.instantiate(binary, imports);
  const again = await W.instantiate(module, imports);
  assert.ok(module instanceof W.Module && instance instanceof W.Instance && again instanceof W.Instance);
  for (const { exports } of [instance, again]) (exports as { g(): void }).g();
  assert.equal(calls, 2);
  await assert.rejects(W.instantiate(module), TypeError);
  await assert.rejects(W.instantiate(binary, 5 as unknown as object), TypeError);
  await assert.rejects(W.instantiate(binary, { m: { f: 5 } }), W.LinkError);
});

testInAll("bytes are copied before, and a start function runs after instantiate returns", async (W) => {
  const started: string[] = [];
  const bytes = parse(`(module (import "m" "f" (func)) (start 0))`);
  const promise = W.instantiate(bytes, { m: { f: () => started.push("start") } });
  bytes.fill(0);
  started.push("returned");
  await promise;
  assert.deepEqual(started, ["returned", "start"]);
});

test("what was prepared for bytes serves each module of the same ones, and no other", () => {
  const { Module, Instance } = createWebAssembly();
  const text = (n: number, more = ""): Uint8Array<ArrayBuffer> =>
    parse(`(module (func (export "f") (result i32) (i32.const ${n})) ${more})`) as Uint8Array<ArrayBuffer>;
  const bytes = text(1);
  const module = new Module(bytes);
  const again = new Module(bytes.slice());
  assert.notEqual(module, again);
  assert.equal(slotsOf(module).compiled, slotsOf(again).compiled);
  // Others: as long, longer by 64 bytes, and what is refused.
  const values = [text(1), text(2), text(3, `(@custom "a" "${" ".repeat(60)}")`), text(2)].map((binary) => {
    const { f } = new Instance(new Module(binary)).exports as { f: () => number };
    return [binary.length, f()];
  });
  assert.deepEqual(values, [
    [bytes.length, 1],
    [bytes.length, 2],
    [bytes.length + 64, 3],
    [bytes.length, 2],
  ]);
  assert.notEqual(slotsOf(module).compiled, slotsOf(new (createWebAssembly().Module)(bytes)).compiled);
  assert.throws(() => new Module(bytes.fill(0, 20)), { name: "CompileError" });
});

testInAll("a proxy is asked for members alone, not for its prototype", (W) => {
  const asked: string[] = [];
  const proxy = (members: object): object =>
    new Proxy(members, {
      getPrototypeOf() {
        asked.push("prototype");
        return null;
      },
    });
  new W.Memory(proxy({ initial: 1 }) as never);
  new W.Table(proxy({ initial: 1, element: "externref" }) as never);
  new W.Global(proxy({ value: "i32" }) as never);
  const tag = new W.Tag(proxy({ parameters: [] }) as never);
  assert.throws(() => new W.Exception(proxy(tag) as never, []), TypeError);
  assert.throws(() => new W.Module(proxy(new Uint8Array()) as never), TypeError);
  assert.throws(() => new W.Instance(proxy({}) as never), TypeError);
  assert.deepEqual(asked, []);
});
