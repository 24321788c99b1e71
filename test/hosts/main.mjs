// The script that hosts run: the program by each engine of the doors it was bundled with.
import { createWebAssembly } from "door";
import * as door from "runtime";
import { wasi } from "zerowasm/wasi";
import { program, promises, runtime } from "./program.mjs";

const print = globalThis.print ?? globalThis.console.log;

async function main() {
  for (const engine of engines) {
    print(`# ${engine}`);
    program(createWebAssembly, engine, print);
    await promises(createWebAssembly, engine, print);
    await runtime(door, wasi, { engine }, print);
  }
  print("end");
}

main().catch((error) => print(`failed: ${error}\n${error?.stack}`));
