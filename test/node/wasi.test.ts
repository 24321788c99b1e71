// Takes small guests, runs them with Node's own `WASI` and with that of the door `zerowasm/node/wasi`, both on the host's WebAssembly and on ours.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { WebAssembly as Own } from "zerowasm/js-api";
import { WASI } from "zerowasm/node/wasi";
import { parse } from "zerowasm/text";

/** Names are those of Node 26: its older versions have no `finalizeBindings`, and take a failed `start` for one. */
type Wasi = Pick<WASI, "wasiImport" | "start" | "initialize" | "getImportObject"> & Partial<WASI>;
type WasiClass = new (options?: object) => Wasi;
interface Namespace {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (descriptor: object) => { readonly buffer: ArrayBufferLike };
}

process.removeAllListeners("warning"); // that Node's own is experimental
const theirs = createRequire(import.meta.url)("node:wasi").WASI as WasiClass;
const ours = WASI as unknown as WasiClass;
const host = (globalThis as unknown as Record<string, unknown>)["WebAssembly"] as Namespace;
const own = Own as unknown as Namespace;
const sides = [
  ["ours on the host's WebAssembly", ours, host],
  ["ours on ours", ours, own],
] as const;

const folder = mkdtempSync(join(tmpdir(), "zerowasm-node-wasi-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "in"));
writeFileSync(join(folder, "in", "name.txt"), "in the file");
writeFileSync(join(folder, "outside.txt"), "out of it");
symlinkSync("../outside.txt", join(folder, "in", "link.txt"));
symlinkSync(join(folder, "outside.txt"), join(folder, "in", "absolute.txt"));
symlinkSync(`${join(folder, "in")}-other/name.txt`, join(folder, "in", "beside.txt"));
mkdirSync(join(folder, "in", "deep"));
symlinkSync(join(folder, "in", "name.txt"), join(folder, "in", "deep", "name.txt"));
symlinkSync(join(folder, "in"), join(folder, "in", "deep", "root"));
const preopens = { "/data": join(folder, "in") };

const imports = `
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $prestat (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`;

/** A program with this body, and what it needs to write `length` bytes at `address`. */
function program(body: string, rest = ""): Uint8Array {
  return parse(`(module ${imports}
    (memory (export "memory") 1)
    (func $put (param $address i32) (param $length i32)
      (i32.store (i32.const 0) (local.get $address)) (i32.store (i32.const 4) (local.get $length))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "_start") ${body}) ${rest})`);
}

/** What came of a run: what was printed, and the code, or what was thrown. */
function ran(Class: WasiClass, { Module, Instance }: Namespace, bytes: Uint8Array, options: object): unknown {
  const file = join(folder, "stdout");
  const stdout = openSync(file, "w");
  try {
    const wasi = new Class({ version: "preview1", ...options, stdout });
    const code = wasi.start(new Instance(new Module(bytes), wasi.getImportObject()));
    return [code, readFileSync(file, "latin1")];
  } catch (error) {
    return toldBy(error);
  } finally {
    closeSync(stdout);
  }
}

function toldBy(error: unknown): unknown {
  const { name, message, code, errno, syscall } = error as Record<string, unknown>;
  return { name, message, code, errno, syscall };
}

function same(name: string, bytes: Uint8Array, options: object, expected: unknown): void {
  test(name, () => {
    assert.deepEqual(ran(theirs, host, bytes, options), expected, "Node's own");
    for (const [side, Class, namespace] of sides)
      assert.deepEqual(ran(Class, namespace, bytes, options), expected, side);
  });
}

const list = (kind: string): Uint8Array =>
  program(`(drop (call $${kind}_sizes (i32.const 100) (i32.const 104)))
    (drop (call $${kind} (i32.const 200) (i32.const 1000)))
    (call $put (i32.const 1000) (i32.load (i32.const 104)))`);

same("arguments", list("args"), { args: ["a", "é", 5] }, [0, "a\0\xc3\xa9\x005\0"]);
same("no arguments", list("args"), {}, [0, ""]);
same("the environment", list("environ"), { env: { A: "1", B: undefined, C: 2 } }, [0, "A=1\0C=2\0"]);
same("an exit code is given", program("(call $exit (i32.const 42)) unreachable"), {}, [42, ""]);

const readFrom = (path: string): Uint8Array =>
  program(
    `(drop (call $prestat (i32.const 3) (i32.const 100) (i32.const 5)))
    (call $put (i32.const 100) (i32.const 5))
    (i32.store (i32.const 500) (i32.const 99))
    (i32.store8 (i32.const 300) (call $open (i32.const 3) (i32.const 1) (i32.const 400) (i32.const ${path.length})
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 500)))
    (call $put (i32.const 300) (i32.const 1))
    (i32.store (i32.const 0) (i32.const 600)) (i32.store (i32.const 4) (i32.const 100))
    (if (i32.eqz (call $read (i32.load (i32.const 500)) (i32.const 0) (i32.const 1) (i32.const 504)))
      (then (call $put (i32.const 600) (i32.load (i32.const 504)))))`,
    `(data (i32.const 400) "${path}")`,
  );

same("a file of a directory", readFrom("name.txt"), { preopens }, [0, "/data\0in the file"]);
same("no such file", readFrom("none.txt"), { preopens }, [0, "/data\x2c"]);

test("links lead nowhere outside of the directory", () => {
  for (const path of [
    "../outside.txt",
    "link.txt",
    "absolute.txt",
    "beside.txt",
    "deep/root/../outside.txt",
    join(folder, "outside.txt"),
  ])
    for (const [side, Class, namespace] of sides) {
      assert.deepEqual(ran(Class, namespace, readFrom(path), { preopens }), [0, "/data\x3f"], `${side}: ${path}`); // EPERM
    }
});

test("absolute links lead to places inside of it, as in Node's own where a guest finds it at its path of the host", () => {
  for (const path of ["deep/name.txt", "deep/root/name.txt", "deep/root/deep/root/deep/../deep/name.txt"]) {
    const [, printed] = ran(theirs, host, readFrom(path), {
      preopens: { [join(folder, "in")]: join(folder, "in") },
    }) as [0, string];
    assert.equal(printed.slice(5), "\0in the file", path);
    for (const [side, Class, namespace] of sides)
      assert.deepEqual(
        ran(Class, namespace, readFrom(path), { preopens }),
        [0, "/data\0in the file"],
        `${side}: ${path}`,
      );
  }
});

test("standard input is a descriptor", () => {
  const bytes = program(`(i32.store (i32.const 0) (i32.const 600)) (i32.store (i32.const 4) (i32.const 100))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 504)))
    (call $put (i32.const 600) (i32.load (i32.const 504)))`);
  for (const [side, Class, namespace] of [["Node's own", theirs, host] as const, ...sides]) {
    const stdin = openSync(join(folder, "outside.txt"), "r");
    assert.deepEqual(ran(Class, namespace, bytes, { stdin }), [0, "out of it"], side);
    closeSync(stdin);
  }
});

same(
  "a trap passes",
  program("unreachable"),
  {},
  {
    name: "RuntimeError",
    message: "unreachable",
    code: undefined,
    errno: undefined,
    syscall: undefined,
  },
);

const version = "preview1";
const wrong: readonly unknown[] = [
  5,
  null,
  [],
  {},
  { version: 5 },
  { version: "preview2" },
  { version, args: "x" },
  { version, args: null },
  { version, env: null },
  { version, env: () => {} },
  { version, preopens: 5 },
  { version, preopens: [] },
  { version, preopens: { "/": join(folder, "none") } },
  { version, preopens: { "/": join(folder, "outside.txt") } },
  { version, stdin: "a" },
  { version, stdin: -1 },
  { version, stdout: 1.5 },
  { version, stderr: 2 ** 31 },
  { version, stdin: 5n },
  { version, stdin: new Map() },
  { version, stdin: Object.create(null) },
  { version, stdin: "x".repeat(50) },
  { version, stdin: 99_999 },
  { version, returnOnExit: 1 },
];

test("options that are wrong", () => {
  const thrown = (Class: WasiClass, options: unknown): unknown => {
    try {
      new Class(options as object);
    } catch (error) {
      return toldBy(error);
    }
    return "nothing";
  };
  for (const options of wrong) {
    const expected = thrown(theirs, options);
    assert.notEqual(expected, "nothing");
    assert.deepEqual(thrown(ours, options), expected);
  }
  assert.equal(thrown(ours, { version, preopens: { "/": folder }, args: [], env: {}, returnOnExit: false }), "nothing");
});

test("instances that are wrong, and second starts", () => {
  const calls = (Class: WasiClass, { Memory }: Namespace, start: "start" | "initialize"): unknown[] => {
    const memory = new Memory({ initial: 1 });
    const instances = [
      { exports: { memory } },
      { exports: { memory, _start: 5 } },
      { exports: { memory, _start() {}, _initialize() {} } },
      { exports: { memory, _start() {} } },
      { exports: { memory, _initialize() {} } },
      { exports: { memory, _initialize: 5 } },
    ];
    // What is left undone is done another time, but in older versions of Node.
    const unready = [undefined, 5, {}, { exports: {} }, { exports: { memory: {} } }].map((instance) => [instance]);
    return [...unready, ...instances.map((instance) => [instance, instance])].map((given) => {
      const wasi = new Class({ version });
      return given.map((instance) => {
        try {
          return wasi[start](instance as object);
        } catch (error) {
          return toldBy(error);
        }
      });
    });
  };
  for (const start of ["start", "initialize"] as const) {
    const expected = calls(theirs, host, start);
    for (const [side, Class, namespace] of sides) assert.deepEqual(calls(Class, namespace, start), expected, side);
  }
});

test("functions before the start, and with wrong arguments", () => {
  const calls = (Class: WasiClass, { Memory }: Namespace): unknown[] => {
    const wasi = new Class({ version });
    const call = (...args: unknown[]): unknown => {
      try {
        return wasi.wasiImport["args_sizes_get"]!(...(args as number[]));
      } catch (error) {
        return toldBy(error);
      }
    };
    const before = [call(0, 4), call()];
    wasi.initialize({ exports: { memory: new Memory({ initial: 1 }) } });
    return [...before, call(0, 4), call(), call(0, 4, 8), call("0", 4)];
  };
  const expected = calls(theirs, host);
  assert.deepEqual(expected.slice(1), [28, 0, 28, 28, 28]);
  for (const [side, Class, namespace] of sides) assert.deepEqual(calls(Class, namespace), expected, side);
});

test("it has what Node's has, and the fields that packages look for", () => {
  const namesOf = (Class: WasiClass): unknown => {
    const wasi = new Class({ version: "unstable" });
    const symbols = Object.getOwnPropertySymbols(wasi).map(({ description }) => description);
    const names = [symbols, Object.keys(wasi), Object.keys(wasi.wasiImport), Object.keys(wasi.getImportObject())];
    return names.map((some) => some.sort());
  };
  assert.deepEqual(namesOf(ours), namesOf(theirs));
  const methods = Object.getOwnPropertyNames(theirs.prototype);
  const added = methods.includes("finalizeBindings") ? [] : ["finalizeBindings"];
  assert.deepEqual(Object.getOwnPropertyNames(ours.prototype).sort(), [...methods, ...added].sort());
});

test("a memory by another name, which grows and is shared", () => {
  for (const [side, Class, { Module, Instance, Memory }] of sides) {
    const bytes = parse(`(module ${imports} (import "env" "memory" (memory 1 4 shared))
      (func (export "count") (result i32) (drop (memory.grow (i32.const 1)))
        (drop (call $args_sizes (i32.const 65536) (i32.const 65540))) (i32.load (i32.const 65536))))`);
    const memory = new Memory({ initial: 1, maximum: 4, shared: true });
    const wasi = new Class({ version, args: ["a", "b"] });
    const instance = new Instance(new Module(bytes), { ...wasi.getImportObject(), env: { memory } });
    wasi.finalizeBindings!(instance, { memory });
    assert.equal((instance.exports as { count(): number }).count(), 2, side);
    assert.throws(() => wasi.start(instance), { code: "ERR_WASI_ALREADY_STARTED" });
  }
});

test("what does the work of a start itself finds the fields for it, as emnapi does in a thread", () => {
  for (const [side, Class, { Memory }] of sides) {
    const wasi = new Class({ version, args: ["a"] });
    const fields = wasi as unknown as Record<symbol, unknown>;
    const [kInstance, kSetMemory, kStarted] = ["kInstance", "kSetMemory", "kStarted"].map(
      (name) => Object.getOwnPropertySymbols(wasi).find(({ description }) => description === name)!,
    ) as [symbol, symbol, symbol];
    const memory = new Memory({ initial: 1, maximum: 1, shared: true });
    fields[kInstance] = { exports: { memory } };
    (fields[kSetMemory] as (memory: object) => void)(memory);
    assert.equal(wasi.wasiImport["args_sizes_get"]!(0, 4), 0);
    assert.deepEqual([...new Int32Array(memory.buffer, 0, 2)], [1, 2], side);
    wasi.start({ exports: { memory, _start() {} } });
    fields[kStarted] = false;
    assert.equal(wasi.start({ exports: { memory, _start() {} } }), 0);
  }
});

// Of Node's own WASI one check each of Rust and Go fails.
for (const [file, checks] of [
  ["c", 35],
  ["rust", 22],
  ["go", 28],
] as const) {
  test(`${file}.wasm finds its standard library to work`, () => {
    const bytes = readFileSync(`test/programs/${file}.wasm`);
    for (const [side, Class, namespace] of sides) {
      const data = mkdtempSync(join(folder, "data-"));
      writeFileSync(join(data, "seed.txt"), "seed\n");
      const options = {
        args: ["check", "write", "two words", "é"],
        env: { GREETING: "hello, wörld", EMPTY: "" },
        preopens: { "/data": data },
      };
      const [code, printed] = ran(Class, namespace, bytes, options) as [number, string];
      assert.deepEqual([code, printed.match(/^ok /gm)?.length, printed.match(/^not ok.*/gm)], [0, checks, null], side);
    }
  });
}

test("the process ends with the code, where the caller wants that", () => {
  const bytes = JSON.stringify([...program("(call $exit (i32.const 7))")]);
  const script = `
    import { WebAssembly } from "zerowasm/js-api";
    import { WASI } from "zerowasm/node/wasi";
    const wasi = new WASI({ version: "preview1", returnOnExit: false });
    const module = new WebAssembly.Module(Uint8Array.from(${bytes}));
    wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
    console.log("goes on");`;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.deepEqual([status, stdout], [7, ""]);
});
