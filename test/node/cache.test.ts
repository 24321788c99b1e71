// Takes modules through a cache in a directory: what was compiled is found again, and nothing that is wrong with a file does harm.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { type CompilationCache, InvalidError, memoryCache, Runtime, Trap } from "zerowasm";
import { directoryCache } from "zerowasm/node";
import { parse } from "zerowasm/text";
import { node } from "../examples/process.ts";

const MKFIFO = "mkfifo"; // of POSIX

const root = mkdtempSync(join(tmpdir(), "zerowasm-cache-"));
after(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(root, `${folders++}`);

const binary = parse(`(module
  (import "env" "step" (func $step (param i32) (result i32)))
  (type $binary (func (param i32 i32) (result i32)))
  (memory 1)
  (table funcref (elem $add))
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func (export "sum") (param $n i32) (result i32) (local $s i32)
    (loop $more
      (local.set $s (call_indirect (type $binary) (local.get $s) (local.get $n) (i32.const 0)))
      (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 9))
    (local.get $s))
  (func $ask (export "ask") (param i32) (result i32) (i32.mul (call $step (local.get 0)) (i32.const 3)))
  (func $divide (export "divide") (param i32) (result i32) (i32.div_u (i32.const 100) (local.get 0))))`);

/** A cache, and what the runtime asked of it. */
function watched(cache: CompilationCache): {
  readonly cache: CompilationCache;
  readonly asked: { saved: number; found: number; scripts: number; withCode: number };
} {
  const asked = { saved: 0, found: 0, scripts: 0, withCode: 0 };
  const { script } = cache;
  return {
    asked,
    cache: {
      digest: (bytes) => cache.digest(bytes),
      load: (key) => {
        const found = cache.load(key);
        if (found !== undefined) asked.found++;
        return found;
      },
      save: (key, take) => {
        asked.saved++;
        cache.save(key, take);
      },
      ...(script && {
        script: (source: string, name: string, code: Uint8Array | undefined) => {
          asked.scripts++;
          if (code !== undefined) asked.withCode++;
          return script(source, name, code);
        },
      }),
    },
  };
}

/** Runs everything that the module does, and gives what there is to see. */
async function use(
  cache: CompilationCache,
  step: (n: number) => number | Promise<number> = (n) => n + 1,
): Promise<unknown[]> {
  const runtime = new Runtime({ engine: "compiler", eager: true, cache });
  runtime
    .hostModule("env")
    .function("step", { params: ["i32"], results: ["i32"] }, step)
    .instantiate();
  const module = runtime.instantiate(binary);
  const seen: unknown[] = [module.exportedFunction("sum")!.call(1000)];
  seen.push(await module.exportedFunction("ask")!.callAsync(4));
  try {
    module.exportedFunction("divide")!.call(0);
  } catch (error) {
    assert.ok(error instanceof Trap);
    seen.push(error.code, error.wasmStack);
  }
  return seen;
}

test(
  "where no directory can be made, the file system's error is told",
  { skip: process.platform !== "linux" },
  async () => {
    const source = `import { directoryCache } from "zerowasm/node"; for (const path of ["/proc/zerowasm", "/proc/zerowasm/x", "/dev/null", ""])
    try { directoryCache(path) } catch (error) { console.log(error.code) }`;
    const { stdout } = await node(["--input-type=module", "--eval", source]);
    assert.deepEqual(stdout.trim().split("\n"), ["ENOENT", "ENOENT", "EEXIST", "ENOENT"]);
    const folder = newFolder();
    directoryCache(join(folder, "a", "b"));
    directoryCache(join(folder, "a", "b", ""));
    assert.ok(statSync(join(folder, "a", "b")).isDirectory());
  },
);

test("what was compiled is found again by another runtime", async () => {
  const path = newFolder();
  const first = directoryCache(path);
  const cold = watched(first);
  const seen = await use(cold.cache);
  assert.equal(seen[0], 500_500);
  assert.equal(seen[1], 15);
  assert.equal(cold.asked.found, 0);
  assert.ok(cold.asked.saved > 1 && cold.asked.withCode === 0);
  first.flush();
  const warm = watched(directoryCache(path));
  assert.deepEqual(await use(warm.cache), seen);
  assert.deepEqual({ ...warm.asked, scripts: 0 }, { saved: 0, found: 1, scripts: 0, withCode: warm.asked.scripts });
  assert.ok(warm.asked.scripts > 0);
});

test("what V8 made of an entry is for its flags: processes with others have entries of their own", async () => {
  const path = newFolder();
  const source = `import { syncBuiltinESMExports } from "node:module";
    import vm from "node:vm";
    const seen = [];
    vm.Script = class extends vm.Script {
      constructor(source, options) {
        super(source, options);
        seen.push(this.cachedDataRejected ?? "made");
      }
    };
    syncBuiltinESMExports();
    const { Runtime } = await import("zerowasm");
    const { directoryCache } = await import("zerowasm/node");
    const { parse } = await import("zerowasm/text");
    const runtime = new Runtime({ engine: "compiler", eager: true, cache: directoryCache(process.argv[1]) });
    runtime.instantiate(parse('(module (func (export "f")))')).exportedFunction("f").call();
    console.log(seen.join());`;
  const run = async (...flags: string[]): Promise<string> => {
    const { stdout } = await node([...flags, "--input-type=module", "--eval", source, path]);
    return stdout.trim();
  };
  assert.equal(await run(), "made");
  assert.equal(await run("--stack-size=900"), "made");
  assert.equal(await run(), "false");
  assert.equal(await run("--stack-size=900"), "false");
});

test("calls are suspended in code from the cache", async () => {
  const cache = directoryCache(newFolder());
  const later = async (n: number): Promise<number> => n + 1;
  const seen = await use(cache, later);
  cache.flush();
  assert.equal(seen[1], 15);
  assert.deepEqual(await use(cache, later), seen);
});

test("a cache in memory serves the runtimes that share it", async () => {
  const { cache, asked } = watched(memoryCache());
  const seen = await use(cache);
  const { saved } = asked;
  assert.deepEqual(await use(cache), seen);
  assert.equal(asked.found, 1);
  assert.equal(asked.saved, saved);
});

test("a cache in memory lets go what was used longest ago", () => {
  const cache = memoryCache({ maxModules: 2 });
  const save = (key: string): void => cache.save(key, () => ({ facts: new Uint8Array(1), chunks: [] }));
  for (const key of ["a", "b"]) save(key);
  assert.ok(cache.load("a"));
  save("c");
  save("c");
  assert.deepEqual(
    ["a", "b", "c"].filter((key) => cache.load(key)),
    ["a", "c"],
  );
  for (const maxModules of [-1, Number.NaN]) assert.throws(() => memoryCache({ maxModules }), RangeError);
});

test("the interpreter keeps that a module is valid", () => {
  const { cache, asked } = watched(memoryCache());
  for (let i = 0; i < 2; i++) new Runtime({ engine: "interpreter", cache }).compile(binary);
  assert.deepEqual({ found: asked.found, saved: asked.saved }, { found: 1, saved: 1 });
});

test("what is valid with some features is not with others; what is not valid is not kept", () => {
  const cache = memoryCache();
  const vector = parse("(module (func (drop (v128.const i32x4 0 0 0 0))))");
  new Runtime({ cache }).compile(vector);
  assert.throws(() => new Runtime({ cache, features: "wasm1" }).compile(vector), InvalidError);
  const invalid = parse("(module (func (result i32)))");
  for (let i = 0; i < 2; i++) assert.throws(() => new Runtime({ cache }).compile(invalid), InvalidError);
});

test("a damaged entry is none, and is deleted", async () => {
  const path = newFolder();
  const cache = directoryCache(path);
  const seen = await use(cache);
  cache.flush();
  const [name] = readdirSync(path);
  const file = join(path, name!);
  const good = readFileSync(file);
  const damages: Buffer[] = [Buffer.alloc(0), good.subarray(0, 20), good.subarray(0, good.length - 1)];
  for (let at = 0; at < good.length; at += Math.ceil(good.length / 40)) {
    const bad = Buffer.from(good);
    bad[at]! ^= 0x41;
    damages.push(bad);
  }
  for (const bad of damages) {
    writeFileSync(file, bad);
    const again = watched(directoryCache(path));
    assert.deepEqual(new Runtime({ engine: "compiler", cache: again.cache }).compile(binary).exports.length, 3);
    assert.equal(again.asked.found, 0);
    assert.ok(!existsSync(file));
  }
  assert.deepEqual(await use(directoryCache(path)), seen);
});

test("what is no file of this user's alone is no entry", { skip: process.platform === "win32" }, async () => {
  const path = newFolder();
  const cache = directoryCache(path);
  const seen = await use(cache);
  cache.flush();
  const file = join(path, readdirSync(path)[0]!);
  const good = readFileSync(file);
  const moved = join(path, "moved");
  const places: Readonly<Record<string, () => void>> = {
    "a link": () => {
      writeFileSync(moved, good, { mode: 0o600 });
      symlinkSync(moved, file);
    },
    "a directory": () => mkdirSync(file),
    // It would be waited for.
    "a pipe": () => void spawnSync(MKFIFO, [file]),
    "a file that others may write": () => {
      writeFileSync(file, good);
      chmodSync(file, 0o622);
    },
  };
  for (const [what, put] of Object.entries(places)) {
    rmSync(file, { recursive: true, force: true });
    put();
    const emended = directoryCache(path);
    const again = watched(emended);
    assert.deepEqual(await use(again.cache), seen, what);
    assert.equal(again.asked.found, 0, what);
    emended.flush();
    assert.equal(lstatSync(file).isFile(), what !== "a directory", what);
  }
  rmSync(file, { recursive: true, force: true });
  writeFileSync(file, good, { mode: 0o600 });
  const last = watched(directoryCache(path));
  assert.deepEqual(await use(last.cache), seen);
  assert.equal(last.asked.found, 1);
});

test("that an entry cannot be made is no failure", () => {
  const path = newFolder();
  const cache = directoryCache(path);
  cache.save("one", () => {
    throw new RangeError("no room");
  });
  cache.save("two", () => ({ facts: new Uint8Array(3), chunks: [] }));
  cache.flush();
  assert.equal(cache.load("two")?.facts.length, 3);
  assert.equal(readdirSync(path).length, 1);
});

test("an entry of another module is none", () => {
  const path = newFolder();
  const cache = directoryCache(path);
  const other = parse('(module (func (export "a")))');
  for (const bytes of [binary, other]) new Runtime({ cache }).compile(bytes);
  cache.flush();
  const [one, two] = readdirSync(path).map((name) => join(path, name));
  writeFileSync(one!, readFileSync(two!));
  const again = watched(directoryCache(path));
  for (const bytes of [binary, other]) new Runtime({ cache: again.cache }).compile(bytes);
  assert.equal(again.asked.found, 1);
});

test("only the owner reads the directory, and nothing is left but entries", async () => {
  const path = newFolder();
  const cache = directoryCache(path);
  await use(cache);
  cache.flush();
  const names = readdirSync(path);
  assert.equal(names.length, 1);
  assert.match(names[0]!, /^[0-9a-f]{40}\.zerowasm$/);
  if (process.platform === "win32") return;
  assert.equal(statSync(path).mode & 0o077, 0);
  assert.equal(statSync(join(path, names[0]!)).mode & 0o077, 0);
});

test("processes write at the same time", async () => {
  const path = newFolder();
  const script = `import { Runtime } from "zerowasm";
    import { directoryCache } from "zerowasm/node";
    const cache = directoryCache(${JSON.stringify(path)}, { maxBytes: 50_000 });
    const binary = Uint8Array.from(${JSON.stringify([...parse('(module (func (export "f") (result i32) (i32.const 7)))')])});
    for (let i = 0; i < 30; i++) {
      const runtime = new Runtime({ engine: "compiler", eager: true, cache });
      if (runtime.instantiate(binary).exportedFunction("f").call() !== 7) process.exit(1);
      cache.save("other " + (i % 3), () => ({ facts: new Uint8Array(i * 1000), chunks: [] }));
      cache.flush();
      cache.load("other " + (i % 3)); // another process may have removed it
    }
    console.log("done");`;
  const runs = await Promise.all(Array.from({ length: 3 }, () => node(["--input-type=module", "--eval", script])));
  for (const run of runs) assert.deepEqual(run, { stdout: "done\n", stderr: "", code: 0 });
  assert.ok(readdirSync(path).every((name) => name.endsWith(".zerowasm")));
});

/** An entry of a size, last used so many minutes ago. */
function entry(path: string, digit: string, size: number, minutes: number, suffix = ""): string {
  const file = join(path, `${digit.repeat(40)}.zerowasm${suffix}`);
  writeFileSync(file, Buffer.alloc(size));
  const then = new Date(Date.now() - minutes * 60_000);
  utimesSync(file, then, then);
  return file;
}

test("what was used longest ago is removed where there is too much, and nothing that is not the cache's", () => {
  const path = newFolder();
  const cache = directoryCache(path, { maxBytes: 3000 });
  const gone = [entry(path, "1", 1000, 30), entry(path, "2", 1000, 20), entry(path, "3", 1, 61, ".17.0123456789ab")];
  const kept = [
    entry(path, "0", 1000, 10),
    entry(path, "4", 500, 5),
    entry(path, "5", 9000, 59, ".17.0123456789ab"), // another process may be writing it
    join(path, "notes"),
    join(path, "7.zerowasm"),
  ];
  for (const file of kept.slice(3)) writeFileSync(file, Buffer.alloc(9000));
  cache.flush();
  assert.ok(gone.every(existsSync), "nothing was written");
  cache.save("new", () => ({ facts: new Uint8Array(1000), chunks: [] }));
  cache.flush();
  assert.deepEqual(gone.filter(existsSync), []);
  assert.deepEqual(
    kept.filter((file) => !existsSync(file)),
    [],
  );
  assert.ok(cache.load("new"));
});

for (const used of ["first", "second"])
  test(`an entry that was read was used (${used})`, () => {
    const path = newFolder();
    const cache = directoryCache(path, { maxBytes: 2500 });
    const save = (key: string): void => {
      cache.save(key, () => ({ facts: new Uint8Array(1000), chunks: [] }));
      cache.flush();
    };
    for (const key of ["first", "second"]) save(key);
    for (const name of readdirSync(path)) utimesSync(join(path, name), 1, 1);
    assert.ok(cache.load(used));
    save("third");
    assert.deepEqual(
      ["first", "second", "third"].filter((key) => cache.load(key)),
      [used, "third"],
    );
  });

test("a cache's limit is a number of bytes", () => {
  for (const maxBytes of [-1, Number.NaN]) assert.throws(() => directoryCache(newFolder(), { maxBytes }), RangeError);
});

test("that nothing can be written is no failure", async () => {
  const path = newFolder();
  const cache = directoryCache(path);
  rmSync(path, { recursive: true });
  assert.equal((await use(cache))[0], 500_500);
  cache.flush();
  assert.ok(!existsSync(path));
});
