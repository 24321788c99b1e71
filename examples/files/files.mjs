// A guest with files: in memory, over a directory of the host, and in one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Runtime } from "zerowasm";
import { memoryFs, overlay, readFile, readOnly, writeFile } from "zerowasm/fs";
import { hostDirectory } from "zerowasm/node";
import { wasi } from "zerowasm/wasi";

const runtime = new Runtime();
wasi.instantiate(runtime);
const program = runtime.compile(readFileSync(new URL("files.wasm", import.meta.url)));

const text = (bytes) => new TextDecoder().decode(bytes);
const run = (fs) => {
  try {
    runtime.instantiate(program, { fs });
  } catch (error) {
    console.log(error.message);
  }
};

const memory = memoryFs();
writeFile(memory, "/in.txt", new TextEncoder().encode("in memory"));
run(memory);
console.log(text(readFile(memory, "/out.txt")));

const folder = mkdtempSync(join(tmpdir(), "files-"));
writeFileSync(join(folder, "in.txt"), "of the host");
const host = hostDirectory(folder);

run(readOnly(host));

const changes = overlay(host);
run(changes);
console.log(text(readFile(changes, "/out.txt")), `(${changes.bytes} bytes kept in memory)`);

run(host);
console.log(readFileSync(join(folder, "out.txt"), "utf8"));
rmSync(folder, { recursive: true });
