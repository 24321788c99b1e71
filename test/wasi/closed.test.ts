// What a guest has asked for ends when it is closed: the host does no more than the step that is under way, and what was opened is closed.
import assert from "node:assert/strict";
import test from "node:test";
import { type FileSystem, memoryFs, writeFile } from "zerowasm/fs";
import { errno, Guest } from "./guest.ts";
import { FakeConnection } from "./sockets.ts";

/** A file system whose answers are promises, with what it was asked and how much is open. */
function traced(fs: FileSystem): { readonly fs: FileSystem; readonly asked: string[]; readonly open: Set<object> } {
  const asked: string[] = [];
  const open = new Set<object>();
  const wrap = (value: unknown, isRoot = false): unknown => {
    if (typeof value !== "object" || value === null || !("stat" in value)) return value;
    const proxy: object = new Proxy(value, {
      get(target, key) {
        const found: unknown = Reflect.get(target, key);
        if (key === "close")
          return () => void (open.delete(proxy) && (found as (() => void) | undefined)?.call(target));
        if (typeof found !== "function") return found;
        return async (...args: unknown[]) => {
          asked.push(String(key));
          await new Promise(setImmediate);
          return wrap(found.apply(target, args));
        };
      },
    });
    if (!isRoot) open.add(proxy);
    return proxy;
  };
  return { fs: { root: wrap(fs.root, true) as FileSystem["root"] }, asked, open };
}

const PATH = 0x1000;
const RESULT = 0x5000;
const rights = (1n << 1n) | (1n << 6n);

/** Calls of several steps; the file that is open has number 4. */
const calls: Readonly<Record<string, readonly [string, ...(number | bigint)[]]>> = {
  "path_open, a new file": ["path_open", 3, 0, PATH, 7, 1, rights, 0n, 0, RESULT],
  "path_open, a directory": ["path_open", 3, 0, PATH, 3, 2, 0n, 0n, 0, RESULT],
  path_filestat_get: ["path_filestat_get", 3, 1, PATH, 5, RESULT],
  path_unlink_file: ["path_unlink_file", 3, PATH, 5],
  fd_allocate: ["fd_allocate", 4, 0n, 100n],
  fd_write: ["fd_write", 4, RESULT + 8, 1, RESULT],
  fd_readdir: ["fd_readdir", 3, RESULT, 100, 0n, RESULT + 200],
};

for (const [name, [call, ...args]] of Object.entries(calls)) {
  test(`${name} of a guest that is closed asks the host for nothing more`, async () => {
    let isWhole = false;
    for (let turns = 0; !isWhole; turns++) {
      const memory = memoryFs();
      writeFile(memory, "a/b/c", new Uint8Array(3));
      const { fs, asked, open } = traced(memory);
      const guest = new Guest({ fs });
      guest.memory!.write(PATH, new TextEncoder().encode("a/b/c"));
      // To be appended to, at once to the disk.
      assert.equal(await guest.call("path_open", 3, 0, PATH, 5, 0, rights, 0n, 1 | 16, RESULT), errno.success);
      guest.memory!.write(PATH, new TextEncoder().encode("a/b/new"));
      if (!name.includes("new")) guest.memory!.write(PATH, new TextEncoder().encode("a/b/c"));
      guest.iovecs(RESULT + 8, [PATH, 5]);
      const outcome = guest.call(call, ...args) as Promise<unknown>;
      for (let i = 0; i < turns; i++) await new Promise(setImmediate);
      let isOver = false;
      outcome.then(() => {
        isOver = true;
      });
      await Promise.resolve();
      isWhole = isOver;
      const before = asked.length;
      guest.close();
      if (!isWhole) assert.equal(await outcome, errno.canceled, `${turns}`);
      for (let i = 0; i < 9; i++) await new Promise(setImmediate);
      assert.deepEqual(asked.slice(before), [], `${turns}`);
      assert.deepEqual([...open], [], `${turns}`);
    }
  });
}

test("a connection that comes for a guest that is closed is closed", async () => {
  const connection = new FakeConnection();
  let come!: (connection: FakeConnection) => void;
  const listener = { accept: () => new Promise<FakeConnection>((resolve) => (come = resolve)) };
  const guest = new Guest({ listeners: [listener] });
  const outcome = guest.call("sock_accept", 3, 0, RESULT);
  guest.close();
  come(connection);
  assert.equal(await outcome, errno.canceled);
  assert.equal(connection.closes, 1);
});

test("a poll of a guest that is closed ends at once", async () => {
  let cancels = 0;
  let idles = 0;
  const never = () => new Promise<never>(() => {});
  const guest = new Guest({
    nanosleep: () => Object.assign(never(), { cancel: () => cancels++ }),
    stdin: { read: never, ready: never, idle: () => idles++ },
  });
  const memory = guest.memory!;
  memory.subarray(0, 96)!.fill(0);
  memory.writeUint8(8, 0);
  memory.writeUint32(16, 1);
  memory.writeUint64(24, 1_000_000_000n);
  memory.writeUint8(48 + 8, 1);
  const outcome = guest.call("poll_oneoff", 0, 4096, 2, RESULT);
  assert.equal(cancels + idles, 0);
  guest.close();
  assert.deepEqual([cancels, idles], [1, 1]);
  assert.equal(await outcome, errno.success);
  assert.equal(guest.u32(RESULT), 0);
});
