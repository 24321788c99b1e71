// Takes processes whose host has no namespace and gets ours, and looks what their threads hand to one another (Node: worker_threads).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { parse } from "zerowasm/text";

const guest = parse(`(module
  (import "env" "memory" (memory 1 4 shared))
  (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))`);

/** What both threads have. */
const both = `
  const isModule = (value) => value instanceof WebAssembly.Module;
  const isMemory = (value) => value instanceof WebAssembly.Memory;
  const add = (module, memory) => new WebAssembly.Instance(module, { env: { memory } }).exports.add();
  const told = (call) => { try { return call(); } catch (error) { return error.name; } };`;

const without = "data:text/javascript,delete globalThis.WebAssembly";

/** What a script tells by \`tell\`. It has a module, a memory, and \`start\`, which begins a thread. */
function toldBy(script: string, thread = "", { door = "install", before = without } = {}): unknown {
  const preloads = ["--import", before, "--import", `zerowasm/js-api/${door}`];
  const main = `
    import { once } from "node:events";
    import threads, { BroadcastChannel, MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
    ${both}
    const module = new WebAssembly.Module(Uint8Array.from(${JSON.stringify([...guest])}));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
    const start = (options) => new Worker(${JSON.stringify(`${both}
      import("node:worker_threads").then(async ({ default: threads, parentPort, workerData }) => {
        ${thread}
      });`)}, { eval: true, ...options });
    const tell = (value) => console.log(JSON.stringify(value));
    ${script}`;
  const args = [...preloads, "--input-type=module", "-e", main];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  assert.ok(stdout !== "", stderr);
  return JSON.parse(stdout);
}

for (const door of ["install", "install-on-demand"])
  test(`${door}: modules and shared memories go to a thread and come back`, () => {
    const told = toldBy(
      `const worker = start({ workerData: { module, list: [module, memory] } });
       const [counts] = await once(worker, "message");
       const next = once(worker, "message");
       worker.postMessage([module, new Map([["memory", memory]])]);
       const [back] = await next;
       tell([counts, isModule(back.module), isMemory(back.memory), add(back.module, back.memory), add(module, memory)]);
       worker.terminate();`,
      `const { module, list: [same, memory] } = workerData;
       parentPort.postMessage([module === same, add(module, memory), add(module, memory)]);
       parentPort.once("message", ([module, map]) => {
         add(module, map.get("memory"));
         parentPort.postMessage({ module, memory: map.get("memory") });
       });`,
      { door },
    );
    assert.deepEqual(told, [[true, 0, 1], true, true, 3, 4]);
  });

test("a thread's data may be a module, and its environment have one", () => {
  const told = toldBy(
    `threads.setEnvironmentData("memory", memory);
     const worker = start({ workerData: module });
     tell((await once(worker, "message"))[0]);`,
    `const memory = threads.getEnvironmentData("memory");
     parentPort.postMessage([add(workerData, memory), memory === threads.getEnvironmentData("memory")]);`,
  );
  assert.deepEqual(told, [0, true]);
});

test("listeners of both styles get the same objects", () => {
  const told = toldBy(`
    const { port1, port2 } = new MessageChannel();
    const seen = [];
    const ended = new Promise((resolve) => {
      port2.on("message", (data) => seen.push(data.module));
      port2.addEventListener("message", ({ data }) => seen.push(data.module));
      port2.onmessage = (event) => resolve(seen.push(event.data.module) && event.data === event.data);
    });
    port1.postMessage({ module });
    const isSame = await ended;
    port1.close();
    tell([seen.length, new Set(seen).size, isModule(seen[0]), isSame, seen.includes(module)]);`);
  assert.deepEqual(told, [3, 1, true, true, false]);
});

test("a listener that was removed is not called, and an event of a program's own is its own", () => {
  const told = toldBy(`
    const { port1, port2 } = new MessageChannel();
    const seen = [];
    const listener = (value) => seen.push(value);
    port2.on("message", listener).off("message", listener);
    port2.addEventListener("message", listener);
    const event = new MessageEvent("message", { data: [module] });
    port2.dispatchEvent(event);
    port1.close();
    tell([seen.length, seen[0] === event, event.data[0] === module]);`);
  assert.deepEqual(told, [1, true, true]);
});

test("messages are received without events too", () => {
  const told = toldBy(`
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(memory);
    port1.postMessage({ map: new Map([[module, new Set([module])]]) });
    const first = receiveMessageOnPort(port2).message;
    const [[key, set]] = threads.receiveMessageOnPort(port2).message.map;
    tell([isMemory(first), isModule(key), set.has(key), receiveMessageOnPort(port2) === undefined]);
    port1.close();`);
  assert.deepEqual(told, [true, true, true, true]);
});

test("channels of many carry them, and structuredClone copies them", () => {
  const told = toldBy(`
    const [from, to, other] = [1, 2, 3].map(() => new BroadcastChannel("c"));
    const received = new Promise((resolve) => (to.onmessage = ({ data }) => resolve(data)));
    const whole = new Promise((resolve) => other.addEventListener("message", (event) => event.data.twice ?? resolve(event)));
    from.postMessage({ twice: [module, module] });
    from.postMessage(memory);
    const { twice } = await received;
    const event = await whole;
    for (const channel of [from, to, other]) channel.close();
    const copy = structuredClone({ module });
    tell([twice[0] === twice[1], isModule(twice[0]), isMemory(event.data), event.data === event.data, isModule(copy.module), copy.module === module]);`);
  assert.deepEqual(told, [true, true, true, true, true, false]);
});

test("what is transferred is moved, once and as itself", () => {
  const told = toldBy(
    `const buffer = new ArrayBuffer(8);
     const { port1, port2 } = new MessageChannel();
     const worker = start();
     worker.postMessage({ module, memory, buffer, port2 }, [buffer, port2]);
     const [{ data }] = await Promise.all([new Promise((resolve) => (port1.onmessage = resolve)), once(worker, "exit")]);
     tell([buffer.byteLength, data.bytes, add(data.module, memory)]);
     port1.close();`,
    `parentPort.once("message", ({ module, memory, buffer, port2 }) => {
       add(module, memory);
       port2.postMessage({ module, bytes: buffer.byteLength }, { transfer: [] });
       port2.close();
     });`,
  );
  assert.deepEqual(told, [0, 8, 1]);
});

test("a thread that installed nothing gets what fromMessage takes, and may hand it on", () => {
  const told = toldBy(
    `const worker = start({ execArgv: [], workerData: memory });
     worker.postMessage({ module });
     const [{ kinds, module: back, sum }] = await once(worker, "message");
     tell([kinds, sum, isModule(back), add(back, memory)]);`,
    `parentPort.once("message", async (data) => {
       const { fromMessage, WebAssembly } = await import("zerowasm/js-api");
       const memory = fromMessage(workerData, WebAssembly);
       const { exports } = new WebAssembly.Instance(fromMessage(data.module, WebAssembly), { env: { memory } });
       parentPort.postMessage({ kinds: [workerData.kind, data.module.kind], sum: exports.add(), module: data.module });
     });`,
  );
  assert.deepEqual(told, [["memory", "module"], 0, true, 1]);
});

test("what cannot be posted is a DataCloneError, and nothing is moved", () => {
  const told = toldBy(
    `const worker = start();
     const buffer = new ArrayBuffer(8);
     const table = new WebAssembly.Table({ element: "funcref", initial: 1 });
     const instance = new WebAssembly.Instance(module, { env: { memory } });
     const values = [new WebAssembly.Memory({ initial: 1 }), table, instance, instance.exports.add, WebAssembly.compile(new Uint8Array())];
     values.at(-1).catch(() => {});
     tell([...values.map((value) => told(() => worker.postMessage({ module, value, buffer }, [buffer]))), buffer.byteLength,
       told(() => new Worker("", { eval: true, workerData: table })), told(() => worker.postMessage())]);
     worker.terminate();`,
    "parentPort.on('message', () => {});",
  );
  assert.deepEqual(told, [...Array(5).fill("DataCloneError"), 8, "DataCloneError", "TypeError"]);
});

test("functions look as they did", () => {
  const looks = `
    const { structuredClone: clone, MessagePort: { prototype } } = globalThis;
    const names = [[globalThis, "structuredClone"], [prototype, "postMessage"], [threads, "receiveMessageOnPort"]];
    tell([names.map(([holder, name]) => {
      const { value = holder[name], enumerable, configurable } = Object.getOwnPropertyDescriptor(holder, name);
      return [value.name, value.length, enumerable, configurable, told(() => new value())];
    }), Object.keys(globalThis).sort()]);`;
  assert.deepEqual(toldBy(looks), toldBy(looks, "", { before: "data:text/javascript," }));
});

test("where the host's namespace works its functions stay", () => {
  const before =
    "data:text/javascript,globalThis.before = [structuredClone, MessagePort.prototype.postMessage, BroadcastChannel.prototype.postMessage]";
  const script =
    "tell([structuredClone, MessagePort.prototype.postMessage, BroadcastChannel.prototype.postMessage].every((f, i) => f === before[i]))";
  assert.equal(toldBy(script, "", { before }), true);
  const gone = `data:text/javascript,delete globalThis.WebAssembly;${before.slice(before.indexOf(",") + 1)}`;
  assert.equal(toldBy(script, "", { before: gone }), false);
});
