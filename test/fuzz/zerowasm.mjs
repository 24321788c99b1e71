// Our engines, as transcript.mjs wants them.

import { Compiler } from "../../dist/engine/compiler/engine.js";
import { closures } from "../../dist/engine/interpreter/blocks.js";
import { DirectInterpreter } from "../../dist/engine/interpreter/direct-engine.js";
import { Interpreter } from "../../dist/engine/interpreter/engine.js";
import {
  Exception,
  InvalidError,
  LinkError,
  MalformedError,
  Runtime,
  Trap,
  UnsupportedError,
} from "../../dist/index.js";
import { BaseRuntime } from "../../dist/runtime.js";

/** A compiler whose functions change over in their second call, and whose loops do in their third turn. */
class TieredRuntime extends BaseRuntime {
  constructor(config, settings = { thresholds: { calls: 1, perByte: 0, turns: 2 } }) {
    const interpreter = (options) => new Interpreter(options, closures);
    const make = (options) => new Compiler(new DirectInterpreter(options, closures), { ...options, ...settings });
    super(config, { interpreter, compiler: { make, isAllowed: () => true } });
  }
}

/** A compiler that takes every function for a huge one, which is hot after a few calls or turns. */
class HugeRuntime extends TieredRuntime {
  constructor(config) {
    super(config, { first: { length: 0, turns: 5 } });
  }
}

const kinds = {
  switch: [Runtime, { engine: "interpreter", dispatch: "switch" }],
  closures: [Runtime, { engine: "interpreter", dispatch: "closures" }],
  compiler: [Runtime, { engine: "compiler", eager: true }],
  huge: [HugeRuntime, { engine: "compiler", eager: true }],
  tiers: [TieredRuntime, { engine: "compiler", dispatch: "switch" }],
  "tiers-closures": [TieredRuntime, { engine: "compiler", dispatch: "closures" }],
};

// The same, metered, with calls of host functions that suspend the guest, now and then.
for (const name of ["switch", "compiler", "tiers"]) {
  const [Kind, config] = kinds[name];
  kinds[`suspended-${name}`] = [Kind, { ...config, metering: true }];
}

function newRuntime(name, more) {
  const [Kind, config] = kinds[name];
  return new Kind({ ...config, ...more });
}

/** Names of the engines there are in this build. */
export function available() {
  return Object.keys(kinds).filter((name) => {
    try {
      return newRuntime(name).engine === kinds[name][1].engine;
    } catch {
      return false;
    }
  });
}

/** An engine with a feature level. */
export function engine(name, features) {
  const runtime = newRuntime(name, { features });
  return {
    name,
    isException: (error) => error instanceof Exception,
    open: name.startsWith("suspended-")
      ? (bytes, imports) => openSuspended(runtime, bytes, imports)
      : (bytes, imports) => open(runtime, bytes, imports),
    outcome,
  };
}

function open(runtime, bytes, imports) {
  return viewOf(runtime.instantiate(bytes, { imports, startFunctions: [] }));
}

function viewOf(module) {
  const names = new Map();
  for (const name of module.exportNames) {
    const f = module.exportedFunction(name);
    if (f !== undefined && !names.has(f)) names.set(f, names.size);
  }
  return {
    exports: module.exportNames,
    call: (name, args) => module.exportedFunction(name).call(...args),
    global: (name) => module.exportedGlobal(name).get(),
    tag: (name) => module.exportedTag(name),
    memory(name) {
      const memory = module.exportedMemory(name);
      return memory?.subarray(0, memory.byteLength);
    },
    table(name) {
      const table = module.exportedTable(name);
      return table && Array.from({ length: table.length }, (_, at) => names.get(table.get(at)) ?? "-").join(" ");
    },
  };
}

async function openSuspended(runtime, bytes, { host }) {
  let calls = 0;
  const later = Object.entries(host).map(([name, run]) => [
    name,
    (...args) => {
      const value = run(...args);
      return ++calls % 3 === 0 ? value : Promise.resolve(value);
    },
  ]);
  const config = { imports: { host: Object.fromEntries(later) }, startFunctions: [], fuel: 2n ** 50n };
  const module = await runtime.instantiateAsync(bytes, config);
  return { ...viewOf(module), call: (name, args) => module.exportedFunction(name).callAsync(...args) };
}

function outcome(error) {
  if (error instanceof Trap) {
    if (error.code === "call stack exhausted") return "stop: call stack exhausted";
    return `trap: ${error.code}`;
  }
  if (error instanceof MalformedError || error instanceof InvalidError) return `invalid: ${error.message}`;
  if (error instanceof LinkError) return `link: ${error.message}`;
  if (error instanceof UnsupportedError) return `stop: unsupported: ${error.message}`;
  return `error: ${error?.stack ?? error}`;
}
