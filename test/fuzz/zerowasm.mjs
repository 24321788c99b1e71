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
import { hostPart } from "./host-part.mjs";

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
for (const [name, [Kind, config]] of Object.entries(kinds)) {
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

/** The same of a plan whose parts are instances of their own, each importing from the one before; the first may be what the host makes. */
export function chain(names, features, plan, parts) {
  const guests = names.filter((name) => name !== "host");
  const isSuspended = guests.some((name) => name.startsWith("suspended-"));
  return {
    ...engine(guests[0], features),
    name: names.join(" < "),
    async open(_bytes, imports) {
      const runtimes = guests.map((name) => newRuntime(name, { features }));
      let given = names.length > guests.length ? hostPart(runtimes[0], plan) : {};
      const modules = [];
      for (const [at, { bytes }] of parts.entries()) {
        const config = {
          imports: { given, host: isSuspended ? suspending(imports.host) : imports.host },
          startFunctions: [],
        };
        if (guests[at].startsWith("suspended-")) config.fuel = fuel;
        given = isSuspended
          ? await runtimes[at].instantiateAsync(bytes, config)
          : runtimes[at].instantiate(bytes, config);
        modules.push(given);
      }
      const last = modules.length - 1;
      // A function is called where it is, or through the last part.
      const placeOf = (name) => {
        const at = name.startsWith("~state/") ? plan.functions.length : name.split("/")[1] - plan.hosts.length;
        return at % 2 === 0
          ? last
          : Math.max(
              0,
              parts.findIndex(({ end }) => end > at),
            );
      };
      const called = (name) => modules[placeOf(name)].exportedFunction(name);
      const call = isSuspended
        ? (name, args) => called(name).callAsync(...args)
        : (name, args) => called(name).call(...args);
      return { ...viewOf(given), call };
    },
  };
}

const fuel = 2n ** 50n;

const suspending = (host) => {
  let calls = 0;
  const later =
    (run) =>
    (...args) => {
      const value = run(...args);
      return ++calls % 3 === 0 ? value : Promise.resolve(value);
    };
  return Object.fromEntries(Object.entries(host).map(([name, run]) => [name, later(run)]));
};

async function openSuspended(runtime, bytes, { host }) {
  const module = await runtime.instantiateAsync(bytes, {
    imports: { host: suspending(host) },
    startFunctions: [],
    fuel,
  });
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
