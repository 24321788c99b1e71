// Takes programs of C, Rust and Go that check their standard libraries, expects every check to hold, in both engines and on each file system.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { type CompiledModule, ExitError, Runtime } from "zerowasm";
import { type FileSystem, memoryFs, mounts, overlay, readOnly, writeFile } from "zerowasm/fs";
import { hostDirectory } from "zerowasm/node";
import { wasi } from "zerowasm/wasi";

/** A program: how many checks hold in each mode, and how it prints the minute that its clock was given. */
interface Program {
  readonly file: string;
  readonly checks: { readonly write: number; readonly "read-only": number };
  readonly minute: string;
}

type Mode = keyof Program["checks"];

const programs: readonly Program[] = [
  { file: "c.wasm", checks: { write: 35, "read-only": 15 }, minute: "2023-11-14 22:13" },
  { file: "rust.wasm", checks: { write: 22, "read-only": 16 }, minute: `${Math.floor(1_700_000_000 / 60)}` },
  { file: "go.wasm", checks: { write: 28, "read-only": 15 }, minute: "2023-11-14 22:13" },
];

const folders: string[] = [];
after(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

function newHostDirectory(): FileSystem {
  const path = mkdtempSync(join(tmpdir(), "zerowasm-programs-"));
  folders.push(path);
  return hostDirectory(path);
}

const places: readonly (readonly [name: string, make: () => FileSystem, mode: Mode])[] = [
  ["memory", () => withSeed(memoryFs()), "write"],
  ["an overlay", () => overlay(withSeed(memoryFs())), "write"],
  ["a directory of the host", () => withSeed(newHostDirectory()), "write"],
  ["a read-only memory", () => readOnly(withSeed(memoryFs())), "read-only"],
  ["a read-only directory of the host", () => readOnly(withSeed(newHostDirectory())), "read-only"],
];

function withSeed(fs: FileSystem): FileSystem {
  writeFile(fs, "/seed.txt", new TextEncoder().encode("seed\n"));
  return fs;
}

/** What the program prints, by lines. */
function run(runtime: Runtime, program: CompiledModule, mode: Mode, fs: FileSystem): readonly string[] {
  let printed = "";
  let passed = 0n;
  const decoder = new TextDecoder();
  try {
    runtime.instantiate(program, {
      args: ["check", mode, "two words", "é"],
      env: { GREETING: "hello, wörld", EMPTY: "" },
      fs: mounts({ "/data": fs }),
      stdout: (bytes) => {
        printed += decoder.decode(bytes, { stream: true });
      },
      // A clock that stands still but for what is slept, and a little for each look at it.
      clock: {
        wallTime: () => 1_700_000_000_000_000_000n + passed,
        monotonicTime: () => (passed += 1000n),
      },
      nanosleep: (nanoseconds) => {
        passed += nanoseconds;
      },
    });
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    printed += `exit code ${error.exitCode}\n`;
  }
  return printed.trimEnd().split("\n");
}

for (const engine of ["compiler", "interpreter"] as const) {
  const runtime = new Runtime({ engine });
  wasi.instantiate(runtime);
  for (const { file, checks, minute } of programs) {
    const program = runtime.compile(readFileSync(`test/programs/${file}`));
    for (const [name, make, mode] of places) {
      test(`${file} on ${name}, ${engine}`, () => {
        const lines = run(runtime, program, mode, make());
        assert.deepEqual(
          lines.filter((line) => !line.startsWith("ok ")),
          [minute],
        );
        assert.equal(lines.length - 1, checks[mode]);
      });
    }
  }
}
