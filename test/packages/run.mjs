// The command: `npm run packages -- [names] [options]`. Exit code 0: all as native's; 1: a difference; 2: a wrong option or name.
import { execFileSync, fork } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { markdown, table } from "./report.mjs";

const usage = `npm run packages -- [names] [options]

  names               cases or packages, such as sql.js (default: all that are not heavy)

  --heavy             the heavy ones instead
  --all               the heavy ones too
  --engine NAMES      of compiler, interpreter, polywasm, native (default: compiler,interpreter); native always runs first
  --rounds N          processes an engine, in turn; minima count (default 1)
  --budget MS         how long the work is repeated in each process (default 1000), at least twice
  --clock CLOCK       wall (default), or cpu: what a process takes of the processors' time, of use where they are busy with other things
  --patience SECONDS  when a process is ended (default 240)
  --markdown          prints the table of docs/packages.md`;

const engineNames = ["native", "compiler", "interpreter", "polywasm"];
const text = { type: "string" };
const flag = { type: "boolean", default: false };
const options = {
  heavy: flag,
  all: flag,
  engine: { ...text, default: "compiler,interpreter" },
  rounds: { ...text, default: "1" },
  budget: { ...text, default: "1000" },
  clock: { ...text, default: "wall" },
  patience: { ...text, default: "240" },
  markdown: flag,
  help: flag,
};

class UsageError extends Error {}

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

function parse() {
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals: words } = parsed;
  const engines = values.engine.split(",").filter((name) => name !== "native");
  for (const name of engines) if (!engineNames.includes(name)) throw new UsageError(`no engine ${name}`);
  if (!["wall", "cpu"].includes(values.clock)) throw new UsageError(`no clock ${values.clock}`);
  for (const name of ["rounds", "budget", "patience"]) {
    if (!/^\d+$/.test(values[name])) throw new UsageError(`--${name} takes a whole number, got ${values[name]}`);
  }
  return { ...values, words, engines };
}

/** Installs the packages where the lock is newer than what is there. */
function install() {
  const installed = path("node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(path("package-lock.json")).mtimeMs) return;
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["ci", "--ignore-scripts"], { cwd: path("."), stdio: ["ignore", "ignore", "inherit"] });
}

/** Each case: its name, its package with the version, why engines are left out, whether it is heavy. */
async function casesFor({ words, heavy, all }) {
  const { devDependencies: versions } = JSON.parse(readFileSync(path("package.json"), "utf8"));
  const cases = [];
  for (const file of readdirSync(path("cases")).filter((name) => name.endsWith(".mjs"))) {
    const { about } = await import(`./cases/${file}`);
    const name = file.replace(/\.mjs$/, "");
    cases.push({ name, file: path(`cases/${file}`), version: versions[about.package], ...about });
  }
  const unknown = words.find((word) => !cases.some((one) => one.name === word || one.package === word));
  if (unknown) throw new UsageError(`no case ${unknown}; there are ${cases.map(({ name }) => name).join(", ")}`);
  if (words.length > 0) return cases.filter((one) => words.includes(one.name) || words.includes(one.package));
  return cases.filter((one) => all || Boolean(one.heavy) === heavy);
}

/** One process: {startUp, run, result, binaries} or {error}. */
function runOnce({ file }, engine, { budget, clock, patience }) {
  const folder = mkdtempSync(join(tmpdir(), "packages-"));
  const log = join(folder, "compiled");
  const { promise, resolve } = withResolvers();
  const child = fork(path("worker.mjs"), [file], {
    cwd: path("."),
    env: {
      ...process.env,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${new URL("preload.mjs", import.meta.url).href}`,
      PACKAGES_ENGINE: engine,
      PACKAGES_LOG: log,
      PACKAGES_BUDGET: budget,
      PACKAGES_CLOCK: clock,
    },
    execArgv: process.execArgv,
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let answer;
  const watch = setTimeout(() => {
    answer ??= { error: `no answer after ${patience} s` };
    child.kill("SIGKILL");
  }, patience * 1000);
  child.on("message", (message) => (answer = message));
  child.on("exit", (code, signal) => {
    clearTimeout(watch);
    const binaries = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean).map(Number) : [];
    rmSync(folder, { recursive: true });
    answer ??= { error: `the process ended with ${signal ?? code}`, crashed: signal !== null };
    if (answer.error === undefined && binaries.length === 0) answer = { error: "nothing was compiled" };
    resolve({ ...answer, binaries });
  });
  return promise;
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve) => Object.assign(parts, { resolve }));
  return parts;
}

/** All rounds of a case: of each engine {verdict, startUp, run}. */
async function runCase(one, { engines, rounds, ...limits }) {
  const outcomes = {};
  let expected = one.expected && { result: one.expected };
  for (let round = 0; round < rounds; round++) {
    for (const engine of ["native", ...engines]) {
      const earlier = outcomes[engine];
      if (one.without?.[engine] !== undefined) {
        outcomes[engine] = { verdict: one.without[engine], leftOut: true };
        continue;
      }
      if (earlier && earlier.verdict !== "yes") continue;
      let answer = await runOnce(one, engine, limits);
      // Node 20 itself crashes in about a quarter of the runs of Ruby on its own WebAssembly.
      for (let i = 0; i < 3 && engine === "native" && answer.crashed; i++) answer = await runOnce(one, engine, limits);
      if (engine === "native") expected ??= answer;
      outcomes[engine] = outcomeOf(answer, expected, earlier);
    }
  }
  return outcomes;
}

function outcomeOf(answer, expected, earlier) {
  if (answer.error !== undefined) return { verdict: answer.error.split("\n")[0], detail: answer.error };
  if (!isDeepStrictEqual(answer.result, expected.result)) {
    const [ours, theirs] = [answer.result, expected.result].map((result) =>
      String(JSON.stringify(result)).slice(0, 2000),
    );
    return { verdict: "another result", detail: `${ours}\nnative: ${theirs}` };
  }
  return {
    verdict: "yes",
    binaries: answer.binaries,
    startUp: Math.min(answer.startUp, earlier?.startUp ?? Number.POSITIVE_INFINITY),
    run: Math.min(answer.run, earlier?.run ?? Number.POSITIVE_INFINITY),
  };
}

async function main() {
  const parsed = parse();
  if (parsed.help) {
    console.log(usage);
    return 0;
  }
  install();
  const cases = await casesFor(parsed);
  const rows = [];
  for (const one of cases) {
    const outcomes = await runCase(one, parsed);
    rows.push({ ...one, outcomes });
    if (!parsed.markdown) table(one, outcomes, rows.length === 1);
  }
  if (parsed.markdown) markdown(rows, ["native", ...parsed.engines]);
  // polywasm is a yardstick: what it cannot run is no failure of ours.
  const failed = rows.flatMap(({ name, outcomes }) => {
    return Object.entries(outcomes)
      .filter(([engine, { verdict, leftOut }]) => engine !== "polywasm" && verdict !== "yes" && !leftOut)
      .map(([engine, { detail }]) => ({ name, engine, detail }));
  });
  for (const { name, engine, detail } of failed) console.error(`\n${name}, ${engine}: ${detail}`);
  return failed.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
