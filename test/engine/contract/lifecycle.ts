// From the start functions to the close: names, exit codes, and what is left afterwards.
import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ExitError, type HostRuntime, LinkError, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { counter, single } from "../../support/guests.ts";
import { type Instr, ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

/** A stand-in for WASI's `proc_exit`, and `log`, which collects numbers. */
function system(runtime: HostRuntime): number[] {
  const log: number[] = [];
  runtime
    .hostModule("sys")
    .functionWithModule("exit", { params: ["i32"] }, (caller, code) => {
      caller.close(code);
      throw new ExitError(code, caller.name);
    })
    .function("log", { params: ["i32"] }, (x) => log.push(x))
    .function("later", { params: ["i32"] }, async (x) => log.push(x))
    .instantiate();
  return log;
}

const exit = 0;
const log = 1;
const later = 2;

/** A module with the functions of `system` as 0 to 2, and these functions exported. */
function program(functions: Readonly<Record<string, readonly Instr[]>>, start?: string): Uint8Array {
  const module = new ModuleBuilder();
  for (const name of ["exit", "log", "later"]) module.importFunction("sys", name, { params: ["i32"] });
  for (const [name, body] of Object.entries(functions)) {
    const index = module.function({ export: name }, ...body);
    if (name === start) module.start(index);
  }
  return module.build();
}

const calling = (f: number, x: number): readonly Instr[] => [
  ["i32.const", x],
  ["call", f],
];

export function lifecycle(newRuntime: NewRuntime): void {
  test("the start section runs first, then _start", () => {
    const runtime = newRuntime();
    const seen = system(runtime);
    const functions = { _initialize: calling(log, 3), _start: calling(log, 2), begin: calling(log, 1) };
    runtime.instantiate(program(functions, "begin"));
    assert.deepEqual(seen, [1, 2]);
  });

  test("a reactor is initialized, and chosen functions run in their order", () => {
    const runtime = newRuntime();
    const seen = system(runtime);
    const functions = { _initialize: calling(log, 1), a: calling(log, 2), b: calling(log, 3) };
    runtime.instantiate(program(functions));
    runtime.instantiate(program(functions), { startFunctions: ["b", "a"] });
    runtime.instantiate(program(functions), { startFunctions: [] });
    assert.deepEqual(seen, [1, 3, 2]);
    assert.throws(() => runtime.instantiate(program(functions), { startFunctions: ["main"] }), LinkError);
  });

  test("exit code 0 is a normal end: the module comes back closed and its name is free", () => {
    const runtime = newRuntime();
    system(runtime);
    const bytes = program({ _start: [...calling(exit, 0), "unreachable"], other: ["nop"] });
    const instance = runtime.instantiate(bytes, { name: "main" });
    assert.equal(instance.closed, true);
    assert.equal(runtime.module("main"), undefined);
    assert.throws(() => instance.exportedFunction("other")!.call(), { name: "ExitError", exitCode: 0 });
    assert.equal(runtime.instantiate(bytes, { name: "main" }).closed, true);
  });

  test("another exit code is thrown", async () => {
    const runtime = newRuntime();
    system(runtime);
    const bytes = program({ _start: calling(exit, 7) });
    assert.throws(() => runtime.instantiate(bytes, { name: "main" }), {
      name: "ExitError",
      exitCode: 7,
      message: 'module "main" closed with exit code 7',
    });
    await assert.rejects(runtime.instantiateAsync(bytes, { name: "main" }), { exitCode: 7 });
    assert.equal(runtime.module("main"), undefined);
  });

  test("a start function may wait", async () => {
    const runtime = newRuntime();
    const seen = system(runtime);
    const bytes = program({ begin: calling(later, 1), _start: [...calling(later, 2), ...calling(exit, 0)] }, "begin");
    assert.equal((await runtime.instantiateAsync(bytes)).closed, true);
    assert.deepEqual(seen, [1, 2]);
    assert.throws(() => runtime.instantiate(bytes), { name: "SuspendError" });
  });

  test("a start function of others that waits is ended by the close of its module", { timeout: 10_000 }, async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const relay = parse('(module (import "env" "f" (func $f)) (func (export "f") (call $f)))');
    for (const [way, isGuest, isWhole] of [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, n & 2, n & 4])) {
      const runtime = newRuntime();
      const other = isGuest ? runtime.instantiate(relay, { imports: { env: { f: never } } }) : { f: never };
      const begins = way ? "(start $f)" : '(export "_start" (func $f))';
      const bytes = parse(`(module (import "env" "f" (func $f)) ${begins})`);
      const made = runtime.instantiateAsync(bytes, { name: "main", imports: { env: other } });
      if (isWhole) runtime.close(3);
      else runtime.module("main")!.close(3);
      await assert.rejects(made, { name: "ExitError", exitCode: 3, message: /"main"/ });
      assert.equal(runtime.module("main"), undefined);
    }
  });

  test("a trap in a start function frees the name", () => {
    const runtime = newRuntime();
    system(runtime);
    for (const [functions, start] of [
      [{ begin: ["unreachable"] }, "begin"],
      [{ _start: ["unreachable"] }, undefined],
    ] as const) {
      assert.throws(() => runtime.instantiate(program(functions, start), { name: "main" }), { code: "unreachable" });
      assert.equal(runtime.module("main"), undefined);
    }
  });

  test("functions that a failed instance left in a shared table can be called", () => {
    const runtime = newRuntime();
    const host = runtime.hostModule("host").table("table", { type: "funcref", min: 1 }).instantiate();
    const module = new ModuleBuilder();
    module.importTable("host", "table", "funcref", 1);
    const f = module.function({ results: ["i32"] }, ["i32.const", 5]);
    module.start(module.function({}, "unreachable"));
    module.elements([["i32.const", 0]], [f]);
    assert.throws(() => runtime.instantiate(module.build()), { code: "unreachable" });
    assert.equal((host.exportedTable("table")!.get(0) as { call(): unknown }).call(), 5);
  });

  test("closing unwinds the guest that called, even without an error of the host's", () => {
    const runtime = newRuntime();
    const seen = system(runtime);
    runtime
      .hostModule("env")
      .functionWithModule("close", {}, (caller) => caller.close(4))
      .instantiate();
    const module = new ModuleBuilder();
    const close = module.importFunction("env", "close");
    const note = module.importFunction("sys", "log", { params: ["i32"] });
    module.function({ export: "run" }, ["call", close], ["i32.const", 1], ["call", note]);
    const instance = runtime.instantiate(module.build());
    assert.throws(() => instance.exportedFunction("run")!.call(), { name: "ExitError", exitCode: 4 });
    assert.deepEqual(seen, []);
  });

  test("a closed module refuses calls, keeps its first exit code and tells its listeners once", async () => {
    const instance = newRuntime().instantiate(counter(), { name: "counter" });
    const told: number[] = [];
    instance.onClose((code) => told.push(code));
    const increment = instance.exportedFunction("increment")!;
    increment.call();
    instance.close(3);
    instance.close(5);
    instance.onClose((code) => told.push(code + 100));
    assert.deepEqual(told, [3, 103]);
    assert.equal(instance.exitCode, 3);
    assert.throws(() => increment.call(), { exitCode: 3 });
    await assert.rejects(increment.callAsync(), { exitCode: 3 });
    assert.throws(() => increment.callRaw(new BigUint64Array(1)), { exitCode: 3 });
  });

  test("a closed module refuses calls of other guests, however often they have called it", async () => {
    for (const call of [
      "(call $f (i32.const 1))",
      "(return_call $f (i32.const 1))",
      "(call_ref $type (i32.const 1) (ref.func $f))",
      "(return_call_ref $type (i32.const 1) (ref.func $f))",
      ...["$own", "$imported", "$long"].flatMap((table) => [
        `(call_indirect ${table} (type $type) (i32.const 1) (i32.const 0))`,
        `(return_call_indirect ${table} (type $type) (i32.const 1) (i32.const 0))`,
      ]),
    ]) {
      const runtime = newRuntime();
      const library = runtime.instantiate(single(["i32"], ["i32"], ["local.get", 0]), { name: "library" });
      runtime.hostModule("host").table("table", { type: "funcref", min: 1 }).instantiate();
      const run = runtime
        .instantiate(
          parse(`(module (type $type (func (param i32) (result i32))) (import "library" "run" (func $f (type $type)))
            (import "host" "table" (table $imported 1 funcref))
            (table $own funcref (elem $f)) (table $long 5000 funcref)
            (elem (table $imported) (i32.const 0) func $f) (elem (table $long) (i32.const 0) func $f)
            (func (export "run") (result i32) ${call}))`),
        )
        .exportedFunction("run")!;
      for (let i = 0; i < 10; i++) assert.equal(run.call(), 1);
      library.close(4);
      assert.throws(() => run.call(), { name: "ExitError", exitCode: 4 }, call);
      await assert.rejects(run.callAsync(), { name: "ExitError", exitCode: 4 }, call);
    }
  });

  test("names are unique while their module is open", () => {
    const runtime = newRuntime();
    const first = runtime.instantiate(counter(), { name: "one" });
    assert.equal(runtime.module("one"), first);
    assert.throws(() => runtime.instantiate(counter(), { name: "one" }), {
      name: "LinkError",
      message: 'a module named "one" is already instantiated in this runtime',
    });
    assert.throws(() => runtime.hostModule("one").instantiate(), LinkError);
    first.close();
    assert.notEqual(runtime.instantiate(counter(), { name: "one" }), first);
    runtime.instantiate(single([], [], "nop"));
    runtime.instantiate(single([], [], "nop"), { name: "" });
    assert.equal(runtime.module(""), undefined);
  });

  test("closing the runtime closes its modules", () => {
    const runtime = newRuntime();
    const modules = ["a", "", "b"].map((name) => runtime.instantiate(counter(), { name }));
    const order: number[] = [];
    for (const [i, module] of modules.entries()) module.onClose(() => order.push(i));
    runtime.close(2);
    // Named modules listen from the start, anonymous ones since they have a listener; the last to listen is told first.
    assert.deepEqual(order, [1, 2, 0]);
    assert.ok(modules.every((module) => module.closed && module.exitCode === 2));
    assert.throws(() => runtime.instantiate(counter()), /the runtime is closed/);
  });

  test("a closed compiled module makes no more instances; those that are go on", () => {
    const runtime = newRuntime();
    const compiled = runtime.compile(counter());
    const increment = runtime.instantiate(compiled).exportedFunction("increment")!;
    compiled.close();
    assert.equal(increment.call(), 1);
    assert.throws(() => runtime.instantiate(compiled), LinkError);
  });

  test("what nobody holds is collected with its code, also after a trap: the runtime holds neither", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const runtime = newRuntime();
    const guest = new ModuleBuilder();
    guest.importFunction("m", "f", {});
    guest.function({ export: "trap" }, ["call", 0], "unreachable");
    const run = (): WeakRef<() => void> => {
      const f = (): void => {};
      const module = runtime.instantiate(guest.build(), { imports: { m: { f } } });
      assert.throws(() => module.exportedFunction("trap")!.call(), Trap);
      return new WeakRef(f);
    };
    const guests = [run(), run(), run(), run()];
    // The loop still has what it ran last.
    const areGone = (): boolean => guests.slice(0, 2).every((f) => f.deref() === undefined);
    // A compiler of the host's may hold them for as long as it is at work on another thread.
    for (let turn = 0; turn < 100 && !areGone(); turn++) {
      await new Promise((resolve) => setTimeout(resolve, turn === 0 ? 0 : 10));
      collect();
    }
    assert.ok(areGone());
    runtime.close();
  });
}
