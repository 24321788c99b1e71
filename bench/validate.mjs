// Times decoding and validating a large module in fresh processes beside the host's `WebAssembly.validate`: prints minima, medians and the ratio of
// minima. The bar of the project is 4.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "15" }, bar: { type: "string" } },
});
const worker = fileURLToPath(new URL("validate-worker.mjs", import.meta.url));
const files = positionals.length > 0 ? positionals : [fileURLToPath(import.meta.resolve("esbuild-wasm/esbuild.wasm"))];

// In turn, so that a busy machine slows all alike.
function measure(file) {
  const samples = new Map();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const how of ["native", "parts", "compile"]) {
      const times = JSON.parse(execFileSync(process.execPath, [...process.execArgv, worker, how, file]));
      for (const [name, ms] of Object.entries(times)) samples.set(name, [...(samples.get(name) ?? []), ms]);
    }
  }
  return samples;
}

for (const file of files) {
  const samples = measure(file);
  const least = (name) => Math.min(...samples.get(name));
  console.log(file);
  for (const [name, all] of samples) {
    const median = all.toSorted((a, b) => a - b)[all.length >> 1];
    const ratio = (least(name) / least("native")).toFixed(2);
    console.log(
      `  ${name.padEnd(18)} ${least(name).toFixed(1).padStart(6)} ms  median ${median.toFixed(1).padStart(6)}  ${ratio} x`,
    );
  }
  if (values.bar !== undefined && least("decode + validate") > Number(values.bar) * least("native")) {
    console.log(`  above the bar of ${values.bar} x native`);
    process.exitCode = 1;
  }
}
