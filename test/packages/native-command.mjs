// `native-command.mjs DIRECTORY FILE [arguments]`: runs a command of WASI on the host's own WebAssembly, with the directory at `/`.
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const [, , directory, file, ...args] = process.argv;
const wasi = new WASI({ version: "preview1", args: [file, ...args], preopens: { "/": directory } });
const { instance } = await WebAssembly.instantiate(readFileSync(file), wasi.getImportObject());
process.exitCode = wasi.start(instance);
