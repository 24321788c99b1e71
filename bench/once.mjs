// How long a kernel takes that is called once, where it begins in the interpreter, compared with the same call of compiled code:
// `node once.mjs [ROUNDS [KERNELS…]]` alternates processes and compares minima.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [mode, ...rest] = process.argv.slice(2);
const kernel = (name) => new URL(`kernels/${name}.wasm`, import.meta.url);
const sizes = JSON.parse(readFileSync(new URL("kernels/expected.json", import.meta.url), "utf8"));

async function once(name, eager) {
  const { Runtime } = await import("../dist/index.js");
  const { n, expected } = sizes[name].full;
  const run = new Runtime({ engine: "compiler", eager: eager || undefined })
    .instantiate(readFileSync(kernel(name)))
    .exportedFunction("run");
  const start = performance.now();
  if (run.call(n) !== expected) throw new Error(`${name} gives a wrong result`);
  console.log(performance.now() - start);
}

function compare(rounds, names) {
  let product = 0;
  for (const name of names) {
    const best = { tiers: Number.POSITIVE_INFINITY, eager: Number.POSITIVE_INFINITY };
    for (let round = 0; round < rounds; round++) {
      for (const kind of Object.keys(best)) {
        const time = Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), kind, name]));
        best[kind] = Math.min(best[kind], time);
      }
    }
    const ratio = best.tiers / best.eager;
    product += Math.log(ratio);
    console.log(
      `${name.padEnd(12)} ${best.tiers.toFixed(0)} ms by tiers, ${best.eager.toFixed(0)} compiled, ${ratio.toFixed(2)}`,
    );
  }
  console.log(`geomean      ${Math.exp(product / names.length).toFixed(2)}`);
}

if (mode === "tiers" || mode === "eager") await once(rest[0], mode === "eager");
else compare(Number(mode ?? 3), rest.length > 0 ? rest : Object.keys(sizes));
