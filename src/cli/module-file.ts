// Takes a path, gives the bytes of a module; refuses what cannot be one.
import { readFileSync } from "node:fs";
import { codeOf } from "../node/descriptor.ts";
import { UsageError } from "./failure.ts";

const magic = "\0asm";
const coreVersion = 1;

/** Reads a module's file. Throws a UsageError where there is none or more follows, or it holds something else. */
export function readModule(path: string | undefined, command: string, more: readonly string[] = []): Uint8Array {
  if (path === undefined) throw new UsageError(`no FILE is given; see zerowasm help ${command}`);
  refuseMore(more, command);
  const bytes = readBytes(path);
  const reason = mismatch(path, bytes);
  if (reason !== undefined) throw new UsageError(`${path}: ${reason}`);
  return bytes;
}

/** Throws a UsageError where there are arguments that nobody asked for. */
export function refuseMore([first]: readonly string[], command: string): void {
  if (first !== undefined) throw new UsageError(`"${first}" is one argument too many; see zerowasm help ${command}`);
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path}: ${reasons.get(codeOf(error)) ?? (error as Error).message}`);
  }
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "no such file"],
  ["ENOTDIR", "no such file"],
  ["EISDIR", "is a directory"],
  ["EACCES", "permission denied"],
  ["ERR_FS_FILE_TOO_LARGE", "is larger than 2 GiB"],
]);

function mismatch(path: string, bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "is empty";
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (head === magic) {
    // A component says version 13, layer 1; other versions are for the decoder to refuse.
    const isComponent = bytes.length >= 8 && bytes[4] !== coreVersion && bytes[6] === 1;
    return isComponent ? "is a component, and only core modules are supported" : undefined;
  }
  if (magic.startsWith(head)) return "is no WebAssembly module: it ends within the header";
  if (path.endsWith(".wat") || path.endsWith(".wast")) {
    return "the text format is not supported yet; translate it with wat2wasm";
  }
  return "is no WebAssembly module: it does not begin with \\0asm";
}
