// `node validate-worker.mjs HOW FILE`: what a fresh process needs from a module's bytes to a validated module, in milliseconds, as one JSON line.
// Importing zerowasm is not part of it.
import { readFileSync } from "node:fs";

const [how, file] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(file));

const ways = {
  async parts() {
    const { decode } = await import("../dist/binary/decode.js");
    const { validate } = await import("../dist/valid/validate.js");
    const start = performance.now();
    const module = decode(bytes);
    const decoded = performance.now();
    validate(module);
    const validated = performance.now();
    return { decode: decoded - start, validate: validated - decoded, "decode + validate": validated - start };
  },
  // With a copy of the bytes.
  async compile() {
    const { Runtime } = await import("../dist/index.js");
    const runtime = new Runtime();
    const start = performance.now();
    runtime.compile(bytes);
    return { "Runtime.compile": performance.now() - start };
  },
  async native() {
    const start = performance.now();
    if (!WebAssembly.validate(bytes)) throw new Error(`${file}: not valid`);
    return { native: performance.now() - start };
  },
};

process.stdout.write(JSON.stringify(await ways[how]()));
