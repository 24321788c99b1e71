// The command `node quickjs.mjs VARIANT FILE`: runs a script in a QuickJS that is itself a WebAssembly module, with a `print`.
import { readFileSync } from "node:fs";
import { newQuickJSWASMModuleFromVariant } from "quickjs-emscripten-core";

/** What the engine may take of the stack: the parser needs more than the usual quarter of a megabyte. */
const STACK_BYTES = 1_000_000;

const [variant, file] = process.argv.slice(2);
const quickjs = await newQuickJSWASMModuleFromVariant(import(`@jitl/${variant}-wasmfile-release-sync`));
const runtime = quickjs.newRuntime();
runtime.setMaxStackSize(STACK_BYTES);
const context = runtime.newContext();
context
  .newFunction("print", (...values) => console.log(...values.map((value) => context.dump(value))))
  .consume((print) => context.setProp(context.global, "print", print));
context.unwrapResult(context.evalCode(readFileSync(file, "utf8"), "program.js")).dispose();
context.unwrapResult(runtime.executePendingJobs());
