// Takes a directory, gives a cache of compiled modules in it, a file each.
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import type { CachedChunk, CachedModule, CompilationCache } from "../api/cache.ts";
import { refuseRest } from "../fs/options.ts";
import { trimCache } from "./cache-limit.ts";

/** What an entry begins with; a change of the format changes it. */
const MAGIC = "zerowasm cache 1\n";
const DIGEST_BYTES = 32;

/** An entry is written when this long nothing new came, and when the process ends. */
const WRITE_AFTER_MS = 1000;

/** How a cache is held. */
export interface DirectoryCacheOptions {
  /** What its entries may take together, 512 MiB if nothing is said: those that were used longest ago are removed. */
  readonly maxBytes?: number | undefined;
}

const DEFAULT_BYTES = 2 ** 29;

/** A cache that can be told to write. */
export interface DirectoryCache extends CompilationCache {
  /** Writes what is new at once. */
  flush(): void;
}

/**
 * A cache in a directory, which is made if it is not there. Any number of processes may share it. Whoever may write to the directory decides
 * what code runs. Throws the error of the file system where the directory cannot be had.
 */
export function directoryCache(path: string, options: DirectoryCacheOptions = {}): DirectoryCache {
  const { maxBytes = DEFAULT_BYTES, ...rest } = options;
  refuseRest("directoryCache", rest);
  if (!(maxBytes >= 0)) throw new RangeError(`a cache's limit is a number of bytes, got ${maxBytes}`);
  makeDirectory(path);
  return new Directory(path, maxBytes);
}

/**
 * Makes a directory, and those that it is in. Not by Node's own way, which never ends where a directory is there and the system says ENOENT of a
 * new one in it, as /proc does.
 */
function makeDirectory(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Caches with something to write; what is left is written when the process ends. */
const dirty = new Set<DirectoryCache>();
let hasListener = false;

function writeAtExit(cache: DirectoryCache): void {
  dirty.add(cache);
  if (hasListener) return;
  hasListener = true;
  process.on("exit", () => {
    for (const one of dirty) one.flush();
  });
}

class Directory implements DirectoryCache {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #unwritten = new Map<string, () => CachedModule>();
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  digest(bytes: Uint8Array): string {
    return createHash("sha256").update(bytes).digest("hex");
  }

  load(key: string): CachedModule | undefined {
    const file = this.#fileOf(key);
    try {
      const module = decode(read(file), key);
      if (module === undefined) rmSync(file, { force: true });
      return module;
    } catch {
      return undefined; // it is not there, or not to be read, or was to be removed and cannot
    }
  }

  save(key: string, take: () => CachedModule): void {
    this.#unwritten.set(key, take);
    writeAtExit(this);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), WRITE_AFTER_MS);
    this.#timer.unref();
  }

  flush(): void {
    for (const [key, take] of this.#unwritten) this.#write(key, take);
    if (this.#unwritten.size > 0) this.#trim();
    this.#unwritten.clear();
    clearTimeout(this.#timer);
    dirty.delete(this);
  }

  script(
    source: string,
    name: string,
    code: Uint8Array | undefined,
  ): ReturnType<NonNullable<CompilationCache["script"]>> {
    const cachedData = code === undefined ? undefined : Buffer.from(code.buffer, code.byteOffset, code.length);
    const script = new Script(`(function(E){${source}\n})`, { filename: name, ...(cachedData && { cachedData }) });
    return { run: script.runInThisContext(), firstLine: 1, code: () => script.createCachedData() };
  }

  /** Readers see an old entry or a new one, never half of one. That nothing could be written is no failure of the guest's. */
  #write(key: string, take: () => CachedModule): void {
    const file = this.#fileOf(key);
    const temporary = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
    try {
      writeFileSync(temporary, encode(take(), key), { mode: 0o600, flag: "wx" });
      renameSync(temporary, file);
    } catch {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // The directory is as it is.
      }
    }
  }

  #trim(): void {
    try {
      trimCache(this.#path, this.#maxBytes);
    } catch {
      // The directory is as it is.
    }
  }

  #fileOf(key: string): string {
    const name = createHash("sha256").update(`${process.version} ${process.arch} ${codeTag()} ${key}`).digest("hex");
    return join(this.#path, `${name.slice(0, 40)}.zerowasm`);
  }
}

/** The code of V8 is for one version of it on one kind of processor, and for its flags: a process with others would take none. */
function codeTag(): number {
  try {
    return cachedDataVersionTag();
  } catch {
    return 0; // it is another host, which has no such tag
  }
}

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/** The bytes of an entry; none where it is not ours. */
function read(file: string): Buffer {
  // A pipe would be waited for.
  const fd = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!isOwn(fstatSync(fd))) return Buffer.alloc(0);
    noteUse(fd);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Entries that are in use are the last to be removed. */
function noteUse(fd: number): void {
  try {
    const now = new Date();
    futimesSync(fd, now, now);
  } catch {
    // It is the system's, or on a disk that nothing is written to.
  }
}

/** Whether a file is of this user or of the system's, and nobody else may write to it: its code will be run. */
function isOwn(stat: Stats): boolean {
  const user = process.geteuid?.();
  if (!stat.isFile() || user === undefined) return stat.isFile();
  return (stat.uid === user || stat.uid === 0) && (stat.mode & 0o022) === 0;
}

/** What of a chunk is no bytes. */
type Header = Omit<CachedChunk, "source" | "code"> & { readonly sourceLength: number; readonly codeLength: number };

/** Magic, checksum; then, checked by it: length of the header, header, facts, and of each chunk source and code. */
function encode({ facts, chunks }: CachedModule, key: string): Uint8Array {
  const blobs: Uint8Array[] = [facts];
  const headers = chunks.map(({ source, code, ...rest }): Header => {
    const text = Buffer.from(source, "latin1");
    blobs.push(text, code ?? Buffer.alloc(0));
    return { ...rest, sourceLength: text.length, codeLength: code?.length ?? 0 };
  });
  const header = Buffer.from(JSON.stringify({ key, facts: facts.length, chunks: headers }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const contents = Buffer.concat([length, header, ...blobs]);
  return Buffer.concat([Buffer.from(MAGIC), createHash("sha256").update(contents).digest(), contents]);
}

/** Gives undefined for what no `encode` wrote for that key. */
function decode(bytes: Buffer, key: string): CachedModule | undefined {
  const start = MAGIC.length + DIGEST_BYTES;
  if (bytes.length < start + 4 || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  const contents = bytes.subarray(start);
  if (!createHash("sha256").update(contents).digest().equals(bytes.subarray(MAGIC.length, start))) return undefined;
  let at = 4 + contents.readUInt32LE(0);
  const header: { key: string; facts: number; chunks: Header[] } = JSON.parse(contents.toString("utf8", 4, at));
  if (header.key !== key) return undefined;
  const take = (length: number): Buffer => contents.subarray(at, (at += length));
  const facts = new Uint8Array(take(header.facts));
  const chunks = header.chunks.map(({ sourceLength, codeLength, ...rest }): CachedChunk => {
    const source = take(sourceLength).toString("latin1");
    const code = take(codeLength);
    return { ...rest, source, code: codeLength === 0 ? undefined : code };
  });
  return { facts, chunks };
}
