// Takes a range of seeds, runs each module on our engines and the oracle, gives counts and differences. A thread of modules.mjs.
import { spawn } from "node:child_process";
import { parentPort, workerData } from "node:worker_threads";
import { compare } from "./difference.mjs";
import { Frames } from "./frames.mjs";
import { Oracle } from "./oracle.mjs";
import { generator } from "./parts.mjs";
import { transcript } from "./transcript.mjs";
import { engine } from "./zerowasm.mjs";

/** Modules that the oracle may be behind. */
const ahead = 16;

const { level, without, first, count, engines, self, progress } = workerData;
const ours = engines.map((name) => engine(name, level));
const oracle = self ? undefined : new Oracle();
const totals = { modules: 0, skippedExports: 0, calls: 0, traps: 0, exceptions: 0, inconclusive: {}, differences: 0 };

/** What stays of a reason when seeds are counted: no numbers, no names. */
const reasonOf = (line) =>
  line
    .slice(6)
    .split(/ at offset| in function|[(:]\s*0x/)[0]
    .slice(0, 80);

function tally(lines) {
  for (const line of lines) {
    if (line.startsWith("~call/")) totals.calls++;
    if (line.includes("trap: ")) totals.traps++;
    if (line.endsWith(" exception")) totals.exceptions++;
  }
}

/** The first pair of engines that differ, or why that cannot be told. */
function judge(transcripts) {
  let inconclusive;
  for (const [name, lines] of transcripts.slice(1)) {
    const [firstName, firstLines] = transcripts[0];
    const found = compare(firstLines, lines);
    if (found?.kind === "difference") return { ...found, engines: [firstName, name] };
    inconclusive ??= found;
  }
  return inconclusive;
}

async function check(seed, bytes) {
  const asked = oracle?.ask(bytes, seed);
  const transcripts = ours.map((one) => [one.name, transcript(one, bytes, seed)]);
  if (asked !== undefined) transcripts.push(["native", await asked]);
  totals.modules++;
  tally(transcripts[0][1]);
  const found = judge(transcripts);
  if (found?.kind === "inconclusive") {
    const why = reasonOf(found.why);
    totals.inconclusive[why] = (totals.inconclusive[why] ?? 0) + 1;
  } else if (found !== undefined) {
    totals.differences++;
    parentPort.postMessage({ kind: "difference", seed, bytes, found });
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
  totals.skippedExports += head.readUInt32LE(4);
  const seed = Number(head.readBigUInt64LE(8));
  progress[0] = BigInt(seed);
  const done = check(seed, Uint8Array.from(body)).finally(() => running.delete(done));
  running.add(done);
  // The oracle's answers are read between modules.
  await new Promise((resolve) => setImmediate(resolve));
  while (running.size >= ahead) await Promise.race(running);
}
await Promise.all(running);
oracle?.close();
parentPort.postMessage({ kind: "done", totals });
