// Compiles a program ahead of time, then runs it in a process that may make no code from strings.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { precompile } from "zerowasm";

// The build: the same as `npx zerowasm compile hello.wasm -o hello.mjs`.
const folder = mkdtempSync(join(tmpdir(), "zerowasm-"));
const built = join(folder, "hello.mjs");
const binary = readFileSync(new URL("../rust-hello/hello.wasm", import.meta.url));
const { source, functions, compiled } = precompile(binary);
writeFileSync(built, source);
console.log(`${compiled} of ${functions} functions compiled`);

// The place where it runs: `eval` is forbidden there, and machine code is made of the compiled functions all the same.
const strict = new URL("strict.mjs", import.meta.url).pathname;
process.stdout.write(execFileSync(process.execPath, ["--disallow-code-generation-from-strings", strict, built]));
rmSync(folder, { recursive: true });
