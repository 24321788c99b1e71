import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { type Directory, type File, type FileStat, type FileSystem, memoryFs, overlay, readOnly } from "zerowasm/fs";
import { hostDirectory } from "zerowasm/node";
import { FileGuest, FOLLOW, known, newFolder, O, READ, ROOT, WRITE } from "../wasi/files.ts";

function base(): FileSystem {
  const fs = memoryFs();
  const guest = new FileGuest(fs);
  guest.mkdir("dir");
  guest.file("dir/deep", "deep");
  guest.file("file", "0123456789");
  guest.symlink("dir/deep", "link");
  return fs;
}

/** Everything below a directory. */
function dump(fs: FileSystem): unknown {
  const guest = new FileGuest(fs);
  return ["", "dir/"].map((path) => {
    const fd = guest.open(path === "" ? "." : path, { rights: READ });
    if (typeof fd === "string") return fd;
    return Object.keys(guest.list(fd)).map((name) => [name, guest.content(path + name)]);
  });
}

test("an overlay shows its base", () => {
  const fs = base();
  const before = dump(fs);
  assert.deepEqual(dump(overlay(fs)), before);
  const guest = new FileGuest(overlay(fs));
  assert.equal(known(guest.stat("file")).size, 10);
  assert.equal(known(guest.stat("file")).mtim, known(new FileGuest(fs).stat("file")).mtim);
  assert.equal(guest.readlink("link"), "dir/deep");
});

test("no change to an overlay reaches its base", () => {
  const fs = base();
  const before = dump(fs);
  const top = overlay(readOnly(fs));
  const guest = new FileGuest(top);
  const fd = guest.opened("file");
  assert.equal(guest.write(fd, "abc"), 3);
  assert.equal(guest.content("file"), "abc3456789");
  assert.equal(top.bytes, 10, "copied at the first write");
  assert.equal(guest.write(guest.opened("link", { follow: FOLLOW, fdflags: 1 }), "er"), 2);
  assert.equal(guest.content("dir/deep"), "deeper");
  guest.file("dir/new", "new");
  assert.equal(guest.rename("dir/new", "new"), "success");
  assert.equal(guest.rename("dir", "moved"), "success");
  assert.equal(guest.content("moved/deep"), "deeper");
  assert.equal(guest.do("path_unlink_file", ROOT, "file"), "success");
  assert.equal(guest.stat("file"), "noent");
  assert.equal(guest.do("path_remove_directory", ROOT, "moved"), "notempty");
  assert.equal(guest.do("path_unlink_file", ROOT, "moved/deep"), "success");
  assert.equal(guest.do("path_remove_directory", ROOT, "moved"), "success");
  assert.deepEqual(Object.keys(guest.list()).sort(), ["link", "new"]);
  assert.deepEqual(dump(fs), before);
});

test("a file of the base is read where it is, and cut without being read", () => {
  let opened = 0;
  const fs = base();
  const counting: FileSystem = {
    root: new Proxy(fs.root, {
      get(target, key) {
        if (key === "openFile") opened++;
        const value = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }),
  };
  const top = overlay(counting, { maxBytes: 9 });
  const guest = new FileGuest(top);
  assert.equal(guest.content("file"), "0123456789");
  assert.equal(guest.content("file"), "0123456789");
  assert.equal(opened, 2);
  const fd = guest.opened("file", { rights: READ });
  for (const digit of "01") assert.equal(guest.read(fd, 1), digit);
  assert.equal(opened, 3);
  assert.equal(guest.write(guest.opened("file"), "x"), "nospc", "its copy is too large");
  guest.opened("file", { flags: O.trunc });
  assert.equal(guest.content("file"), "");
});

test("a name that is listed and cannot be asked for hides nothing else of a directory", () => {
  const folder = newFolder();
  for (const byte of [0xfe, 0xff]) writeFileSync(Buffer.from([...Buffer.from(`${folder}/no`), byte]), "");
  writeFileSync(join(folder, "name"), "text");
  const guest = new FileGuest(overlay(hostDirectory(folder)));
  assert.equal(guest.content("name"), "text");
  assert.deepEqual(Object.keys(guest.list()), ["name"]);
});

test("an entry of the base that is gone is left out, and any other failure is heard", async () => {
  for (const isLate of [false, true]) {
    const listing = (code: string): FileSystem => {
      const error = Object.assign(new Error(code), { code });
      const lookup = (): PromiseLike<never> => {
        if (isLate) return Promise.reject(error);
        throw error;
      };
      const { root } = base();
      return { root: { stat: () => root.stat(), entries: () => root.entries(), lookup } as unknown as Directory };
    };
    assert.deepEqual(await overlay(listing("ENOENT")).root.entries(), []);
    await assert.rejects(async () => overlay(listing("EACCES")).root.entries(), { code: "EACCES" });
  }
});

test("names of the base are not counted against the guest", () => {
  const guest = new FileGuest(overlay(base(), { maxFiles: 1 }));
  assert.equal(guest.mkdir("one"), "success");
  assert.equal(guest.mkdir("two"), "nospc");
});

test("links of the base are not counted against the guest", () => {
  const fs = overlay(base(), { maxBytes: 3 });
  const guest = new FileGuest(fs);
  assert.equal(guest.readlink("link"), "dir/deep");
  assert.equal(fs.bytes, 0);
  assert.equal(guest.do("path_unlink_file", ROOT, "link"), "success");
  assert.equal(guest.symlink("dir", "link"), "success");
  assert.deepEqual([fs.bytes, guest.symlink("d", "other")], [3, "nospc"]);
});

test("what is appended to a file of the base stands behind all that it has", () => {
  const { root } = base();
  const short: Directory = {
    stat: () => root.stat(),
    entries: () => root.entries(),
    openDirectory: (name) => root.openDirectory(name),
    openFile: (name, flags) => root.openFile(name, flags),
    lookup: (name) => ({ ...(root.lookup(name) as FileStat), size: 0 }),
    readLink: (name) => root.readLink!(name),
  };
  const guest = new FileGuest(overlay({ root: short }));
  assert.equal(guest.write(guest.opened("file", { fdflags: 1 }), "ab"), 2);
  assert.equal(guest.content("file"), "0123456789ab");
});

test("a file of the base without an end is copied as far as there is room", () => {
  let closed = 0;
  const endless: File = {
    stat: () => ({ type: "file", size: 4, ino: 7n }),
    read: (buffer) => buffer.fill(1).length,
    close: () => void closed++,
  };
  const directory: Directory = {
    stat: () => ({ type: "directory", size: 0, ino: 1n }),
    lookup: (name) => (name === "file" ? endless.stat() : assert.fail(name)),
    entries: () => [{ name: "file", type: "file", ino: 7n }],
    openDirectory: () => assert.fail(),
    openFile: () => endless,
  };
  const top = overlay({ root: directory }, { maxBytes: 10_000_000 });
  const guest = new FileGuest(top);
  const fd = guest.opened("file", { rights: READ | WRITE });
  assert.equal(guest.write(fd, "x"), "nospc");
  assert.equal(top.bytes, 0);
  assert.equal(guest.do("fd_close", fd), "success");
  assert.equal(closed, 1);
});

test("files of the base are only open while the guest has them open", () => {
  const path = newFolder();
  for (let i = 0; i < 50; i++) writeFileSync(join(path, `file${i}`), `content ${i}`);
  const guest = new FileGuest(overlay(hostDirectory(path, { maxOpen: 10 })));
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 50; i++) assert.equal(guest.content(`file${i}`), `content ${i}`);
});

test("what of a base of promises two ask for at once is opened once, and closed", async () => {
  const { root } = base();
  const counts = { directories: 0, files: 0 };
  const slow = (directory: Directory): Directory => ({
    stat: () => directory.stat(),
    lookup: async (name) => directory.lookup(name),
    entries: async () => directory.entries(),
    readLink: (name) => directory.readLink!(name),
    openDirectory: async (name) => {
      counts.directories++;
      return slow(await directory.openDirectory(name));
    },
    openFile: async (name, flags) => {
      counts.files++;
      const file = await directory.openFile(name, flags);
      return { stat: () => file.stat(), read: (into, at) => file.read(into, at), close: () => void counts.files-- };
    },
  });
  const fs = overlay({ root: slow(root) });
  const flags = { read: true, write: false, create: false, exclusive: false, truncate: false };
  const folder = await fs.root.openDirectory("dir");
  const two = await Promise.all([1, 2].map(() => folder.openFile("deep", flags)));
  assert.equal(counts.directories, 1);
  const reads = two.map((file) => file.read(new Uint8Array(4), 0));
  for (const file of two) file.close!();
  assert.deepEqual(await Promise.all(reads), [4, 4]);
  assert.equal(counts.files, 0);
});
