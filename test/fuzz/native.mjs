// The oracle: the host's own WebAssembly, as transcript.mjs wants it. As a process: modules on standard input, transcripts on standard output.
// A record in is its length (u32), the seed (u64) and a module (`node native.mjs run`) or several (`validate`); a record out its length (u32) and JSON.
import { readSync, writeSync } from "node:fs";
import { transcript } from "./transcript.mjs";

const engine = {
  name: "native",
  isException: (error) => error instanceof WebAssembly.Exception,
  open(bytes, imports) {
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, imports);
    // In the module's order: an object puts names that are numbers first.
    const exportNames = WebAssembly.Module.exports(module).map(({ name }) => name);
    const names = new Map();
    for (const name of exportNames) {
      const value = exports[name];
      if (typeof value === "function" && !names.has(value)) names.set(value, names.size);
    }
    return {
      exports: exportNames,
      call: (name, args) => exports[name](...args),
      global: (name) => exports[name].value,
      tag: (name) => exports[name],
      memory(name) {
        return exports[name] instanceof WebAssembly.Memory ? new Uint8Array(exports[name].buffer) : undefined;
      },
      table(name) {
        const table = exports[name];
        if (!(table instanceof WebAssembly.Table)) return undefined;
        return Array.from({ length: Number(table.length) }, (_, at) => names.get(element(table, at)) ?? "-").join(" ");
      },
    };
  },
  outcome(error) {
    if (error instanceof WebAssembly.CompileError) return `invalid: ${error.message}`;
    if (error instanceof WebAssembly.LinkError) return `link: ${error.message}`;
    if (error instanceof WebAssembly.RuntimeError)
      return `trap: ${error.message.replace(/^WebAssembly\.Instance\(\): /, "")}`;
    if (error instanceof RangeError) return `stop: ${error.message}`;
    return `error: ${error}`;
  },
};

/** A 64-bit table takes bigints; an exception reference cannot be read at all. */
function element(table, at) {
  try {
    return typeof table.length === "bigint" ? table.get(BigInt(at)) : table.get(at);
  } catch {
    return undefined;
  }
}

function read(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const got = readSync(0, bytes, at, length - at);
    if (got === 0) process.exit(0);
    at += got;
  }
  return bytes;
}

function write(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

for (;;) {
  const head = read(12);
  const bytes = read(head.readUInt32LE(0));
  const answer = Buffer.from(JSON.stringify(await answerTo(bytes, head.readBigUInt64LE(4))));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(answer.length);
  write(Buffer.concat([length, answer]));
}

function answerTo(bytes, seed) {
  return process.argv[2] === "run" ? transcript(engine, bytes, seed) : verdicts(bytes);
}

/** Of several modules, each with its length before it: nothing, or what is wrong. */
function verdicts(bytes) {
  const list = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    const module = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    list.push(WebAssembly.validate(module) ? "" : complaint(module));
  }
  return list;
}

function complaint(module) {
  try {
    new WebAssembly.Module(module);
    return "invalid, but can be compiled";
  } catch (error) {
    return error.message;
  }
}
