// Takes modules, compiles them ahead of time, runs what was written through each door.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { type PrecompiledModule, precompile, Runtime, Trap, UnsupportedError } from "zerowasm";
import * as aot from "zerowasm/aot";
import * as interpreter from "zerowasm/interpreter";
import { parse } from "zerowasm/text";
import { node } from "./examples/process.ts";

async function load(source: string): Promise<PrecompiledModule> {
  return (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default;
}

async function compiled(wat: string): Promise<PrecompiledModule> {
  return load(precompile(parse(wat)).source);
}

/** The same module, and how often its functions were made for an instance. */
function counted(module: PrecompiledModule): { readonly module: PrecompiledModule; readonly made: () => number } {
  let made = 0;
  const chunks = module.chunks.map((chunk) => ({
    ...chunk,
    make: (E: Readonly<Record<string, unknown>>) => {
      made++;
      return chunk.make(E);
    },
  }));
  return { module: { ...module, chunks }, made: () => made };
}

const sum = `(module $sum
  (memory (export "memory") 1)
  (type $binary (func (param i32 i32) (result i32)))
  (table funcref (elem $add))
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func (export "sum") (param $n i32) (result i32) (local $s i32)
    (loop $more
      (local.set $s (call_indirect (type $binary) (local.get $s) (local.get $n) (i32.const 0)))
      (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "fill") (param i32) (memory.fill (i32.const 8) (local.get 0) (i32.const 4)))
  (func (export "wide") (param i64) (result i64) (i64.mul (local.get 0) (local.get 0))))`;

const doors = [
  ["zerowasm", Runtime, 1],
  ["zerowasm/aot", aot.Runtime, 1],
  ["zerowasm/interpreter", interpreter.Runtime, 0],
] as const;

for (const [door, Door, times] of doors) {
  test(`${door} runs it, ${times > 0 ? "compiled" : "interpreted"}`, async () => {
    const { module, made } = counted(await compiled(sum));
    const instance = new Door().instantiate(module);
    assert.equal(instance.exportedFunction("sum")!.call(1000), 500_500);
    instance.exportedFunction("fill")!.call(7);
    assert.deepEqual([...(instance.memory!.read(7, 6) ?? [])], [0, 7, 7, 7, 7, 0]);
    assert.equal(instance.exportedFunction("wide")!.call(-3_000_000_000n), 9_000_000_000_000_000_000n);
    assert.equal(made(), times);
  });
}

test("a large module is compiled as a whole, in chunks that call each other", async () => {
  const count = 160;
  // Each adds its argument to itself so often that all are millions of characters.
  const doubled = Array.from(
    { length: 1000 },
    () => "(local.set 0 (i32.rotl (i32.add (local.get 0) (i32.const 77)) (i32.const 1)))",
  ).join("");
  const functions = Array.from({ length: count }, (_, i) => {
    const next = i + 1 < count ? `(call ${i + 1} (local.get 0))` : "(local.get 0)";
    return `(func (export "f${i}") (param i32) (result i32) ${doubled} (i32.add (i32.const 1) ${next}))`;
  });
  const binary = parse(`(module ${functions.join("\n")})`);
  const { source, compiled, functions: all } = precompile(binary);
  assert.equal(all, count);
  assert.equal(compiled, count);
  const { module, made } = counted(await load(source));
  assert.ok(module.chunks.length > 1);
  const [f, expected] = [
    new aot.Runtime().instantiate(module),
    new Runtime({ engine: "interpreter" }).instantiate(binary),
  ].map((instance) => instance.exportedFunction("f0")!);
  assert.equal(f!.call(5), expected!.call(5));
  assert.equal(made(), module.chunks.length);
});

test("an engine that was asked for is taken", async () => {
  const { module, made } = counted(await compiled(sum));
  assert.equal(new Runtime({ engine: "interpreter" }).instantiate(module).exportedFunction("sum")!.call(3), 6);
  assert.equal(made(), 0);
});

test("traps tell their functions", async () => {
  const module = await compiled(`(module
    (func $inner (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
    (func $outer (export "run") (param i32) (result i32) (call $inner (local.get 0))))`);
  const target = new aot.Runtime().instantiate(module, { name: "guest" }).exportedFunction("run")!;
  assert.throws(
    () => target.call(0),
    (error) => {
      assert.ok(error instanceof Trap);
      assert.equal(error.code, "integer divide by zero");
      assert.deepEqual(
        error.wasmStack.map(({ module: name, functionName }) => [name, functionName]),
        [
          ["guest", "inner"],
          ["guest", "outer"],
        ],
      );
      return true;
    },
  );
});

test("deep recursion goes on in the interpreter, up to the runtime's limit", async () => {
  const { module, made } = counted(
    await compiled(`(module (func $down (export "down") (param i32) (result i32)
      (if (result i32) (local.get 0)
        (then (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
        (else (i32.const 0)))))`),
  );
  assert.equal(new aot.Runtime().instantiate(module).exportedFunction("down")!.call(50_000), 50_000);
  assert.equal(made(), 1);
  for (const maxCallDepth of [100, 10_000]) {
    const down = new aot.Runtime({ maxCallDepth }).instantiate(module).exportedFunction("down")!;
    assert.equal(down.call(maxCallDepth - 1), maxCallDepth - 1);
    assert.throws(() => down.call(maxCallDepth), { code: "call stack exhausted" });
  }
});

test("calls may be suspended", async () => {
  const module = await compiled(`(module
    (import "env" "later" (func $later (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (i32.add (call $later (local.get 0)) (i32.const 1))))`);
  const runtime = new aot.Runtime();
  runtime
    .hostModule("env")
    .function("later", { params: ["i32"], results: ["i32"] }, async (value) => value * 2)
    .instantiate();
  assert.equal(await runtime.instantiate(module).exportedFunction("run")!.callAsync(20), 41);
});

test("modules of both kinds call each other", async () => {
  const runtime = new aot.Runtime();
  const twice = '(module (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))';
  const user = `(module (import "lib" "twice" (func $twice (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (call $twice (call $twice (local.get 0)))))`;
  for (const lib of [parse(twice), await compiled(twice)]) {
    for (const using of [parse(user), await compiled(user)]) {
      const library = runtime.instantiate(lib, { name: "lib" });
      assert.equal(runtime.instantiate(using).exportedFunction("run")!.call(5), 20);
      library.close();
    }
  }
});

test("functions and binary belong together, and to this version", async () => {
  const module = await compiled(sum);
  const other = await compiled("(module)");
  const wrong: readonly [Partial<PrecompiledModule>, RegExp][] = [
    [{ zerowasm: "0.0.1" }, /compiled by zerowasm 0\.0\.1/],
    [{ binary: other.binary }, /another binary/],
    [{ checksum: other.checksum }, /another binary/],
    [{ binary: `${module.binary.slice(0, -4)}%%%%` }, /another binary/],
  ];
  for (const [change, message] of wrong) {
    assert.throws(
      () => new aot.Runtime().compile({ ...module, ...change }),
      (error) => error instanceof UnsupportedError && message.test(error.message),
    );
  }
});

test("nothing of the module's text is in what is written", () => {
  const { source } = precompile(parse('(module $evil (func $evil (export "evil") (import "evil" "evil")))'));
  const outside = source.replace(/binary:"[^"]*"/, "");
  assert.ok(outside.length > 50);
  assert.doesNotMatch(outside, /evil/);
});

test("the benchmark's kernels give their results", async () => {
  type Sizes = Readonly<Record<string, { readonly n: number; readonly expected: number }>>;
  const kernels: Readonly<Record<string, Sizes>> = JSON.parse(readFileSync("bench/kernels/expected.json", "utf8"));
  for (const [name, { tiny }] of Object.entries(kernels)) {
    const { source, functions, compiled: count } = precompile(readFileSync(`bench/kernels/${name}.wasm`));
    assert.equal(count, functions, name);
    const { module, made } = counted(await load(source));
    const instance = new aot.Runtime().instantiate(module);
    assert.equal(instance.exportedFunction("run")!.call(tiny!.n), tiny!.expected, name);
    assert.equal(made(), 1, name);
  }
});

for (const flags of [
  ["--disallow-code-generation-from-strings"],
  ["--jitless", "--disallow-code-generation-from-strings"],
]) {
  test(`it runs where code is not made from text: node ${flags.join(" ")}`, async () => {
    const text = precompile(parse(sum)).source;
    const script = `import { Runtime } from "zerowasm";
      import app from "data:text/javascript,${encodeURIComponent(text)}";
      const runtime = new Runtime({ engine: "auto" });
      console.log(runtime.instantiate(app).exportedFunction("sum").call(1000));`;
    const { stdout, code } = await node([...flags, "--input-type=module", "--eval", script]);
    assert.deepEqual({ stdout, code }, { stdout: "500500\n", code: 0 });
  });
}
