// The engines that run inside a JavaScript host, each behind the same four functions. A compiled module is whatever the engine makes of it;
// an instance is a function that gives an export by its name.

/**
 * compile(bytes) → compiled
 * instantiate(compiled) → (name) => export
 * hosted(bytes, add) → (name) => export, of a module that imports env.add: the host's `add`
 * linked(bytes, calleeBytes) → (name) => export, of a module that imports env.add: another instance's export
 */
function likeWebAssembly(api) {
  const instantiate = (compiled, imports) => {
    const { exports } = new api.Instance(compiled, imports);
    return (name) => exports[name];
  };
  // A copy, because polywasm reads float constants from the wrong place in a view that does not start its buffer.
  const compile = (bytes) => new api.Module(bytes.slice());
  return {
    compile,
    instantiate,
    hosted: (bytes, add) => instantiate(compile(bytes), { env: { add } }),
    linked: (bytes, calleeBytes) =>
      instantiate(compile(bytes), { env: { add: instantiate(compile(calleeBytes))("add") } }),
  };
}

async function zerowasm(door, config) {
  const { Runtime } = await import(new URL(`../dist/${door}.js`, import.meta.url).href);
  const shared = new Runtime(config);
  if (shared.engine !== config.engine) throw new Error(`the engine in force is the ${shared.engine}`);
  const exportsOf = (module) => (name) => {
    const exported = module.exportedFunction(name);
    return exported.call.bind(exported);
  };
  const type = { params: ["i32", "i32"], results: ["i32"] };
  return {
    compile: (bytes) => shared.compile(bytes),
    instantiate: (compiled) => exportsOf(shared.instantiate(compiled)),
    hosted(bytes, add) {
      const runtime = new Runtime(config);
      runtime.hostModule("env").function("add", type, add).instantiate();
      return exportsOf(runtime.instantiate(bytes));
    },
    linked(bytes, calleeBytes) {
      const runtime = new Runtime(config);
      runtime.instantiate(calleeBytes, { name: "env" });
      return exportsOf(runtime.instantiate(bytes));
    },
  };
}

/** Every engine's name and how to get it; a rejected promise means that it is not available in this host. */
export const engines = {
  async native() {
    if (typeof WebAssembly === "undefined") throw new Error("this host has no WebAssembly");
    return likeWebAssembly(WebAssembly);
  },
  switch: () => zerowasm("interpreter", { engine: "interpreter", dispatch: "switch" }),
  closures: () => zerowasm("interpreter", { engine: "interpreter", dispatch: "closures" }),
  compiler: () => zerowasm("index", { engine: "compiler" }),
  async polywasm() {
    return likeWebAssembly((await import("polywasm")).WebAssembly);
  },
  async wasm2js() {
    const { wasm2js } = await import("./wasm2js.mjs");
    const instantiate = (compiled) => {
      const exports = compiled();
      return (name) => exports[name];
    };
    return { compile: wasm2js, instantiate };
  },
};
