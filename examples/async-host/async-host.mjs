// A host function gives a promise: the guest is suspended until it settles, and others run meanwhile.
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { Runtime } from "zerowasm";

const runtime = new Runtime();
runtime
  .hostModule("env")
  .function("load", { params: ["i32"], results: ["i32"] }, async (milliseconds) => {
    await setTimeout(milliseconds);
    console.log(`loaded after ${milliseconds} ms`);
    return milliseconds * 1000;
  })
  .instantiate();

const compiled = runtime.compile(await readFile(new URL("async-host.wasm", import.meta.url)));
const sum = () => runtime.instantiate(compiled).exportedFunction("sum");

const slow = sum().callAsync(100, 300);
const fast = sum().callAsync(10, 190);
console.log("both guests are waiting");
console.log("fast:", await fast);
console.log("slow:", await slow);
