// Takes a path, gives a module as it stands in the file; refuses what cannot be one.
import { readFileSync } from "node:fs";
import { codeOf, readBlocking } from "../node/descriptor.ts";
import type { Assembled, TextPosition } from "../text/index.ts";
import { UsageError } from "./failure.ts";

/** A module as a file has it: its bytes, or its text. */
export class ModuleFile {
  readonly path: string;
  readonly #contents: Uint8Array | string;
  #assembled: Assembled | undefined;

  constructor(path: string, contents: Uint8Array | string) {
    this.path = path;
    this.#contents = contents;
  }

  get isText(): boolean {
    return typeof this.#contents === "string";
  }

  /** The binary form. Throws a TextError for a text that is none. */
  async binary(): Promise<Uint8Array> {
    const contents = this.#contents;
    if (typeof contents !== "string") return contents;
    const { assemble } = await import("../text/index.ts");
    this.#assembled = assemble(contents);
    return this.#assembled.bytes;
  }

  /** Where in the text stands what is at an offset of the binary form; undefined where the file is no text. */
  positionAt(offset: number): TextPosition | undefined {
    return this.#assembled?.positionAt(offset);
  }
}

const magic = "\0asm";
const coreVersion = 1;

/** Reads a module's file. Throws a UsageError where there is none or more follows, or it holds something else. */
export function readModule(path: string | undefined, command: string, more: readonly string[] = []): ModuleFile {
  if (path === undefined) throw new UsageError(`no FILE is given; see zerowasm help ${command}`);
  refuseMore(more, command);
  const bytes = readBytes(path);
  if (isText(path, bytes)) return new ModuleFile(path, textOf(path, bytes));
  const reason = mismatch(bytes);
  if (reason !== undefined) throw new UsageError(`${path}: ${reason}`);
  return new ModuleFile(path, bytes);
}

/** Throws a UsageError where there are arguments that nobody asked for. */
export function refuseMore([first]: readonly string[], command: string): void {
  if (first !== undefined) throw new UsageError(`"${first}" is one argument too many; see zerowasm help ${command}`);
}

function readBytes(path: string): Uint8Array {
  try {
    return path === "-" ? readInput() : readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path || '""'}: ${reasons.get(codeOf(error)) ?? (error as Error).message}`);
  }
}

// Not by readFileSync, which fails where standard input is a pipe that somebody made non-blocking.
function readInput(): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = new Uint8Array(65_536);
    const length = readBlocking(0, chunk);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
  }
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "no such file"],
  ["ENOTDIR", "no such file"],
  ["EISDIR", "is a directory"],
  ["EACCES", "permission denied"],
  ["ERR_FS_FILE_TOO_LARGE", "is larger than 2 GiB"],
]);

// By its name, or because it begins as only text does: with a parenthesis or a comment.
function isText(path: string, bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (bytes.length === 0 || head === magic) return false;
  if (path.endsWith(".wat")) return true;
  const start = bytes.findIndex((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d));
  return start >= 0 && (bytes[start] === 0x28 || (bytes[start] === 0x3b && bytes[start + 1] === 0x3b));
}

function textOf(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${path}: is no text in UTF-8`);
  }
}

function mismatch(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "is empty";
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (head === magic) {
    // A component says version 13, layer 1; other versions are for the decoder to refuse.
    const isComponent = bytes.length >= 8 && bytes[4] !== coreVersion && bytes[6] === 1;
    return isComponent ? "is a component, and only core modules are supported" : undefined;
  }
  if (magic.startsWith(head)) return "is no WebAssembly module: it ends within the header";
  return "is no WebAssembly module: it is no text of one, and does not begin with \\0asm";
}
