// Takes an open directory, gives its entries in the guest's form (witx: fd_readdir, dirent).
import type { DirectoryEntry } from "../api/file-system.ts";
import { encodeUtf8 } from "../fs/utf8.ts";
import { dirent, type Errno, errno } from "./abi.ts";
import type { DirectoryDescriptor } from "./descriptors.ts";
import { filetypeOf } from "./filestat.ts";
import { directoryOf } from "./path-arguments.ts";
import type { Process } from "./process.ts";
import { type Steps, settled } from "./steps.ts";

/** Where the entries go. */
interface Target {
  readonly buf: number;
  readonly bufLen: number;
  /** Number of entries to leave out. */
  readonly cookie: bigint;
  readonly bufused: number;
}

/**
 * Writes as many entries as there is room for; the last may be cut, which tells the guest that there are more. The cookie 0 looks at the
 * directory anew. EBADF: not open. ENOTDIR: no directory. EFAULT: a pointer leads out of memory.
 */
export function* directoryEntries(
  process: Process,
  fd: number,
  { buf, bufLen, cookie, bufused }: Target,
): Steps<Errno> {
  const found = directoryOf(process, fd);
  const { memory } = process;
  if (memory?.subarray(buf, bufLen) === undefined || memory.subarray(bufused, 4) === undefined) return errno.fault;
  const entries = (cookie === 0n ? undefined : found.entries) ?? (yield* list(found));
  if (entries !== found.entries) process.descriptors.list(found, entries);
  let used = 0;
  for (let i = cookie < entries.length ? Number(cookie) : entries.length; i < entries.length && used < bufLen; i++) {
    const bytes = encode(entries[i], i + 1).subarray(0, bufLen - used);
    memory.write(buf + used, bytes);
    used += bytes.length;
  }
  memory.writeUint32(bufused, used);
  return errno.success;
}

// The number of ".." is not shown: it may be outside.
function* list({ held: { directory } }: DirectoryDescriptor): Steps<readonly DirectoryEntry[]> {
  const { ino } = yield* settled(directory.stat());
  const entries = yield* settled(directory.entries());
  return [{ name: ".", type: "directory", ino }, { name: "..", type: "directory", ino }, ...entries];
}

function encode({ name, type, ino }: DirectoryEntry, next: number): Uint8Array {
  const text = encodeUtf8(name);
  const bytes = new Uint8Array(dirent.byteLength + text.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(dirent.next, BigInt(next), true);
  view.setBigUint64(dirent.ino, BigInt.asUintN(64, ino), true);
  view.setUint32(dirent.namlen, text.length, true);
  view.setUint8(dirent.type, filetypeOf(type));
  bytes.set(text, dirent.byteLength);
  return bytes;
}
