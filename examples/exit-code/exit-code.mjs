// A guest ends itself with an exit code, which the host meets as an error.
import { readFile } from "node:fs/promises";
import { ExitError, Runtime } from "zerowasm";
import { wasi } from "zerowasm/wasi";

const runtime = new Runtime();
wasi.instantiate(runtime);

try {
  runtime.instantiate(await readFile(new URL("exit-code.wasm", import.meta.url)));
  console.log("the guest returned");
} catch (error) {
  if (!(error instanceof ExitError)) throw error;
  console.log("exit code", error.exitCode);
}
