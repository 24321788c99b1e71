// Used by ./build: results of every kernel at every size from the host's WebAssembly and from two native builds; all must agree.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [directory, option] = process.argv.slice(2);
const here = fileURLToPath(new URL(".", import.meta.url));
const file = join(here, "expected.json");
const table = JSON.parse(readFileSync(file, "utf8"));
let bad = 0;
for (const [name, sizes] of Object.entries(table)) {
  const module = new WebAssembly.Module(readFileSync(join(here, `${name}.wasm`)));
  const { run } = new WebAssembly.Instance(module).exports;
  const order = Object.keys(sizes);
  const native = ["gcc", "clang"].map((compiler) =>
    execFileSync(join(directory, `${name}.${compiler}`), order.map((size) => String(sizes[size].n)), { encoding: "utf8" })
      .trim().split("\n").map((line) => line.split(" ").map(Number)));
  order.forEach((size, i) => {
    const entry = sizes[size];
    const results = [run(entry.n), ...native.map((lines) => lines[i][1])];
    if (new Set(results).size !== 1) {
      bad++;
      console.error(`${name} ${size}: Wasm, gcc and clang disagree: ${results.join(" ")}`);
    } else if (option === "--write") {
      entry.expected = results[0];
    } else if (entry.expected !== results[0]) {
      bad++;
      console.error(`${name} ${size}: ${results[0]}, expected.json says ${entry.expected}`);
    }
    // A second call must give the same: kernels start from nothing each time.
    if (run(entry.n) !== results[0]) {
      bad++;
      console.error(`${name} ${size}: a second run gives another result`);
    }
  });
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    run(sizes.full.n);
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${name.padEnd(12)} n ${String(sizes.full.n).padStart(8)}  gcc ${native[0][0][2].toFixed(2).padStart(6)} ms  host ${best.toFixed(2).padStart(6)} ms`);
}
if (bad) process.exit(1);
if (option === "--write") {
  const lines = Object.entries(table).map(([name, sizes]) => `  ${JSON.stringify(name)}: ${JSON.stringify(sizes)}`);
  writeFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
}
