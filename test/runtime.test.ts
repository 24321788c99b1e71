// Holds the facade to its promises: bytes in, definitions and modules out, plain words for mistakes.
import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as main from "zerowasm";
import { LinkError, type Module, Runtime, type RuntimeConfig, UnsupportedError } from "zerowasm";
import * as interpreter from "zerowasm/interpreter";
import { node } from "./examples/process.ts";
import { caller, counter, single } from "./support/guests.ts";
import { ModuleBuilder } from "./support/module-builder.ts";

const answer = single([], ["i32"], ["i32.const", 42]);

test("both doors offer the same names, but for what prints code", () => {
  assert.deepEqual(Object.keys(main).sort(), [...Object.keys(interpreter), "precompile"].sort());
  const runtime = new interpreter.Runtime();
  assert.equal(runtime.engine, "interpreter");
  assert.equal(runtime.instantiate(answer).exportedFunction("run")!.call(), 42);
});

test("a module is given as a view, a buffer, or part of one", () => {
  const runtime = new Runtime();
  const padded = new Uint8Array(answer.length + 10);
  padded.set(answer, 5);
  const shared = new SharedArrayBuffer(answer.length);
  new Uint8Array(shared).set(answer);
  for (const binary of [
    answer,
    answer.buffer as ArrayBuffer,
    Buffer.from(answer),
    padded.subarray(5, 5 + answer.length),
    new Uint8Array(shared),
  ]) {
    assert.equal(runtime.instantiate(binary).exportedFunction("run")!.call(), 42);
  }
  assert.throws(() => runtime.compile("wasm" as never), {
    name: "TypeError",
    message: /Uint8Array, an ArrayBuffer, or what compile returned, got a string$/,
  });
  assert.throws(() => runtime.instantiate({} as never), TypeError);
});

test("changing the bytes after compiling changes nothing", () => {
  const runtime = new Runtime();
  const bytes = Buffer.from(answer);
  const compiled = runtime.compile(bytes);
  bytes.fill(0xff);
  assert.equal(runtime.instantiate(compiled).exportedFunction("run")!.call(), 42);
});

test("what is no module, and what breaks a rule, are different errors", () => {
  const runtime = new Runtime();
  assert.throws(() => runtime.compile(new Uint8Array(3)), { name: "MalformedError" });
  assert.throws(() => runtime.compile(single([], ["i32"], "nop")), { name: "InvalidError" });
  assert.throws(() => runtime.instantiate(single([], ["i64"], ["i32.const", 1])), { name: "InvalidError" });
});

test("definitions tell types, indices and names", () => {
  const module = new ModuleBuilder();
  const imported = module.importFunction("env", "f", { params: ["i32"], results: ["i64"] });
  module.importMemory("env", "memory", 1, 2);
  module.importGlobal("env", "base", "i32", true);
  module.importTable("env", "table", "externref", 3);
  module.importTag("env", "tag", ["f64"]);
  module.exportFunction("again", imported);
  const g = module.function({ results: ["f32"], name: "inner name", export: "g" }, ["f32.const", 1]);
  module.exportFunction("h", g);
  module.global("externref", false, [["ref.null", "extern"]], "nothing");
  const compiled = new Runtime().compile(module.build("the module"));
  assert.equal(compiled.name, "the module");
  assert.deepEqual(compiled.imports, [
    {
      module: "env",
      name: "f",
      extern: {
        kind: "function",
        params: ["i32"],
        results: ["i64"],
        name: "again",
        index: 0,
        exportNames: ["again"],
        import: { module: "env", name: "f" },
      },
    },
    { module: "env", name: "memory", extern: { kind: "memory", min: 1, max: 2, shared: false, index64: false } },
    { module: "env", name: "base", extern: { kind: "global", type: "i32", mutable: true } },
    {
      module: "env",
      name: "table",
      extern: { kind: "table", type: "externref", min: 3, max: undefined, index64: false },
    },
    { module: "env", name: "tag", extern: { kind: "tag", params: ["f64"] } },
  ]);
  assert.deepEqual(
    compiled.exports.map(({ name, extern }) => [name, extern.kind]),
    [
      ["again", "function"],
      ["g", "function"],
      ["h", "function"],
      ["nothing", "global"],
    ],
  );
  assert.deepEqual(compiled.exports[2]!.extern, {
    kind: "function",
    params: [],
    results: ["f32"],
    name: "inner name",
    index: 1,
    exportNames: ["g", "h"],
    import: undefined,
  });
});

test("names and custom sections are there where they are asked for", () => {
  const module = new ModuleBuilder();
  module.custom("notes", [1, 2]);
  module.custom("other", [3]);
  module.custom("notes", []);
  const bytes = module.build("named");
  assert.deepEqual(new Runtime().compile(bytes).customSections("notes"), []);
  const compiled = new Runtime({ customSections: true, debugInfo: false }).compile(bytes);
  assert.deepEqual(compiled.customSections("notes"), [Uint8Array.of(1, 2), new Uint8Array(0)]);
  assert.deepEqual(compiled.customSections("missing"), []);
  assert.equal(compiled.name, "");
});

test("features decide what is valid", () => {
  const several = single([], ["i32", "i32"], ["i32.const", 1], ["i32.const", 2]);
  assert.throws(() => new Runtime({ features: "wasm1" }).compile(several), { name: "InvalidError" });
  new Runtime({ features: "wasm2" }).compile(several);
  new Runtime({ features: ["wasm1", "multi-value"] }).compile(several);
});

test("wrong options are refused by name", () => {
  const wrong: [unknown, RegExp][] = [
    [{ engin: "auto" }, /^RuntimeConfig has no option "engin"$/],
    [{ engine: "jit" }, /^engine is one of auto, compiler, interpreter, got jit$/],
    [{ dispatch: "goto" }, /^dispatch is one of/],
    [{ features: "wasm4" }, /^there is no feature "wasm4"; there are wasm1, wasm2, wasm3, .*\bthreads\b/],
    [{ features: ["simd", "simdd"] }, /^there is no feature "simdd"; there are /],
    [{ features: { simd: true } }, /^features is a name or an array of them$/],
    [{ eager: "no" }, /^eager is one of true, false, got no$/],
    [{ debugInfo: 0 }, /^debugInfo is one of true, false, got 0$/],
    [{ customSections: null }, /^customSections is one of true, false, got null$/],
    [{ memoryCapacityFromMax: 1 }, /^memoryCapacityFromMax is one of true, false, got 1$/],
    [{ memoryLimitPages: 65537 }, /^memoryLimitPages is a whole number from 0 to 65536, got 65537$/],
    [{ maxCallDepth: 0 }, /^maxCallDepth is a whole number from 1/],
    [{ now: 5 }, /^now is a function$/],
    [{ profiler: {} }, /^profiler.tick is a function$/],
    [null, /^a RuntimeConfig is an object$/],
  ];
  for (const [config, message] of wrong)
    assert.throws(() => new Runtime(config as never), { name: "TypeError", message });
  const runtime = new Runtime();
  assert.throws(
    () => runtime.instantiate(answer, { nam: "x" } as never),
    /^TypeError: ModuleConfig has no option "nam"$/,
  );
  assert.throws(
    () => runtime.instantiate(answer, { imports: 5 } as never),
    /^TypeError: imports is an object of modules$/,
  );
  for (const startFunctions of ["_start", [5], new Array(1)])
    assert.throws(
      () => runtime.instantiate(answer, { startFunctions } as never),
      /^TypeError: startFunctions is an array of strings, the names of exports$/,
    );
  for (const env of [5, 0, "", false, Number.NaN, null, () => {}])
    assert.throws(
      () => runtime.instantiate(caller(), { imports: { env } } as never),
      /^TypeError: imports for module "env" are not an object$/,
    );
});

test("a missing engine is an error of its own", () => {
  assert.throws(
    () => new interpreter.Runtime({ engine: "compiler" }),
    (error) => error instanceof UnsupportedError,
  );
});

test("an instance has the system it was given, frozen", () => {
  const runtime = new Runtime();
  const args = ["program", "-v"];
  const { system } = runtime.instantiate(answer, { args, env: undefined, name: "x" });
  assert.deepEqual({ ...system }, { args });
  assert.ok(Object.isFrozen(system));
});

test("a module of another runtime can be imported", () => {
  const library = new Runtime().instantiate(single(["i32"], ["i32"], ["local.get", 0], ["i32.const", 2], "i32.mul"));
  const f = library.exportedFunction("run")!;
  const run = new Runtime().instantiate(caller(), { imports: { env: { f } } }).exportedFunction("run")!;
  assert.equal(run.call(4), 9);
});

test("a module that another runtime compiled is refused: its code counts, checks and limits what that one was to", () => {
  const configs: readonly RuntimeConfig[] = [
    {},
    { metering: true },
    { metering: "fuel" },
    { profiler: { tick: () => {} } },
    { features: "wasm1" },
    { maxCallDepth: 5 },
  ];
  const runtimes = [Runtime, interpreter.Runtime].flatMap((Door) => configs.map((config) => new Door(config)));
  for (const a of runtimes) {
    const compiled = a.compile(answer);
    for (const b of runtimes) {
      if (a === b) assert.equal(b.instantiate(compiled).exportedFunction("run")!.call(), 42);
      else
        assert.throws(() => b.instantiate(compiled), {
          name: "LinkError",
          message: "the module was compiled by another runtime: compile it with this one",
        });
    }
  }
});

test("while a runtime closes, its listeners instantiate nothing", () => {
  const runtime = new Runtime();
  const compiled = runtime.compile(answer);
  const seen: unknown[] = [];
  const a = runtime.instantiate(compiled, { name: "a" });
  a.onClose((code) => {
    seen.push(code, runtime.module("a"), runtime.module("b"));
    for (const make of [
      () => runtime.instantiate(compiled, { name: "c" }),
      () => runtime.hostModule("c").instantiate(),
      () => runtime.compile(answer),
    ])
      assert.throws(make, /^Error: the runtime is closed$/);
    runtime.close(9);
    seen.push(a.exitCode);
  });
  runtime.instantiate(compiled, { name: "b" });
  runtime.close(3);
  assert.deepEqual(seen, [3, undefined, undefined, 3]);
  assert.equal(runtime.module("c"), undefined);
});

test("a listener of a module that closes can put another in its place", () => {
  const runtime = new Runtime();
  const compiled = runtime.compile(answer);
  const first = runtime.instantiate(compiled, { name: "m" });
  let second: Module | undefined;
  first.onClose(() => (second = runtime.instantiate(compiled, { name: "m" })));
  first.close();
  assert.equal(second!.exportedFunction("run")!.call(), 42);
  assert.equal(runtime.module("m"), second);
  assert.throws(() => runtime.instantiate(compiled, { name: "m" }), LinkError);
});

test("an instance that a start function of the host's closed is told of as one that its own closed", async () => {
  for (const section of ["start", "export"] as const) {
    for (const exitCode of [0, 3]) {
      const runtime = new Runtime();
      const module = new ModuleBuilder();
      const f = module.importFunction("env", "f");
      if (section === "start") module.start(f);
      else module.exportFunction("_start", f);
      const config = { name: "m", imports: { env: { f: () => runtime.module("m")!.close(exitCode) } } };
      const ways = [
        async () => runtime.instantiate(module.build(), config),
        () => runtime.instantiateAsync(module.build(), config),
      ];
      for (const way of ways) {
        if (exitCode === 0) assert.equal((await way()).closed, true);
        else await assert.rejects(way(), { name: "ExitError", exitCode });
        assert.equal(runtime.module("m"), undefined);
      }
    }
  }
});

test("what a page adds to the prototype of all objects changes nothing", async () => {
  const source = `
    Object.prototype.added = 1;
    Object.prototype.extend = function () {};
    const { parse, print } = await import("zerowasm/text");
    const { wasi } = await import("zerowasm/wasi");
    const { memoryFs, mounts } = await import("zerowasm/fs");
    const binary = parse(\`(module
      (import "env" "f" (func $f (param i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "run") (param i32) (result i32)
        (i32x4.extract_lane 0 (i32x4.add (i32x4.splat (call $f (local.get 0))) (v128.load (i32.const 0))))))\`);
    for (const door of ["zerowasm", "zerowasm/interpreter"]) {
      const runtime = new (await import(door)).Runtime({ metering: true });
      wasi.instantiate(runtime);
      const env = { f: (x) => x + 1 };
      const module = runtime.instantiate(binary, { imports: { env }, env: { A: "1" }, fs: mounts({ "/": memoryFs() }), fuel: 1000n });
      console.log(module.exportedFunction("run").call(4), await module.exportedFunction("run").callAsync(5), print(binary).length > 100);
    }
    const { WebAssembly } = await import("zerowasm/js-api");
    console.log(new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { f: (x) => x } }).exports.run(9));`;
  const { stdout, stderr } = await node(["--input-type=module", "--eval", source]);
  assert.equal(stderr, "");
  assert.equal(stdout, "5 6 true\n5 6 true\n9\n");
});

test("what comes from another realm is taken for what it is: binaries, imports, vectors", async () => {
  const module = new ModuleBuilder();
  const next = module.importFunction("env", "next", { params: ["i32"], results: ["i32"] });
  module.exportFunction("next", next);
  module.function({ params: ["v128"], results: ["v128"], export: "same" }, ["local.get", 0]);
  const binary = module.build();
  const bytes = (list: Iterable<number>, as: string): Uint8Array => runInNewContext(as, { list: [...list] });
  const env = { next: runInNewContext("(n) => n + 1") };
  const runtime = new Runtime();
  for (const as of [
    "new Uint8Array(list)",
    "new Uint8Array(list).buffer",
    "new DataView(new Uint8Array(list).buffer)",
  ]) {
    const instance = runtime.instantiate(bytes(binary, as), { imports: { env } });
    assert.equal(instance.exportedFunction("next")!.call(41), 42);
    const same = instance.exportedFunction("same")!;
    assert.deepEqual(same.call(bytes(Array(16).fill(7), "new Uint8Array(list)")), new Uint8Array(16).fill(7));
    const short = bytes([1], "new Uint8Array(list)");
    assert.throws(() => same.call(short), /is of type v128 \(a Uint8Array of 16 bytes\), got a Uint8Array of 1 byte$/);
    assert.throws(() => same.call(bytes(Array(16).fill(0), "new Int8Array(list)")), TypeError);
  }
});

test("sandboxes nobody holds can be collected", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const runtime = new Runtime();
  const compiled = runtime.compile(counter());
  let collected = 0;
  const registry = new FinalizationRegistry(() => collected++);
  for (let i = 0; i < 500; i++) registry.register(runtime.instantiate(compiled), i);
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(collected > 400, `${collected} of 500`);
});

test("instances with a name whose start functions failed can be collected", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const runtime = new Runtime();
  const module = new ModuleBuilder();
  module.start(module.importFunction("env", "f"));
  const compiled = runtime.compile(module.build());
  let collected = 0;
  const registry = new FinalizationRegistry(() => collected++);
  for (let i = 0; i < 500; i++) {
    const name = `m${i}`;
    const f = (): never => {
      registry.register(runtime.module(name)!, i);
      throw new Error("no");
    };
    const config = { name, imports: { env: { f } } };
    assert.throws(() => runtime.instantiate(compiled, config), /^Error: no$/);
  }
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(collected > 400, `${collected} of 500`);
});
