// Takes a command and seeds, gives the number of differences and a log: the seeds in threads, each thread with its own share of them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { Counts } from "./counts.mjs";
import { planned } from "./dense/plan.mjs";
import { buildGenerator, checkOracle } from "./parts.mjs";

/** A module on which our engines take longer is a difference. */
const patienceMs = 60_000;

const found = new URL("found/", import.meta.url);

/** Runs the corpus and the seeds. */
export async function fuzz(options) {
  if (!options.self && options.command !== "texts") checkOracle();
  if (!planned.includes(options.command)) buildGenerator();
  const differences = await fuzzCorpus(options);
  if (options.count === 0) return differences;
  const started = performance.now();
  const share = Math.ceil(options.count / options.jobs);
  const shares = Array.from({ length: options.jobs }, (_, at) => ({
    first: options.seed + at * share,
    count: Math.min(share, options.count - at * share),
  })).filter(({ count }) => count > 0);
  const all = await Promise.all(shares.map((one) => runSeeds({ ...options, ...one })));
  const total = new Counts();
  for (const counts of all) total.merge(counts.plain());
  const last = options.seed + options.count - 1;
  return differences + report(`seeds ${options.seed}..${last}`, options, total, performance.now() - started);
}

/** Seeds that showed a mistake once. */
async function fuzzCorpus(options) {
  const corpus = JSON.parse(readFileSync(new URL("corpus.json", import.meta.url), "utf8"));
  const seeds = corpus.filter(({ command, level }) => command === options.command && level === options.level);
  if (!options.corpus || seeds.length === 0) return 0;
  const started = performance.now();
  const total = new Counts();
  for (const { seed, without = "" } of seeds) {
    total.merge((await runSeeds({ ...options, without, first: seed, count: 1 })).plain());
  }
  return report("corpus", options, total, performance.now() - started);
}

/** One thread's work; after a crash or hang it goes on behind the module that did it. */
async function runSeeds(options) {
  const { first, count } = options;
  const progress = { seed: sharedNumber(), tries: sharedNumber() };
  const { counts, failed } = await runThread(options, progress);
  if (failed === undefined) return counts;
  const seed = Number(progress.seed[0]);
  console.log(`difference at level ${options.level}, seed ${seed}: ${failed}\n  again: ${again(options, seed)}`);
  counts.add("modules", seed - first + 1);
  counts.add("differences");
  const left = first + count - seed - 1;
  return left > 0 ? counts.merge((await runSeeds({ ...options, first: seed + 1, count: left })).plain()) : counts;
}

/** A number that threads share. */
function sharedNumber() {
  return new BigUint64Array(new SharedArrayBuffer(8));
}

function runThread(options, progress) {
  const { command, level, without, engines, self, first, count, shrink: shrinks, elements } = options;
  const oneNan = options["one-nan"];
  const worker = new Worker(new URL("worker.mjs", import.meta.url), {
    workerData: { command, level, without, engines, self, first, count, progress, shrinks, elements, oneNan },
  });
  const shown = new Counts();
  return new Promise((resolve) => {
    let seen = "";
    const watch = setInterval(() => {
      const now = `${progress.seed[0]} ${progress.tries[0]}`;
      if (now === seen) end(shown, `no answer within ${patienceMs / 1000} s`);
      seen = now;
    }, patienceMs);
    const end = (counts, failed) => {
      clearInterval(watch);
      resolve({ counts, failed });
      void worker.terminate();
    };
    worker.on("message", (message) => {
      if (message.kind === "done") return end(new Counts().merge(message.counts));
      shown.add("differences");
      show(options, message);
    });
    worker.on("error", (error) => {
      // Before the first module it is a mistake of the harness.
      if (progress.seed[0] === 0n) throw error;
      end(shown, `an engine crashed: ${error.stack ?? error}`);
    });
  });
}

function again({ command, level, without, engines, ...others }, seed) {
  const flags = ["self", "elements", "one-nan"].map((name) => (others[name] ? ` --${name}` : "")).join("");
  const rest = `${without === "" ? "" : ` --without ${without}`}${flags} --engines ${engines.join(",")}`;
  return `npm run fuzz -- ${command} --level ${level} --seed ${seed} --count 1 --no-corpus${rest}`;
}

function show(options, { seed, bytes, sides, at, ours, theirs }) {
  mkdirSync(found, { recursive: true });
  const isText = String(at).startsWith("text");
  const file = new URL(`${options.command}-${options.level}-${seed}-${at}.${isText ? "wat" : "wasm"}`, found);
  writeFileSync(file, bytes);
  const cut = (line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line);
  console.log(`difference at level ${options.level}, seed ${seed}, at ${at}`);
  console.log(`  ${sides[0]}: ${cut(ours)}\n  ${sides[1]}: ${cut(theirs)}`);
  console.log(`  again: ${again(options, seed)}\n  module: ${file.pathname}`);
}

function report(seeds, { command, level, without, engines, self }, counts, ms) {
  const ours = { mutants: ["ours"], texts: ["printed", "parsed"] }[command] ?? engines;
  const parties = [...ours, ...(self || command === "texts" ? [] : ["native"])].join(" = ");
  const left = without === "" ? "" : ` without ${without}`;
  console.log(`${command}, level ${level}${left}, ${seeds}, ${parties}: ${counts.text()}, ${(ms / 1000).toFixed(1)} s`);
  for (const line of counts.reasons()) console.log(line);
  return counts.get("differences");
}
