// Several results are an array, from the guest and from the host.
import { readFile } from "node:fs/promises";
import { Runtime } from "zerowasm";

const runtime = new Runtime();
runtime
  .hostModule("env")
  .function("minmax", { params: ["f64", "f64"], results: ["f64", "f64"] }, (a, b) => [Math.min(a, b), Math.max(a, b)])
  .instantiate();
const module = runtime.instantiate(await readFile(new URL("multiple-results.wasm", import.meta.url)));

const [quotient, remainder] = module.exportedFunction("divide").call(-1000000000007n, 10n);
console.log(`-1000000000007 = 10 · ${quotient} + ${remainder}`);
console.log("from 7.5 to 2.25:", module.exportedFunction("range").call(7.5, 2.25));
