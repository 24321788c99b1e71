// A mounted directory of the host: how much of it may be open, what is closed, and what names mean on Windows.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { Directory, File } from "zerowasm/fs";
import { hostDirectory } from "zerowasm/node";
import { HostMount } from "#dist/node/host-mount.js";
import { NamedHostDirectory } from "#dist/node/named-directory.js";
import { FileGuest, newFolder, O, READ } from "../wasi/files.ts";

const plain = { read: true, write: false, create: false, exclusive: false, truncate: false };

test("no more is open at one time than the host allows", () => {
  const path = newFolder();
  mkdirSync(join(path, "a", "b", "c"), { recursive: true });
  const fs = hostDirectory(path, { maxOpen: 4 });
  const [one, two] = [new FileGuest(fs), new FileGuest(fs)];
  const fd = one.opened("file", { flags: O.creat });
  two.opened("file", { rights: READ });
  two.opened("file", { rights: READ });
  assert.equal(two.open("file", { rights: READ }), "mfile");
  assert.equal(one.open("new", { flags: O.creat }), "mfile");
  assert.ok(!readdirSync(path).includes("new"));
  assert.equal(one.do("fd_close", fd), "success");
  assert.equal(one.open("a/b/c", { rights: READ }), "mfile");
  assert.equal(typeof two.open("file", { rights: READ }), "number");
  for (const maxOpen of [0, -1, 1.5, Number.NaN]) assert.throws(() => hostDirectory(path, { maxOpen }), TypeError);
});

test("a ban that is misspelled is refused, as it would not hold", () => {
  const path = newFolder();
  for (const options of [
    { readonly: true },
    { readOnly: 1 },
    { readOnly: "yes" },
    { readOnly: null },
    { strict: 1 },
    { Strict: true },
  ])
    assert.throws(() => hostDirectory(path, options as never), {
      name: "TypeError",
      message: /^hostDirectory has no option|is true or false, got /,
    });
  assert.equal(new FileGuest(hostDirectory(path, { readOnly: true })).open("new", { flags: O.creat }), "rofs");
});

test("a closed file is nobody's, whatever the host opens under its number", () => {
  const path = newFolder();
  writeFileSync(join(path, "file"), "one");
  mkdirSync(join(path, "dir"));
  const { root } = hostDirectory(path);
  const file = root.openFile("file", plain) as File;
  const directory = root.openDirectory("dir") as Directory;
  file.close!();
  directory.close!();
  const others = [1, 2].map(() => root.openFile("file", plain) as File);
  assert.throws(() => file.read(new Uint8Array(9), 0), { code: "EBADF" });
  if (process.platform === "linux") assert.throws(() => directory.entries(), { code: "EBADF" });
  file.close!();
  for (const other of others) assert.equal(other.read(new Uint8Array(9), 0), 3);
});

function asWindows(context: TestContext, work: () => void): void {
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  Object.defineProperty(process, "platform", { ...platform, value: "win32" });
  context.after(() => Object.defineProperty(process, "platform", platform));
  work();
  Object.defineProperty(process, "platform", platform);
}

test("names that are others on Windows, or devices, are refused there", (context) => {
  const root = NamedHostDirectory.open(newFolder(), new HostMount(10));
  const names = [
    "a:b",
    "C:",
    "a\\b",
    "..\\a",
    ".. ",
    "...",
    "a.",
    "a ",
    "CON",
    "nul",
    "aux.txt",
    "Com1",
    "lpt9 .x",
    "com\u00b9",
  ];
  asWindows(context, () => {
    for (const name of names) assert.throws(() => root.createDirectory(name), { code: "EINVAL" }, name);
    for (const target of ["C:/outside", "C:outside", "\\\\server\\share", "..\\outside"])
      assert.throws(() => root.symlink("link", target), { code: "EINVAL" }, target);
    for (const name of ["con1", "console", "a.con", ".a", "com", "lpt10"]) root.createDirectory(name);
  });
});
