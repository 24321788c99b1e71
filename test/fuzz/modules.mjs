// Takes a level and seeds, gives a log line: random modules on every engine, compared (see README.md).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { buildGenerator, checkBuild, checkOracle } from "./parts.mjs";

/** A module on which our engines take longer is a difference. */
const patienceMs = 60_000;

const found = new URL("found/", import.meta.url);

/** Runs seeds in threads. Gives the number of differences. */
export async function fuzzModules(options) {
  checkBuild();
  if (!options.self) checkOracle();
  buildGenerator();
  const corpus = JSON.parse(readFileSync(new URL("corpus.json", import.meta.url), "utf8"));
  const again = options.corpus ? corpus.filter(({ level }) => level === options.level) : [];
  let differences = 0;
  if (again.length > 0) {
    const totals = [];
    for (const { seed, without = "" } of again) {
      totals.push(await runSeeds({ ...options, without, first: seed, count: 1 }));
    }
    differences += report(`corpus of ${options.level}`, options, sum(totals), again.length);
  }
  if (options.count === 0) return differences;
  const started = performance.now();
  const share = Math.ceil(options.count / options.jobs);
  const shares = Array.from({ length: options.jobs }, (_, at) => ({
    first: options.seed + at * share,
    count: Math.min(share, options.count - at * share),
  })).filter(({ count }) => count > 0);
  const totals = sum(await Promise.all(shares.map((one) => runSeeds({ ...options, ...one }))));
  const last = options.seed + options.count - 1;
  differences += report(`seeds ${options.seed}..${last}`, options, totals, performance.now() - started);
  return differences;
}

/** One thread's work; after a crash or hang it goes on behind the module that did it. */
async function runSeeds(options) {
  const { first, count } = options;
  const progress = new BigUint64Array(new SharedArrayBuffer(8));
  progress[0] = BigInt(first);
  const { totals, failed } = await runThread(options, progress);
  if (failed === undefined) return totals;
  const seed = Number(progress[0]);
  console.log(`difference at level ${options.level}, seed ${seed}: ${failed}\n  again: ${command(options, seed)}`);
  const before = { ...totals, modules: seed - first + 1, differences: totals.differences + 1 };
  const left = first + count - seed - 1;
  return left > 0 ? sum([before, await runSeeds({ ...options, first: seed + 1, count: left })]) : before;
}

function runThread(options, progress) {
  const { level, without, engines, self, first, count } = options;
  const worker = new Worker(new URL("modules-worker.mjs", import.meta.url), {
    workerData: { level, without, engines, self, first, count, progress },
  });
  const lost = { modules: 0, skippedExports: 0, calls: 0, traps: 0, exceptions: 0, inconclusive: {}, differences: 0 };
  return new Promise((resolve) => {
    let seen = -1n;
    const watch = setInterval(() => {
      if (progress[0] === seen) end({ totals: lost, failed: `no answer within ${patienceMs / 1000} s` });
      seen = progress[0];
    }, patienceMs);
    const end = (result) => {
      clearInterval(watch);
      resolve(result);
      void worker.terminate();
    };
    worker.on("message", (message) => {
      if (message.kind === "done") return end({ totals: message.totals });
      lost.differences++;
      show(options, message);
    });
    worker.on("error", (error) => end({ totals: lost, failed: `an engine crashed: ${error.stack ?? error}` }));
  });
}

function command({ level, without, engines, self }, seed) {
  const rest = `${without === "" ? "" : ` --without ${without}`}${self ? " --self" : ""} --engines ${engines.join(",")}`;
  return `npm run fuzz -- --level ${level} --seed ${seed} --count 1${rest}`;
}

function show(options, { seed, bytes, found: { engines, at, ours, theirs } }) {
  mkdirSync(found, { recursive: true });
  const file = new URL(`${options.level}-${seed}.wasm`, found);
  writeFileSync(file, bytes);
  const cut = (line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line);
  console.log(`difference at level ${options.level}, seed ${seed}, line ${at}`);
  console.log(`  ${engines[0]}: ${cut(ours)}\n  ${engines[1]}: ${cut(theirs)}`);
  console.log(`  again: ${command(options, seed)}\n  module: ${file.pathname}`);
}

function sum(all) {
  const total = { modules: 0, skippedExports: 0, calls: 0, traps: 0, exceptions: 0, inconclusive: {}, differences: 0 };
  for (const one of all) {
    for (const key of Object.keys(total)) if (key !== "inconclusive") total[key] += one[key];
    for (const [why, count] of Object.entries(one.inconclusive)) {
      total.inconclusive[why] = (total.inconclusive[why] ?? 0) + count;
    }
  }
  return total;
}

function report(seeds, { level, without, engines, self }, totals, ms) {
  const inconclusive = Object.entries(totals.inconclusive).sort(([, a], [, b]) => b - a);
  const parties = self ? engines : [...engines, "native"];
  console.log(
    [
      `level ${level}${without === "" ? "" : ` without ${without}`}, ${seeds}, ${parties.join(" = ")}:`,
      `${totals.modules} modules, ${totals.calls} calls, ${totals.traps} traps, ${totals.exceptions} exceptions,`,
      `${totals.skippedExports} exports skipped, ${inconclusive.reduce((all, [, count]) => all + count, 0)} inconclusive,`,
      `${totals.differences} differences, ${(ms / 1000).toFixed(1)} s`,
    ].join(" "),
  );
  for (const [why, count] of inconclusive) console.log(`  inconclusive ${count} times: ${why}`);
  return totals.differences;
}
