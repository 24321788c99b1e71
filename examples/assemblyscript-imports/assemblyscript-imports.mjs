// Gives an AssemblyScript module what it imports by default: trace, seed and abort.
import { readFileSync } from "node:fs";
import { ExitError, Runtime } from "zerowasm";
import { assemblyscript } from "zerowasm/wasi";

const runtime = new Runtime();
assemblyscript.instantiate(runtime);

const decoder = new TextDecoder();
const module = runtime.instantiate(readFileSync(new URL("checks.wasm", import.meta.url)), {
  stderr: (bytes) => console.log("guest:", decoder.decode(bytes).trimEnd()),
});
console.log(module.exportedFunction("sum").call(1.5, 2));
console.log(module.exportedFunction("draw").call() < 1);
try {
  module.exportedFunction("check").call(0);
} catch (error) {
  if (!(error instanceof ExitError)) throw error;
  console.log("exit code", error.exitCode);
}
