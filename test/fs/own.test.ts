// A file system of one's own: promises, and nothing but what is asked for.
import assert from "node:assert/strict";
import test from "node:test";
import {
  type Directory,
  type File,
  type FileStat,
  type FileSystem,
  FileSystemError,
  memoryFs,
  overlay,
  readOnly,
} from "zerowasm/fs";
import { FileGuest, FOLLOW, O, READ, ROOT, WRITE } from "../wasi/files.ts";
import { errno } from "../wasi/guest.ts";

/** What has only the methods that have to be there. */
const least: FileSystem = (() => {
  const fail = (code: string): never => {
    throw new FileSystemError(code);
  };
  const text = new TextEncoder().encode("hello");
  const stat: FileStat = { type: "file", size: text.length, ino: 2n };
  const file: File = {
    stat: () => stat,
    read: (buffer, position) => {
      const part = text.subarray(position, position + buffer.length);
      buffer.set(part);
      return part.length;
    },
  };
  const root: Directory = {
    stat: () => ({ type: "directory", size: 0, ino: 1n }),
    lookup: (name) => (name === "hello" ? stat : fail("ENOENT")),
    openDirectory: (name) => fail(name === "hello" ? "ENOTDIR" : "ENOENT"),
    openFile: (name) => (name === "hello" ? file : fail("ENOENT")),
    entries: () => [{ name: "hello", type: "file", ino: 2n }],
  };
  return { root };
})();

test("what is left out is EROFS, or not there", () => {
  for (const guest of [new FileGuest(least), new FileGuest(readOnly(least))]) {
    assert.equal(guest.content("hello"), "hello");
    assert.deepEqual(guest.list(), { hello: 4 });
    assert.equal(guest.mkdir("x"), "rofs");
    assert.equal(guest.symlink("hello", "x"), "rofs");
    assert.equal(guest.link("hello", "x"), "rofs");
    assert.equal(guest.rename("hello", "x"), "rofs");
    assert.equal(guest.do("path_unlink_file", ROOT, "hello"), "rofs");
    assert.equal(guest.do("path_remove_directory", ROOT, "hello"), "rofs");
    assert.equal(guest.do("path_filestat_set_times", ROOT, 0, "hello", 0n, 0n, 4), "rofs");
    assert.equal(guest.readlink("hello"), "errno inval");
    const fd = guest.opened("hello", { rights: READ });
    assert.equal(guest.do("fd_sync", fd), "success");
    assert.equal(guest.do("fd_filestat_set_times", fd, 0n, 0n, 4), "rofs");
  }
  const guest = new FileGuest(least);
  const fd = guest.opened("hello", { rights: READ | WRITE });
  assert.equal(guest.write(fd, "x"), "rofs");
  assert.equal(guest.do("fd_filestat_set_size", fd, 0n), "rofs");
  assert.equal(new FileGuest(overlay(least)).content("hello"), "hello");
});

/** The same file system, each answer a promise. */
function later<T extends object>(inner: T): T {
  return new Proxy(inner, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      if (key === "close") return value.bind(target);
      return async (...args: unknown[]) => {
        await new Promise((resolve) => setImmediate(resolve));
        const given = args.map((arg) => originals.get(arg as object) ?? arg);
        const result: unknown = await value.apply(target, given);
        if (typeof result !== "object" || result === null || !("close" in result || "stat" in result)) return result;
        const made = later(result as object);
        originals.set(made, result);
        return made;
      };
    },
  });
}
const originals = new WeakMap<object, unknown>();

test("a file system of promises suspends the guest", async () => {
  const inner = memoryFs();
  const direct = new FileGuest(inner);
  direct.mkdir("dir");
  direct.symlink("dir", "link");
  direct.file("dir/file", "content");
  const root = later(inner.root);
  for (const [i, fs] of [{ root }, overlay({ root }), readOnly({ root })].entries()) {
    const guest = new FileGuest(fs);
    const call = async (name: string, ...args: (number | bigint | string)[]): Promise<unknown> => {
      let address = 0x1000;
      const flat = args.flatMap((arg) =>
        typeof arg === "string" ? [(address += 256), guest.put(address, arg)] : [arg],
      );
      return guest.call(name, ...flat);
    };
    assert.equal(await call("path_open", ROOT, FOLLOW, "link/../link/file", 0, READ, 0n, 0, 0), errno.success);
    const fd = guest.u32(0);
    guest.iovecs(16, [100, 3], [110, 10]);
    assert.equal(await call("fd_read", fd, 16, 2, 0), errno.success);
    assert.equal(guest.text(100, 3) + guest.text(110, 4), "content");
    assert.equal(await call("fd_filestat_get", fd, 512), errno.success);
    assert.equal(guest.u64(512 + 32), 7n);
    assert.equal(await call("fd_readdir", ROOT, 1024, 1000, 0n, 0), errno.success);
    assert.equal(await call("path_open", ROOT, 0, "nothing", O.directory, READ, 0n, 0, 0), errno.noent);
    const made = await call("path_create_directory", ROOT, `dir/new${i}`);
    assert.equal(made, "createDirectory" in fs.root ? errno.success : errno.rofs);
  }
});
