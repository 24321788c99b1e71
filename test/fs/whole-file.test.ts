import assert from "node:assert/strict";
import test from "node:test";
import { memoryFs, readFile, readOnly, writeFile } from "zerowasm/fs";
import { hostDirectory } from "zerowasm/node";
import { newFolder } from "../wasi/files.ts";

const bytes = new TextEncoder().encode("content");

test("a file is made with the directories that lead to it, read, and replaced", () => {
  const fs = memoryFs();
  writeFile(fs, "/a/b//./file", new Uint8Array(100));
  writeFile(fs, "a/b/file", bytes);
  assert.deepEqual(readFile(fs, "/a/b/file"), bytes);
  writeFile(fs, "empty", new Uint8Array(0));
  assert.deepEqual(readFile(fs, "empty"), new Uint8Array(0));
});

test("a content that is no Uint8Array is a TypeError, and the file keeps what it has", () => {
  const fs = memoryFs();
  writeFile(fs, "file", bytes);
  for (const content of ["abc", undefined, [1], Uint16Array.of(258), new ArrayBuffer(2)]) {
    assert.throws(
      () => writeFile(fs, "file", content as unknown as Uint8Array),
      /^TypeError: the content of a file is a Uint8Array$/,
    );
  }
  assert.deepEqual(readFile(fs, "file"), bytes);
});

test("what is not there, or no file, is an error with a code", () => {
  const fs = memoryFs();
  writeFile(fs, "/dir/file", bytes);
  fs.root.symlink!("link", "dir/file");
  for (const [path, code] of [
    ["nothing", "ENOENT"],
    ["nothing/file", "ENOENT"],
    ["dir", "EISDIR"],
    ["/", "EISDIR"],
    ["dir/file/x", "ENOTDIR"],
    ["dir/../dir/file", "EPERM"],
    ["link", "ELOOP"],
  ] as const) {
    assert.throws(() => readFile(fs, path), { code }, path);
  }
  assert.throws(() => writeFile(readOnly(fs), "dir/file", bytes), { code: "EROFS" });
  assert.throws(() => writeFile(readOnly(fs), "new/file", bytes), { code: "EROFS" });
});

test("a file system of promises gives promises", async () => {
  const inner = memoryFs();
  writeFile(inner, "file", bytes);
  const { root } = inner;
  const fs = {
    root: {
      ...root,
      stat: () => root.stat(),
      lookup: async (name: string) => root.lookup(name),
      openDirectory: async (name: string) => root.openDirectory(name),
      openFile: async (...args: Parameters<typeof root.openFile>) => root.openFile(...args),
      entries: async () => root.entries(),
    },
  };
  const reading = readFile(fs, "file");
  assert.ok(reading instanceof Promise);
  assert.deepEqual(await reading, bytes);
});

test("nothing stays open", () => {
  const fs = hostDirectory(newFolder(), { maxOpen: 5 });
  writeFile(fs, "a/b/file", bytes);
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(readFile(fs, "a/b/file"), bytes);
    assert.throws(() => readFile(fs, "a/b/nothing"), { code: "ENOENT" });
    writeFile(fs, "a/b/file", bytes);
  }
});

test("what could not be written whole is not kept for longer than its name", async () => {
  const fs = memoryFs({ maxBytes: 10 });
  const { root } = fs;
  const openLater = async (...args: Parameters<typeof root.openFile>) => root.openFile(...args);
  const later = { root: { ...root, stat: () => root.stat(), entries: () => root.entries(), openFile: openLater } };
  assert.throws(() => writeFile(fs, "file", new Uint8Array(11)), { code: "ENOSPC" });
  await assert.rejects(async () => writeFile(later as unknown as typeof fs, "file", new Uint8Array(11)), {
    code: "ENOSPC",
  });
  writeFile(fs, "file", new Uint8Array(10));
  root.unlink!("file");
  assert.equal(fs.bytes, 0);
});
