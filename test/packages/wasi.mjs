// Takes a program of WASI preview1, runs it on node:wasi where the engine is native, and on zerowasm's own WASI where it is not.
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const { PACKAGES_ENGINE: engine = "native", PACKAGES_LOG: log } = process.env;

/** A directory that is gone when the process ends. */
function scratch() {
  const path = mkdtempSync(join(tmpdir(), "packages-wasi-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A directory to mount, of the host. */
function directoryStore() {
  const path = scratch();
  return {
    path,
    read: (name) => readFileSync(join(path, name)),
    write(name, bytes) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), bytes);
    },
    close: () => rmSync(path, { recursive: true }),
  };
}

async function memoryStore() {
  const { memoryFs, readFile, writeFile } = await import("../../dist/bundled/fs.js");
  const fs = memoryFs();
  return {
    fs,
    read: (name) => readFile(fs, `/${name}`),
    write: (name, bytes) => writeFile(fs, `/${name}`, bytes),
    close() {},
  };
}

/** What can be mounted: a directory of the host, and for zerowasm one in memory too. */
export async function stores() {
  return engine === "native" ? [directoryStore()] : [directoryStore(), await memoryStore()];
}

/** Gives functions that start a program anew: `command(args, mounts)` runs it to its end, `reactor(imports, mounts)` gives its exports. */
export async function programOf(bytes) {
  return engine === "native" ? nativeProgram(bytes) : ownProgram(bytes);
}

async function nativeProgram(bytes) {
  const { WASI } = await import("node:wasi");
  const module = new WebAssembly.Module(bytes);
  const begin = (args, mounts, imports) => {
    const file = join(scratch(), "stdout");
    const stdout = openSync(file, "w");
    const preopens = Object.fromEntries(Object.entries(mounts).map(([at, { path }]) => [at, path]));
    const wasi = new WASI({ version: "preview1", args, preopens, stdout });
    const instance = new WebAssembly.Instance(module, { ...imports, wasi_snapshot_preview1: wasi.wasiImport });
    const printed = () => readFileSync(file, "utf8");
    return { wasi, instance, printed, end: () => closeSync(stdout) };
  };
  return {
    command(args, mounts) {
      const { wasi, instance, printed, end } = begin(args, mounts, {});
      const code = wasi.start(instance);
      end();
      return { code, printed: printed() };
    },
    reactor(imports, mounts) {
      const { wasi, instance, printed } = begin([], mounts, imports);
      wasi.initialize(instance);
      return { exports: instance.exports, printed };
    },
  };
}

async function ownProgram(bytes) {
  const { ExitError, Runtime } = await import("../../dist/bundled/index.js");
  const { mounts: mountsOf } = await import("../../dist/bundled/fs.js");
  const { hostDirectory } = await import("../../dist/bundled/node.js");
  const { wasi } = await import("../../dist/bundled/wasi.js");
  const runtime = new Runtime({ engine: engine === "interpreter" ? "interpreter" : "auto" });
  wasi.instantiate(runtime);
  const module = runtime.compile(bytes);
  appendFileSync(log, `${bytes.length}\n`);
  const begin = (args, mounts, config) => {
    let text = "";
    const decoder = new TextDecoder();
    const fs = Object.entries(mounts).map(([at, store]) => [at, store.fs ?? hostDirectory(store.path)]);
    const stdout = (written) => {
      text += decoder.decode(written, { stream: true });
    };
    const start = () => runtime.instantiate(module, { args, stdout, fs: mountsOf(Object.fromEntries(fs)), ...config });
    return { start, printed: () => text };
  };
  return {
    command(args, mounts) {
      const { start, printed } = begin(args, mounts, {});
      let code = 0;
      try {
        start();
      } catch (error) {
        if (!(error instanceof ExitError)) throw error;
        code = error.exitCode;
      }
      return { code, printed: printed() };
    },
    reactor(imports, mounts) {
      const { start, printed } = begin([], mounts, { imports });
      return { exports: exportsOf(module, start()), printed };
    },
  };
}

/** A module's exports as glue for the JavaScript API expects them. */
function exportsOf(module, instance) {
  const exports = {
    memory: {
      get buffer() {
        return instance.memory.subarray(0, 0).buffer;
      },
    },
  };
  for (const { name, extern } of module.exports) {
    if (extern.kind !== "function") continue;
    const exported = instance.exportedFunction(name);
    exports[name] = (...args) => exported.call(...args);
  }
  return exports;
}
