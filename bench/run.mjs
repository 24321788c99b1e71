// The benchmark's command: `node run.mjs --help`. Starts one process an engine and asks them in turn, A, B, A, B, for each measurement.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { repeatFunctions } from "./large-module.mjs";
import { start } from "./peer.mjs";
import { plot } from "./plot.mjs";
import { report } from "./report.mjs";

const help = `Usage: node run.mjs [options]
  --engines a,b      of native, switch, closures, compiler, polywasm, wasm2js, wazero-interpreter, wazero-compiler
                     (default: those available here)
  --phases a,b       of execute, translate, instantiate, first, call (default: all)
  --kernels a,b      (default: all in kernels/expected.json)
  --scale SIZE       full, small (a tenth) or tiny (a hundredth) of the work (default: full; tiny without a JIT)
  --rounds N         measurements of each; the minimum counts (default: 5)
  --base ENGINE      what the ratios relate to (default: the first engine)
  --bar A:B:X        fail unless A is at least X times as fast as B by geomean of the kernels; may be repeated
  --host FILE        the JavaScript host that runs the engines (default: this one)
  --node-flags FLAGS flags for that host, separated by spaces
  --times            print milliseconds and nanoseconds instead of ratios
  --json FILE        write every number to FILE
  --plot FILE        draw the kernels' ratios as SVG`;

const everyEngine = [
  "native",
  "switch",
  "closures",
  "compiler",
  "polywasm",
  "wasm2js",
  "wazero-interpreter",
  "wazero-compiler",
];
const everyPhase = ["execute", "translate", "instantiate", "first", "call"];

/** polywasm does not round f32 arithmetic, so these results are wrong there and no surprise. */
const knownWrong = { polywasm: ["biquad", "blur", "raster"] };

/** Kernels of vectors, which polywasm and wasm2js do not have; and what is no more than a script made beforehand is only executed. */
const isMissing = (engine, phase, row) =>
  (engine === "wasm2js" && phase !== "execute") ||
  ((engine === "polywasm" || engine === "wasm2js") && row.endsWith("_simd"));

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

function fail(message) {
  console.error(message);
  process.exit(2);
}

function list(value, all, what) {
  if (value === undefined) return undefined;
  const names = value.split(",").filter(Boolean);
  for (const name of names) if (!all.includes(name)) fail(`${what} "${name}" is not one of ${all.join(", ")}`);
  return names;
}

function options() {
  const text = { type: "string" };
  const flag = { type: "boolean", default: false };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        engines: text,
        phases: text,
        kernels: text,
        scale: text,
        rounds: { ...text, default: "5" },
        base: text,
        bar: { ...text, multiple: true, default: [] },
        host: { ...text, default: process.execPath },
        "node-flags": { ...text, default: "" },
        times: flag,
        json: text,
        plot: text,
        help: flag,
      },
    }));
  } catch (error) {
    fail(`${error.message}\n${help}`);
  }
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const expected = JSON.parse(readFileSync(path("kernels/expected.json"), "utf8"));
  const flags = [...process.execArgv, ...values["node-flags"].split(" ").filter(Boolean)];
  const scale = values.scale ?? (flags.includes("--jitless") ? "tiny" : "full");
  list(scale, ["full", "small", "tiny"], "scale");
  const rounds = Number(values.rounds);
  if (!(rounds >= 1)) fail("--rounds takes a number from 1");
  const bars = values.bar.map((bar) => {
    const [fast, slow, factor] = bar.split(":");
    list(`${fast},${slow}`, everyEngine, "engine");
    if (!(Number(factor) > 0)) fail("--bar takes FAST:SLOW:FACTOR");
    return { fast, slow, factor: Number(factor) };
  });
  return {
    asked: list(values.engines, everyEngine, "engine"),
    phases: list(values.phases, everyPhase, "phase") ?? everyPhase,
    kernels: list(values.kernels, Object.keys(expected), "kernel") ?? Object.keys(expected),
    base: list(values.base, everyEngine, "engine")?.[0],
    expected,
    flags,
    scale,
    rounds,
    bars,
    host: values.host,
    times: values.times,
    json: values.json,
    plot: values.plot,
  };
}

async function startAll({ asked, host, flags }) {
  const peers = [];
  for (const name of asked ?? everyEngine) {
    try {
      peers.push(await start(name, { host, flags }));
    } catch (error) {
      // Only the yardstick may be missing where it was asked for: a host without a JIT has no WebAssembly.
      if (asked && name !== "native") fail(`${name} is not available: ${error.message}`);
      console.log(`skipped: ${name} (${error.message})`);
    }
  }
  if (peers.length === 0) fail("no engine is available");
  return peers;
}

/** Samples in nanoseconds and errors, by phase, row and engine. */
class Record {
  phases = {};
  errors = [];
  #wrong = new Set();

  constructor(phases) {
    for (const phase of phases) this.phases[phase] = {};
  }

  /** Takes an answer for a row. What is wrong once is wrong for good. */
  take(phase, row, engine, { ns, result, error }, expected) {
    const key = `${phase} ${row} ${engine}`;
    const engines = (this.phases[phase][row] ??= {});
    if (error === undefined && expected !== undefined && result !== expected) error = `gave ${result}, not ${expected}`;
    if (error !== undefined) {
      if (!this.#wrong.has(key)) {
        const known = (phase === "execute" || phase === "first") && (knownWrong[engine]?.includes(row) ?? false);
        this.errors.push({ phase, row, engine, error, known });
      }
      this.#wrong.add(key);
      engines[engine] = null;
    } else if (!this.#wrong.has(key)) {
      (engines[engine] ??= []).push(ns);
    }
  }
}

const file = (kernel) => path(`kernels/${kernel}.wasm`);

/** Asks every peer for one row, in turn, and records the answers unless this is a warm-up. */
async function each(peers, record, phase, row, command, expected, warm) {
  for (const peer of peers) {
    if (isMissing(peer.name, phase, row)) continue;
    const answer = await peer.ask(command);
    if (!warm || answer.error !== undefined) record.take(phase, row, peer.name, answer, expected);
  }
}

const phases = {
  async execute({ peers, record, kernels, expected, scale, rounds }) {
    for (const kernel of kernels) {
      for (const peer of peers) {
        if (isMissing(peer.name, "execute", kernel)) continue;
        const { error } = await peer.ask({ op: "load", kernel, file: file(kernel) });
        if (error) record.take("execute", kernel, peer.name, { error });
      }
    }
    const turn = async (size, warm) => {
      for (const kernel of kernels) {
        const { n, expected: result } = expected[kernel][size];
        await each(peers, record, "execute", kernel, { op: "run", kernel, n }, result, warm);
      }
    };
    await turn("tiny", true);
    await turn(scale === "full" ? "small" : scale, true);
    await turn(scale, true);
    for (let i = 0; i < rounds; i++) await turn(scale, false);
  },

  async translate({ peers, record, rounds }) {
    const large = path(".build/large.wasm");
    mkdirSync(path(".build"), { recursive: true });
    writeFileSync(large, repeatFunctions(readFileSync(path("translate/all.wasm")), 40));
    const rows = { "all kernels, 28 KB": path("translate/all.wasm"), "the same x 40, 1.1 MB": large };
    for (let i = -2; i < rounds; i++) {
      for (const [row, name] of Object.entries(rows)) {
        await each(peers, record, "translate", row, { op: "translate", file: name }, undefined, i < 0);
      }
    }
  },

  async instantiate({ peers, record, rounds }) {
    for (let i = -1; i < rounds; i++) {
      for (const [kernel, what] of [
        ["fib", "no data"],
        ["tokens", "1 KB of data"],
        ["sieve", "31 pages"],
      ]) {
        const command = { op: "instantiate", file: file(kernel), count: 20 };
        await each(peers, record, "instantiate", `${kernel}: ${what}`, command, undefined, i < 0);
      }
    }
  },

  async first({ peers, record, kernels, expected, rounds }) {
    for (let i = -1; i < Math.min(rounds, 3); i++) {
      for (const kernel of kernels) {
        const { n, expected: result } = expected[kernel].tiny;
        await each(peers, record, "first", kernel, { op: "first", file: file(kernel), n }, result, i < 0);
      }
    }
  },

  async call({ peers, record, rounds, scale }) {
    const n = { full: 200000, small: 20000, tiny: 5000 }[scale];
    const files = { caller: path("calls/caller.wasm"), callee: path("calls/callee.wasm") };
    const rows = {
      "host to Wasm": "host-wasm",
      "Wasm to host": "wasm-host",
      "Wasm to Wasm, across instances": "wasm-wasm",
    };
    const sum = Number(BigInt.asIntN(32, (BigInt(n) * BigInt(n - 1)) / 2n));
    for (let i = -3; i < rounds; i++) {
      for (const [row, kind] of Object.entries(rows)) {
        await each(peers, record, "call", row, { op: "call", kind, n, ...files }, sum, i < 0);
      }
    }
  },
};

const chosen = options();
const peers = await startAll(chosen);
const names = peers.map((peer) => peer.name);
const base = chosen.base ?? names[0];
if (!names.includes(base)) fail(`--base: ${base} is not among the engines`);
for (const { fast, slow } of chosen.bars) {
  if (!names.includes(fast) || !names.includes(slow)) fail(`--bar: ${fast} and ${slow} must be among the engines`);
}
const record = new Record(chosen.phases);
const conditions = {
  host: `${chosen.host === process.execPath ? `Node ${process.version}` : chosen.host} ${chosen.flags.join(" ")}`.trim(),
  cpu: cpus()[0]?.model ?? "unknown",
  scale: chosen.scale,
  rounds: chosen.rounds,
  base,
};
console.log(
  Object.entries(conditions)
    .map(([key, value]) => `${key}: ${value}`)
    .join(" · "),
);
try {
  for (const phase of chosen.phases) {
    await phases[phase]({ ...chosen, peers, record });
    report.phase(phase, record.phases[phase], names, base, chosen.times);
  }
} finally {
  for (const peer of peers) peer.close();
}
const { good, geomeans, bars } = report.end(record, names, base, chosen.bars);
const everything = { conditions, engines: names, samplesNs: record.phases, geomeans, bars, errors: record.errors };
if (chosen.json) writeFileSync(chosen.json, `${JSON.stringify(everything, null, 1)}\n`);
if (chosen.plot) writeFileSync(chosen.plot, plot(everything));
process.exitCode = good ? 0 : 1;
