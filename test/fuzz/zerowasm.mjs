// Our engines, as transcript.mjs wants them.
import {
  Exception,
  InvalidError,
  LinkError,
  MalformedError,
  Runtime,
  Trap,
  UnsupportedError,
} from "../../dist/index.js";

const configs = {
  switch: { engine: "interpreter", dispatch: "switch" },
  closures: { engine: "interpreter", dispatch: "closures" },
  compiler: { engine: "compiler", eager: true },
};

/** Names of the engines there are in this build. */
export function available() {
  return Object.keys(configs).filter((name) => {
    try {
      return new Runtime(configs[name]).engine === configs[name].engine;
    } catch {
      return false;
    }
  });
}

/** An engine with a feature level. */
export function engine(name, features) {
  const runtime = new Runtime({ ...configs[name], features });
  return {
    name,
    isException: (error) => error instanceof Exception,
    open: (bytes, imports) => open(runtime, bytes, imports),
    outcome,
  };
}

function open(runtime, bytes, imports) {
  const module = runtime.instantiate(bytes, { imports, startFunctions: [] });
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
