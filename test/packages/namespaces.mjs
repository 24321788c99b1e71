// Takes an engine's name, gives a namespace like the host's WebAssembly over that engine.

// As Node loads it; where rooms are to be seen in a profile, PACKAGES_DOOR is `js-api/index`.
const door = process.env.PACKAGES_DOOR ?? "bundled/js-api";
const zerowasm = async (engine) => (await import(`../../dist/${door}.js`)).createWebAssembly({ engine });

/** polywasm reads float constants from the wrong place in a view that does not start its buffer. */
async function polywasm() {
  const { WebAssembly } = await import("polywasm");
  const whole = (source) => (ArrayBuffer.isView(source) ? new Uint8Array(source).slice() : source);
  return {
    ...WebAssembly,
    Module: new Proxy(WebAssembly.Module, { construct: (Module, [source]) => new Module(whole(source)) }),
    compile: async (source) => new WebAssembly.Module(whole(source)),
    instantiate: (source, imports) => WebAssembly.instantiate(whole(source), imports),
  };
}

/** Every engine that runs packages; `compiler` is what users get where code from text is allowed. */
export const namespaces = {
  native: async () => globalThis.WebAssembly,
  compiler: () => zerowasm("auto"),
  interpreter: () => zerowasm("interpreter"),
  polywasm,
};
