// Guests in threads of their own, on one memory: atomic updates are not lost, waits are woken, growth is seen.
import assert from "node:assert/strict";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { Runtime } from "zerowasm";
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";

const PAGE = 65536;
const COUNTER = 0;
const COUNTER_64 = 8;
const TURN = 16;
const ROUNDS = 24;

const get = (index: number): Instr => ["local.get", index];
const i32 = (value: number): Instr => ["i32.const", value];
const all = (...instrs: Instr[]): Instr[] => instrs;

/** `count(times)` adds to both counters; `alternate(me, rounds)` takes turns with the other thread; `grow` and `await`, `spin` or `ask` hand over a page. */
function guest(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", 1, 10, { shared: true });
  const again = all(get(0), i32(1), "i32.sub", ["local.tee", 0], ["br_if", 0], "end");
  module.function(
    { params: ["i32"], export: "count" },
    ["loop"],
    ...all(i32(COUNTER), i32(1), "i32.atomic.rmw.add", "drop"),
    ...all(i32(COUNTER_64), ["i64.const", 0x1_0000_0001n], "i64.atomic.rmw.add", "drop"),
    ...again,
  );
  module.function(
    { params: ["i32", "i32"], export: "alternate" },
    ["loop"],
    // Until it is this one's turn.
    ["block"],
    ["loop"],
    ...all(i32(TURN), "i32.atomic.load", get(0), "i32.eq", ["br_if", 1]),
    ...all(i32(TURN), i32(1), get(0), "i32.sub", ["i64.const", -1n], "memory.atomic.wait32", "drop", ["br", 0], "end"),
    "end",
    // Only one is here at a time.
    ...all(i32(ROUNDS), i32(ROUNDS), "i32.load", i32(1), "i32.add", "i32.store"),
    ...all(i32(TURN), i32(1), get(0), "i32.sub", "i32.atomic.store", i32(TURN), i32(1), "memory.atomic.notify", "drop"),
    ...all(get(1), i32(1), "i32.sub", ["local.tee", 1], ["br_if", 0], "end"),
  );
  module.function(
    { results: ["i32"], export: "grow" },
    ...all(i32(1), "memory.grow", i32(PAGE), i32(77), "i32.store"),
    ...all(i32(TURN), i32(1), "i32.atomic.store", i32(TURN), i32(1), "memory.atomic.notify", "drop"),
  );
  module.function(
    { results: ["i32"], export: "spin" },
    ...all(i32(0), "i32.load", "drop", ["loop"], i32(TURN), "i32.atomic.load", "i32.eqz", ["br_if", 0], "end"),
    ...all(i32(PAGE), "i32.load"),
  );
  module.function(
    { results: ["i32"], export: "ask" },
    ...all(i32(0), "i32.load", "drop", ["loop"], "memory.size", i32(1), "i32.eq", ["br_if", 0], "end"),
    ...all(["loop"], i32(PAGE), "i32.load", "i32.eqz", ["br_if", 0], "end", i32(PAGE), "i32.load"),
  );
  module.function(
    { results: ["i32"], export: "await" },
    ...all(i32(TURN), i32(0), ["i64.const", -1n], "memory.atomic.wait32", "drop", i32(PAGE), "i32.load"),
  );
  return module.build();
}

/** What a thread does: the same memory, another instance. */
const thread = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { binary, buffer, dispatch, name, args } = workerData;
  import("zerowasm").then(({ Runtime }) => {
    const runtime = new Runtime({ dispatch, features: ["wasm3", "threads"] });
    runtime.hostModule("env").memory("memory", { min: 1, max: 10, shared: true, buffer }).instantiate();
    parentPort.postMessage(runtime.instantiate(binary).exportedFunction(name).call(...args));
  });
`;

type Task = readonly [dispatch: "switch" | "closures", name: string, ...args: number[]];

/** Runs each task in a thread of its own, all on one memory; gives the memory and what the tasks gave. */
async function run(...tasks: readonly Task[]) {
  const runtime = new Runtime({ features: ["wasm3", "threads"] });
  const env = runtime.hostModule("env").memory("memory", { min: 1, max: 10, shared: true }).instantiate();
  const memory = env.memory!;
  const results = await Promise.all(
    tasks.map(async ([dispatch, name, ...args]) => {
      const workerData = { binary: guest(), buffer: memory.buffer, dispatch, name, args };
      const worker = new Worker(thread, { eval: true, workerData });
      try {
        return await new Promise<unknown>((resolve, reject) => {
          worker.on("message", resolve);
          worker.on("error", reject);
        });
      } finally {
        await worker.terminate();
      }
    }),
  );
  return { memory, results };
}

const options = { timeout: 30_000 };

test("no update of four threads is lost", options, async () => {
  const times = 20_000;
  const { memory } = await run(
    ["switch", "count", times],
    ["closures", "count", times],
    ["switch", "count", times],
    ["closures", "count", times],
  );
  assert.equal(memory.readUint32(COUNTER), 4 * times);
  assert.equal(memory.readUint64(COUNTER_64), BigInt(4 * times) * 0x1_0000_0001n);
});

test("two threads take turns, each waiting for the other", options, async () => {
  const { memory } = await run(["switch", "alternate", 0, 500], ["closures", "alternate", 1, 500]);
  assert.equal(memory.readUint32(ROUNDS), 1000);
});

for (const [waiting, growing] of [
  ["switch", "closures"],
  ["closures", "switch"],
] as const) {
  for (const name of ["await", "spin", "ask"]) {
    test(`a thread that is told (${waiting}, ${name}) sees the memory that another one grew`, options, async () => {
      const { memory, results } = await run([waiting, name], [growing, "grow"]);
      assert.deepEqual(results, [77, 1]);
      assert.equal(memory.pages, 2);
    });
  }
}
