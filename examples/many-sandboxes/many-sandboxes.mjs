// Compiles once and instantiates many times: each instance has a memory and globals of its own.
import { readFile } from "node:fs/promises";
import { Runtime } from "zerowasm";

const runtime = new Runtime();
const counter = runtime.compile(await readFile(new URL("counter.wasm", import.meta.url)));
const sandboxes = Array.from({ length: 100 }, () => runtime.instantiate(counter));

sandboxes.forEach((sandbox, n) => {
  const add = sandbox.exportedFunction("add");
  for (let i = 0; i < n; i++) add.call(n);
});

for (const n of [0, 1, 9, 99]) {
  const { memory } = sandboxes[n];
  const count = sandboxes[n].exportedGlobal("count");
  console.log(`sandbox ${n}: count ${count.get()}, calls ${memory.readUint8(0)}`);
}

sandboxes[9].memory.writeUint8(0, 200);
sandboxes[9].exportedGlobal("count").set(-1n);
console.log(`after a change to sandbox 9, sandbox 99 has ${sandboxes[99].exportedGlobal("count").get()}`);

sandboxes[9].close();
console.log("sandbox 9 closed:", sandboxes[9].closed, "· sandbox 99 closed:", sandboxes[99].closed);
runtime.close();
console.log("after the runtime closed, sandbox 99 closed:", sandboxes[99].closed);
