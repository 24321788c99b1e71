// What it costs that calls may be suspended: kernels by `call` and by `callAsync`, in turns: `node suspendable.mjs [ROUNDS [KERNELS…]]`.
// Into each function a call is put that is never made, of what a host may put into a table. So each may be suspended in the middle of each call;
// with `--as-they-are` the kernels are left alone: they import nothing, and carry nothing.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Runtime } from "../dist/index.js";
import { parse, print } from "../dist/text/index.js";

const sizes = JSON.parse(readFileSync(new URL("kernels/expected.json", import.meta.url), "utf8"));
const { values, positionals } = parseArgs({
  options: { "as-they-are": { type: "boolean", default: false }, bar: { type: "string" } },
  allowPositionals: true,
});
const [rounds = "5", ...names] = positionals;

/** A kernel whose functions can all leave it. */
function open(bytes) {
  const text = print(bytes);
  const count = (pattern) => text.match(pattern)?.length ?? 0;
  const leave = `    (if (global.get ${count(/^ {2}\(global /gm)})
      (then (call_indirect ${count(/^ {2}\(table /gm)} (type ${count(/^ {2}\(type /gm)}) (i32.const 0))))\n`;
  const functions = text.replaceAll(/^ {2}\(func .*\n(?: {4}\(local .*\n)*/gm, (head) => head + leave);
  return parse(`${functions.trimEnd().slice(0, -1)}
  (type (func))
  (table (export "open") 1 funcref)
  (global (mut i32) (i32.const 0)))`);
}

async function timed(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, result };
}

let sum = 0;
const chosen = names.length > 0 ? names : Object.keys(sizes);
for (const name of chosen) {
  const { n, expected } = sizes[name].full;
  const bytes = readFileSync(new URL(`kernels/${name}.wasm`, import.meta.url));
  const run = new Runtime({ engine: "compiler", eager: true })
    .instantiate(values["as-they-are"] ? bytes : open(bytes))
    .exportedFunction("run");
  const forms = { plain: () => run.call(n), suspendable: () => run.callAsync(n) };
  const best = { plain: Number.POSITIVE_INFINITY, suspendable: Number.POSITIVE_INFINITY };
  for (let round = 0; round < Number(rounds); round++) {
    for (const [form, work] of Object.entries(forms)) {
      const { ms, result } = await timed(work);
      if (result !== expected) throw new Error(`${name} gives a wrong result`);
      best[form] = Math.min(best[form], ms);
    }
  }
  const ratio = best.suspendable / best.plain;
  sum += Math.log(ratio);
  console.log(
    `${name.padEnd(12)} ${best.plain.toFixed(0)} ms plain, ${best.suspendable.toFixed(0)} suspendable, ${ratio.toFixed(2)}`,
  );
}
const mean = Math.exp(sum / chosen.length);
console.log(`geomean      ${mean.toFixed(3)}`);
if (values.bar !== undefined && mean > Number(values.bar)) {
  console.error(`more than ${values.bar}`);
  process.exitCode = 1;
}
