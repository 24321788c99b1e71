// Times the parts of a Go program (go/main.go, GOOS=wasip1) beside the host's own WebAssembly, in fresh processes in turn: prints ratios of minima
// and their geomean. `node go.mjs [--rounds N] [--turns N] [--clock cpu|wall] [--bar X]`; `node go.mjs --engine native|compiler` runs it once.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    // The best turn counts, and after ten neither side is warm.
    turns: { type: "string", default: "40" },
    clock: { type: "string", default: "cpu" },
    bar: { type: "string" },
    engine: { type: "string" },
  },
});
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const program = path(".build/go.wasm");
const args = ["parts", values.turns];

/**
 * The guest's clock: the process's own time, which a busy machine changes little, but which counts what V8's compiler takes on the other processors;
 * or the time on the wall.
 */
const time = {
  cpu() {
    const { user, system } = process.cpuUsage();
    return BigInt(user + system) * 1000n;
  },
  wall: () => process.hrtime.bigint(),
}[values.clock];
if (time === undefined) throw new Error(`--clock is cpu or wall, not ${values.clock}`);
const clock = { wallTime: time, monotonicTime: time };

const engines = {
  async native() {
    const { WASI } = await import("node:wasi");
    const wasi = new WASI({ version: "preview1", args });
    const module = new WebAssembly.Module(readFileSync(program));
    const imports = wasi.getImportObject();
    const clock_time_get = (_id, _precision, at) => {
      new DataView(instance.exports.memory.buffer).setBigUint64(at, time(), true);
      return 0;
    };
    Object.assign(imports.wasi_snapshot_preview1, { clock_time_get });
    const instance = new WebAssembly.Instance(module, imports);
    wasi.start(instance);
  },
  async compiler() {
    const { Runtime } = await import("../dist/index.js");
    const { wasi } = await import("../dist/wasi/index.js");
    const { stdio } = await import("../dist/node/index.js");
    const runtime = new Runtime({ engine: "compiler" });
    wasi.instantiate(runtime);
    runtime.instantiate(readFileSync(program), { args, ...stdio, clock });
  },
};

function build() {
  mkdirSync(path(".build"), { recursive: true });
  execFileSync("go", ["build", "-trimpath", "-o", program, "."], {
    cwd: path("go"),
    env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm" },
    stdio: "inherit",
  });
}

/** Each part's time in nanoseconds and what it computed. */
function run(engine) {
  const flags = [...process.execArgv, "--no-warnings"];
  const settings = ["--turns", values.turns, "--clock", values.clock];
  const own = [fileURLToPath(import.meta.url), "--engine", engine, ...settings];
  const lines = execFileSync(process.execPath, [...flags, ...own], { encoding: "utf8" })
    .trim()
    .split("\n");
  return lines.map((line) => line.split(" "));
}

function compare() {
  build();
  const least = { native: new Map(), compiler: new Map() };
  const checks = new Map();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [engine, times] of Object.entries(least)) {
      for (const [part, ns, check] of run(engine)) {
        times.set(part, Math.min(times.get(part) ?? Number.POSITIVE_INFINITY, Number(ns)));
        if ((checks.get(part) ?? check) !== check)
          throw new Error(`${part}: ${engine} gave ${check}, not ${checks.get(part)}`);
        checks.set(part, check);
      }
    }
  }
  let product = 1;
  for (const [part, ns] of least.native) {
    const ratio = least.compiler.get(part) / ns;
    product *= ratio;
    console.log(`${part.padEnd(8)} native ${(ns / 1e6).toFixed(2).padStart(6)} ms  compiler ${ratio.toFixed(2)} x`);
  }
  const geomean = product ** (1 / least.native.size);
  console.log(`geomean  ${geomean.toFixed(2)} x`);
  if (values.bar !== undefined && geomean > Number(values.bar)) process.exitCode = 1;
}

if (values.engine === undefined) compare();
else await engines[values.engine]();
