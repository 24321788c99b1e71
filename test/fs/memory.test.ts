import assert from "node:assert/strict";
import test from "node:test";
import { type File, type FileStat, type MemoryFileSystem, memoryFs, overlay } from "zerowasm/fs";

const create = { read: true, write: true, create: true, exclusive: false, truncate: false };
const code = (code: string) => ({ name: "FileSystemError", code });

function file(fs: MemoryFileSystem, name: string, bytes = 0): File {
  const made = fs.root.openFile(name, create) as File;
  if (bytes > 0) assert.equal(made.write!(new Uint8Array(bytes), 0), bytes);
  return made;
}

test("bytes are counted, limited, and given back", () => {
  const fs = memoryFs({ maxBytes: 100 });
  const one = file(fs, "one", 60);
  const two = file(fs, "two", 40);
  assert.equal(fs.bytes, 100);
  assert.throws(() => one.write!(new Uint8Array(1), 60), code("ENOSPC"));
  assert.throws(() => one.write!(new Uint8Array(1), "end"), code("ENOSPC"));
  assert.throws(() => one.setSize!(61), code("ENOSPC"));
  assert.throws(() => fs.root.symlink!("link", "x"), code("ENOSPC"));
  assert.equal(one.write!(new Uint8Array(60), 0), 60, "in place");
  fs.root.unlink!("two");
  assert.equal(fs.bytes, 100, "still open");
  two.close!();
  assert.equal(fs.bytes, 60);
  one.setSize!(10);
  assert.equal(fs.bytes, 10);
  fs.root.symlink!("link", "12345");
  assert.equal(fs.bytes, 15);
  fs.root.unlink!("link");
  fs.root.openFile("one", { ...create, truncate: true });
  assert.equal(fs.bytes, 0);
});

test("a link is as long as its target in UTF-8", () => {
  const fs = memoryFs();
  fs.root.symlink!("link", "gr\u00fc\u00dfe \u{1f600}");
  assert.equal((fs.root.lookup("link") as FileStat).size, 12);
  assert.equal(fs.bytes, 12);
});

test("a hole counts, and a huge one is refused without being made", () => {
  const fs = memoryFs();
  const one = file(fs, "one");
  for (const size of [2 ** 28 + 1, 2 ** 31 - 1]) assert.throws(() => one.setSize!(size), code("ENOSPC"));
  for (const size of [2 ** 31, Number.MAX_SAFE_INTEGER]) assert.throws(() => one.setSize!(size), code("EFBIG"));
  assert.equal(fs.bytes, 0);
});

test("names are counted, limited, and given back", () => {
  const fs = memoryFs({ maxFiles: 3 });
  file(fs, "one");
  fs.root.createDirectory!("two");
  fs.root.link!("one", fs.root, "three");
  assert.equal(fs.files, 3);
  const attempts: (() => unknown)[] = [
    () => file(fs, "four"),
    () => fs.root.createDirectory!("four"),
    () => fs.root.symlink!("four", "x"),
    () => fs.root.link!("one", fs.root, "four"),
  ];
  for (const attempt of attempts) assert.throws(attempt, code("ENOSPC"));
  assert.equal(fs.bytes, 0, "a link that could not be made has no bytes");
  fs.root.rename!("one", fs.root, "four");
  assert.equal(fs.files, 3);
  fs.root.rename!("four", fs.root, "three");
  assert.equal(fs.files, 3, "two names of one file");
  for (const name of ["three", "four"]) fs.root.unlink!(name);
  fs.root.removeDirectory!("two");
  assert.equal(fs.files, 0);
});

test("bytes that were cut off never come back", () => {
  const fs = memoryFs();
  const one = file(fs, "one");
  one.write!(Uint8Array.of(1, 2, 3, 4), 0);
  one.setSize!(1);
  one.setSize!(3);
  const buffer = new Uint8Array(4);
  assert.equal(one.read(buffer, 0), 3);
  assert.deepEqual([...buffer], [1, 0, 0, 0]);
});

test("a directory cannot be moved into itself, however deep", () => {
  const fs = memoryFs();
  let deep = fs.root;
  for (let i = 0; i < 10; i++) {
    deep.createDirectory!("d");
    deep = deep.openDirectory("d") as typeof deep;
  }
  assert.throws(() => fs.root.rename!("d", deep, "x"), code("EINVAL"));
});

test("two runs are the same, and times are the host's where it gives a clock", () => {
  const times = (fs: MemoryFileSystem): unknown => {
    file(fs, "one", 3);
    return fs.root.lookup("one");
  };
  assert.deepEqual(times(memoryFs()), times(memoryFs()));
  assert.equal((times(memoryFs({ now: () => 42n })) as { mtim: bigint }).mtim, 42n);
});

test("quotas are whole numbers", () => {
  for (const wrong of [-1, 1.5, Number.NaN, "1"]) {
    assert.throws(() => memoryFs({ maxBytes: wrong as number }), TypeError);
    assert.throws(() => memoryFs({ maxFiles: wrong as number }), TypeError);
  }
  // One that is misspelled would be none.
  assert.throws(() => memoryFs({ maxbytes: 5 } as never), /^TypeError: memoryFs has no option "maxbytes"$/);
  assert.throws(() => overlay(memoryFs(), { files: 5 } as never), /^TypeError: overlay has no option "files"$/);
  assert.throws(() => memoryFs({ now: 5n as never }), /^TypeError: now is a function, got 5$/);
});
