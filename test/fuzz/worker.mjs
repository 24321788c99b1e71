// Takes a range of seeds, gives counts and differences. A thread of threads.mjs; what is done with each module is the check's business.
import { spawn } from "node:child_process";
import { parentPort, workerData } from "node:worker_threads";
import { linkedCheck } from "./check-linked.mjs";
import { modulesCheck } from "./check-modules.mjs";
import { mutantsCheck } from "./check-mutants.mjs";
import { textsCheck } from "./check-texts.mjs";
import { Counts } from "./counts.mjs";
import { encodeModule } from "./dense/module.mjs";
import { planned, planOf } from "./dense/plan.mjs";
import { shrink } from "./dense/shrink.mjs";
import { Frames } from "./frames.mjs";
import { generator } from "./parts.mjs";

/** Modules that the oracle may be behind. */
const ahead = 16;

// `progress` tells who waits which module it is, and how many a shrink has tried.
const { command, level, without, first, count, progress, shrinks, elements, oneNan } = workerData;
// Errors of JavaScriptCore have a line, and by that the compiler knows it.
if (elements) Object.defineProperty(Error.prototype, "line", { value: 0 });
const checks = {
  modules: modulesCheck,
  dense: modulesCheck,
  linked: linkedCheck,
  proposals: linkedCheck,
  mutants: mutantsCheck,
  texts: textsCheck,
};
const { check, close } = checks[command](workerData);
const counts = new Counts();

async function checkOne(seed, bytes, plan) {
  for (const { kind, ...found } of await check(seed, bytes, counts, plan)) {
    if (kind === "inconclusive") counts.inconclusive(found.why);
    else {
      counts.add("differences");
      if (shrinks && plan !== undefined && !found.isUnusable) found.bytes = await shrink(plan, differs(seed, plan));
      parentPort.postMessage({ kind, seed, ...found });
    }
  }
}

/** Whether a module shows a difference. */
const differs = (seed, plan) => async (bytes) => {
  progress.tries[0]++;
  return (await check(seed, bytes, new Counts(), plan)).some(
    ({ kind, isUnusable }) => kind === "difference" && !isUnusable,
  );
};

/** Seeds and modules of the program in `generator`. */
async function* generated() {
  const child = spawn(generator, [level, String(first), String(count), without], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const frames = new Frames(child.stdout);
  for (let at = 0; at < count; at++) {
    const head = await frames.read(16);
    const body = head && (await frames.read(head.readUInt32LE(0)));
    if (body === undefined) throw new Error(`the generator ended after ${at} modules`);
    counts.add("skipped exports", head.readUInt32LE(4));
    yield [Number(head.readBigUInt64LE(8)), Uint8Array.from(body)];
  }
}

/** The same of our own generator. */
function* dense() {
  for (let seed = first; seed < first + count; seed++) {
    const plan = planOf(seed, { command, hasOneNan: oneNan });
    counts.add("functions", plan.functions.length);
    yield [seed, encodeModule(plan), plan];
  }
}

const running = new Set();
for await (const [seed, bytes, plan] of planned.includes(command) ? dense() : generated()) {
  counts.add("modules");
  progress.seed[0] = BigInt(seed);
  const done = checkOne(seed, bytes, plan).finally(() => running.delete(done));
  running.add(done);
  // The oracle's answers are read between modules.
  await new Promise((resolve) => setImmediate(resolve));
  while (running.size >= ahead) await Promise.race(running);
}
await Promise.all(running);
close();
parentPort.postMessage({ kind: "done", counts: counts.plain() });
