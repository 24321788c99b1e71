// Offers functions of the host to a guest: a closure, and a function that reads the caller's memory.
import { readFile } from "node:fs/promises";
import { Runtime } from "zerowasm";

const runtime = new Runtime();
let count = 40;

runtime
  .hostModule("env")
  .function("next", { results: ["i32"] }, () => ++count)
  .functionWithModule("log", { params: ["i32", "i32", "i32"] }, (caller, address, length, number) => {
    console.log(caller.memory.readString(address, length), number);
  })
  .instantiate();

const module = runtime.instantiate(await readFile(new URL("host-module.wasm", import.meta.url)));
module.exportedFunction("run").call();
console.log("the host counted to", count);
