// Links two guests: one imports a function of the other by the name the other was instantiated under.
import { readFile } from "node:fs/promises";
import { LinkError, Runtime } from "zerowasm";

const runtime = new Runtime();
const useAdd = runtime.compile(await readFile(new URL("use-add.wasm", import.meta.url)));
for (const { module, name, extern } of useAdd.imports) console.log(`imports ${extern.kind} ${module}.${name}`);

try {
  runtime.instantiate(useAdd);
} catch (error) {
  if (!(error instanceof LinkError)) throw error;
  console.log("there is no module named math yet: LinkError");
}

runtime.instantiate(await readFile(new URL("../add/add.wasm", import.meta.url)), { name: "math" });
const module = runtime.instantiate(useAdd);
console.log("1 + 2 + … + 100 =", module.exportedFunction("sum_to").call(100));
