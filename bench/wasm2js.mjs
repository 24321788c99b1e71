// Takes a module without imports, gives the JavaScript that Binaryen's wasm2js -O3 makes of it, as a function that gives its exports.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("bin/wasm2js", import.meta.resolve("binaryen")));

export function wasm2js(bytes) {
  const directory = mkdtempSync(join(tmpdir(), "wasm2js-"));
  try {
    const [binary, script] = ["in.wasm", "out.mjs"].map((name) => join(directory, name));
    writeFileSync(binary, bytes);
    execFileSync(process.execPath, [program, "-O3", "--all-features", binary, "-o", script]);
    const source = readFileSync(script, "utf8").replaceAll(/^export var (\w+) =/gm, "exports.$1 =");
    const make = new Function("exports", source);
    return () => {
      const exports = {};
      make(exports);
      return exports;
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
