// Loaded first in every process of a run, those a package starts included: puts the engine that PACKAGES_ENGINE names in place of the host's
// WebAssembly, takes that one's members away, and writes the size of each binary that is compiled to the file PACKAGES_LOG.
import { appendFileSync } from "node:fs";
import { namespaces } from "./namespaces.mjs";

const { PACKAGES_ENGINE: engine, PACKAGES_LOG: log } = process.env;
const native = globalThis.WebAssembly;
const namespace = await namespaces[engine]();

const note = (source) => appendFileSync(log, `${source?.byteLength ?? 0}\n`);

const noted =
  (call) =>
  (source, ...rest) => {
    if (!(source instanceof namespace.Module)) note(source);
    return call.call(namespace, source, ...rest);
  };

const counting = Object.create(Object.getPrototypeOf(namespace), Object.getOwnPropertyDescriptors(namespace));
for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming"]) {
  if (namespace[name] === undefined) continue;
  Object.defineProperty(counting, name, { value: noted(namespace[name]), writable: true, configurable: true });
}
Object.defineProperty(counting, "Module", {
  value: new Proxy(namespace.Module, {
    construct(Module, [source, ...rest], target) {
      note(source);
      return Reflect.construct(Module, [source, ...rest], target);
    },
  }),
  writable: true,
  configurable: true,
});
Object.defineProperty(globalThis, "WebAssembly", { value: counting, writable: true, configurable: true });

if (engine !== "native") for (const name of Object.getOwnPropertyNames(native)) delete native[name];
