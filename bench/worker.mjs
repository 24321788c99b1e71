// One engine in one process: reads one JSON command a line on standard input, answers with one JSON line. The clock runs in here.
// `node worker.mjs ENGINE`; the first line it prints says whether the engine is available.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { engines } from "./engines.mjs";

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

let engine;
try {
  engine = await engines[process.argv[2]]();
} catch (error) {
  answer({ error: String(error.message).split("\n")[0] });
  process.exit(0);
}
answer({});

let nonce = 0;
/** The file with a custom section and a new number in it appended, so that no cache knows the module. */
function fresh(file) {
  const bytes = readFileSync(file);
  const unique = new Uint8Array(bytes.length + 8);
  unique.set(bytes);
  unique.set([0, 6, 1, 0x6e], bytes.length);
  new DataView(unique.buffer).setUint32(bytes.length + 4, ++nonce, true);
  return unique;
}

function timed(work) {
  const start = performance.now();
  const result = work();
  return { ns: (performance.now() - start) * 1e6, result };
}

const kernels = new Map();
const callers = new Map();
const add = (a, b) => (a + b) | 0;

function callLoop({ kind, caller, callee }) {
  if (kind === "wasm-host") return engine.hosted(fresh(caller), add)("run");
  if (kind === "wasm-wasm") return engine.linked(fresh(caller), fresh(callee))("run");
  const exported = engine.instantiate(engine.compile(fresh(callee)))("add");
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = exported(sum, i);
    return sum;
  };
}

const operations = {
  load({ kernel, file }) {
    kernels.set(kernel, engine.instantiate(engine.compile(fresh(file)))("run"));
    return {};
  },
  run: ({ kernel, n }) => timed(() => kernels.get(kernel)(n)),
  translate({ file }) {
    const bytes = fresh(file);
    return { ns: timed(() => engine.compile(bytes)).ns };
  },
  instantiate({ file, count }) {
    const compiled = engine.compile(fresh(file));
    let total = 0;
    for (let i = 0; i < count; i++) total += timed(() => engine.instantiate(compiled)).ns;
    return { ns: total / count };
  },
  first({ file, n }) {
    const bytes = fresh(file);
    return timed(() => engine.instantiate(engine.compile(bytes))("run")(n));
  },
  call(command) {
    let loop = callers.get(command.kind);
    if (!loop) callers.set(command.kind, (loop = callLoop(command)));
    const { ns, result } = timed(() => loop(command.n));
    return { ns: ns / command.n, result };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    answer(operations[command.op](command));
  } catch (error) {
    answer({ error: String(error?.message ?? error).split("\n")[0] });
  }
}
