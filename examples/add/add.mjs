// Calls an exported function.
import { readFile } from "node:fs/promises";
import { Runtime } from "zerowasm";

const runtime = new Runtime();
const module = runtime.instantiate(await readFile(new URL("add.wasm", import.meta.url)));
const add = module.exportedFunction("add");

const { name, params, results } = add.definition;
console.log(`${name}: [${params.join(" ")}] -> [${results.join(" ")}]`);
console.log("7 + 5 =", add.call(7, 5));
console.log("2147483647 + 1 =", add.call(2147483647, 1));
