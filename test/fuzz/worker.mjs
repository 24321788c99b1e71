// Takes a range of seeds, gives counts and differences. A thread of threads.mjs; what is done with each module is the check's business.
import { spawn } from "node:child_process";
import { parentPort, workerData } from "node:worker_threads";
import { modulesCheck } from "./check-modules.mjs";
import { mutantsCheck } from "./check-mutants.mjs";
import { textsCheck } from "./check-texts.mjs";
import { Counts } from "./counts.mjs";
import { Frames } from "./frames.mjs";
import { generator } from "./parts.mjs";

/** Modules that the oracle may be behind. */
const ahead = 16;

const { command, level, without, first, count, progress } = workerData;
const { check, close } = { modules: modulesCheck, mutants: mutantsCheck, texts: textsCheck }[command](workerData);
const counts = new Counts();

async function checkOne(seed, bytes) {
  for (const { kind, ...found } of await check(seed, bytes, counts)) {
    if (kind === "inconclusive") counts.inconclusive(found.why);
    else {
      counts.add("differences");
      parentPort.postMessage({ kind, seed, ...found });
    }
  }
}

const child = spawn(generator, [level, String(first), String(count), without], {
  stdio: ["ignore", "pipe", "inherit"],
});
const frames = new Frames(child.stdout);
const running = new Set();
for (let at = 0; at < count; at++) {
  const head = await frames.read(16);
  const body = head && (await frames.read(head.readUInt32LE(0)));
  if (body === undefined) throw new Error(`the generator ended after ${at} modules`);
  counts.add("modules");
  counts.add("skipped exports", head.readUInt32LE(4));
  const seed = Number(head.readBigUInt64LE(8));
  progress[0] = BigInt(seed);
  const done = checkOne(seed, Uint8Array.from(body)).finally(() => running.delete(done));
  running.add(done);
  // The oracle's answers are read between modules.
  await new Promise((resolve) => setImmediate(resolve));
  while (running.size >= ahead) await Promise.race(running);
}
await Promise.all(running);
close();
parentPort.postMessage({ kind: "done", counts: counts.plain() });
