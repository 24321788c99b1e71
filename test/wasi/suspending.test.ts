// Runs real programs whose host answers by promises: input, files and sleep, several guests at once, on every engine and form.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { ExitError, type InputStream, type ModuleConfig, Runtime, type RuntimeConfig } from "zerowasm";
import { type FileSystem, memoryFs, readFile, writeFile } from "zerowasm/fs";
import { wasi } from "zerowasm/wasi";

const forms: readonly RuntimeConfig[] = [
  { engine: "compiler", eager: false },
  { engine: "compiler", eager: true },
  { engine: "interpreter", dispatch: "switch" },
  { engine: "interpreter", dispatch: "closures" },
];
const nameOf = ({ engine, dispatch, eager }: RuntimeConfig): string =>
  `${engine} ${eager ? "eager" : (dispatch ?? "")}`;
const encoder = new TextEncoder();

/** Input that comes in pieces, each a turn of the event loop later. */
function slowly(pieces: readonly string[]): InputStream {
  const queue = pieces.map((piece) => encoder.encode(piece));
  return {
    async read(buffer) {
      await new Promise(setImmediate);
      const piece = queue.shift() ?? new Uint8Array(0);
      if (piece.length > buffer.length) queue.unshift(piece.subarray(buffer.length));
      const part = piece.subarray(0, buffer.length);
      buffer.set(part);
      return part.length;
    },
  };
}

/** The same file system, each answer a promise. */
function eventual(fs: FileSystem): FileSystem {
  const originals = new WeakMap<object, object>();
  const wrap = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("stat" in value)) return value;
    const proxy = new Proxy(value, {
      get(target, key) {
        const found: unknown = Reflect.get(target, key);
        if (typeof found !== "function") return found;
        const run = (...args: unknown[]): unknown => {
          return found.apply(
            target,
            args.map((arg) => originals.get(arg as object) ?? arg),
          );
        };
        if (key === "close") return run;
        return async (...args: unknown[]) => {
          await new Promise(setImmediate);
          return wrap(run(...args));
        };
      },
    });
    originals.set(proxy, value);
    return proxy;
  };
  return { root: wrap(fs.root) as FileSystem["root"] };
}

/** Runs a command to its end: what it wrote, and its exit code. */
async function run(runtime: Runtime, path: string, config: ModuleConfig): Promise<{ stdout: string; code: number }> {
  const decoder = new TextDecoder();
  let stdout = "";
  const write = async (bytes: Uint8Array): Promise<void> => {
    const text = decoder.decode(bytes, { stream: true });
    await Promise.resolve();
    stdout += text;
  };
  try {
    (await runtime.instantiateAsync(readFileSync(path), { ...config, stdout: { write } })).close();
    return { stdout, code: 0 };
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return { stdout, code: error.exitCode };
  }
}

function newRuntime(form: RuntimeConfig): Runtime {
  const runtime = new Runtime(form);
  wasi.instantiate(runtime);
  return runtime;
}

for (const form of forms) {
  test(`guests read what comes late, each its own, on the ${nameOf(form)}`, async () => {
    const runtime = newRuntime(form);
    const programs = ["cat/cat.wasm", "rust-cat/cat.wasm", "cat/cat.wasm"];
    const texts = programs.map((_, i) => Array.from({ length: 40 }, (_, k) => `${i} says ${k}${" x".repeat(k * 9)}\n`));
    const outcomes = await Promise.all(
      programs.map((path, i) => run(runtime, `examples/${path}`, { stdin: slowly(texts[i]!) })),
    );
    assert.deepEqual(
      outcomes,
      texts.map((pieces) => ({ stdout: pieces.join(""), code: 0 })),
    );
    // What is hashed goes through loops that have turned hot meanwhile.
    const pieces = Array.from({ length: 50 }, () => "0123456789".repeat(100));
    const { stdout } = await run(runtime, "examples/sha256/sha256.wasm", { stdin: slowly(pieces) });
    const atOnce = await run(runtime, "examples/sha256/sha256.wasm", { stdin: pieces.join("") });
    assert.equal(stdout, atOnce.stdout);
  });

  test(`guests work on files that come late, on the ${nameOf(form)}`, async () => {
    const runtime = newRuntime(form);
    const systems = ["one", "two"].map((text) => {
      const fs = memoryFs();
      writeFile(fs, "/in.txt", encoder.encode(`${text} and more`));
      return fs;
    });
    const outcomes = await Promise.all(
      systems.map((fs) => run(runtime, "examples/files/files.wasm", { fs: eventual(fs) })),
    );
    assert.deepEqual(
      outcomes.map(({ code }) => code),
      [0, 0],
    );
    assert.deepEqual(
      systems.map((fs) => new TextDecoder().decode(readFile(fs, "/out.txt") as Uint8Array)),
      ["ONE AND MORE", "TWO AND MORE"],
    );
  });

  test(`guests sleep at the same time, on the ${nameOf(form)}`, async () => {
    const runtime = newRuntime(form);
    let [asleep, most] = [0, 0];
    const nanosleep = async (nanoseconds: bigint): Promise<void> => {
      most = Math.max(most, ++asleep);
      await new Promise((resolve) => setTimeout(resolve, Number(nanoseconds) / 1e6));
      asleep--;
    };
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        run(runtime, "examples/console/console.wasm", { args: ["", `${i}`], nanosleep }),
      ),
    );
    assert.equal(most, 5);
    for (const [i, { stdout, code }] of outcomes.entries()) {
      assert.equal(code, 3);
      assert.match(stdout, new RegExp(`^argument 1: ${i}\n`));
    }
  });
}

test("a page without Node serves a guest's reads from promises", async () => {
  const page = `
    import { Runtime } from "zerowasm";
    import { wasi } from "zerowasm/wasi";
    // What a form hands in, and a guest waits for.
    const lines = [];
    let wake = () => {};
    export const submit = (line) => { lines.push(line); wake(); };
    const stdin = {
      async read(buffer) {
        while (lines.length === 0) await new Promise((resolve) => { wake = resolve; });
        const line = lines.shift();
        for (let i = 0; i < line.length; i++) buffer[i] = line.charCodeAt(i);
        return line.length;
      },
    };
    export const shown = [];
    const stdout = (bytes) => shown.push(String.fromCharCode(...bytes));
    export const start = async (binary, engine) => {
      const runtime = new Runtime({ engine });
      wasi.instantiate(runtime);
      (await runtime.instantiateAsync(binary, { stdin, stdout })).close();
    };`;
  const { outputFiles } = await build({
    stdin: { contents: page, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "page",
  });
  for (const engine of ["compiler", "interpreter"]) {
    // A realm with the language and nothing else.
    const realm = createContext({});
    runInContext(outputFiles[0]!.text, realm);
    const { start, submit, shown } = runInContext("page", realm) as {
      start: (binary: unknown, engine: string) => Promise<void>;
      submit: (line: string) => void;
      shown: string[];
    };
    const binary: Uint8Array = runInContext("Uint8Array", realm).from(readFileSync("examples/cat/cat.wasm"));
    const ended = start(binary, engine);
    for (const line of ["a form", "and a button", ""]) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      submit(line);
    }
    await ended;
    assert.deepEqual([...shown], ["a form", "and a button"]);
  }
});
