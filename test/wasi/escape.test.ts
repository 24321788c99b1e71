// Attempts to read or write outside of a mount, by guests alone and with a second process that swaps links in: none gets out.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import test from "node:test";
import { type FileSystem, overlay, readOnly } from "zerowasm/fs";
import { hostDirectory } from "zerowasm/node";
import { HostMount } from "#dist/node/host-mount.js";
import { NamedHostDirectory } from "#dist/node/named-directory.js";
import { FileGuest, FOLLOW, newFolder, O, READ, ROOT, WRITE } from "./files.ts";
import { errno } from "./guest.ts";

const SECRET = "secret";
const MKFIFO = "mkfifo"; // of POSIX

/** A mount, beside it a folder with a secret, and links between them. */
interface Place {
  readonly inside: string;
  readonly outside: string;
}

function place(): Place {
  const base = realpathSync(newFolder());
  const inside = join(base, "inside");
  const outside = join(base, "outside");
  for (const path of [inside, outside, join(inside, "dir"), join(inside, "dir", "deep"), join(outside, "dir")])
    mkdirSync(path);
  writeFileSync(join(outside, "file"), SECRET);
  writeFileSync(join(outside, "dir", "file"), SECRET);
  writeFileSync(join(inside, "file"), "own");
  // A name of the mount that begins as another's does.
  mkdirSync(`${inside}-too`);
  writeFileSync(join(`${inside}-too`, "file"), SECRET);
  const links = {
    absolute: outside,
    "absolute-file": join(outside, "file"),
    up: "../outside",
    "up-file": "../outside/file",
    twice: "up",
    "through-dir": "dir/../../outside",
    "dir/up": "../../outside",
    "dir/deep/up": "../../../outside",
    "back-in": `../${relative(base, inside)}/file`,
    "absolute-in": join(inside, "file"),
    root: "/",
    dots: "..",
    "many-dots": "../../../../../../../../../..",
    self: "/proc/self/root",
    cwd: "/proc/self/cwd",
    "new-file": "../outside/made",
    "slash-end": "../outside/",
    "dot-end": "../outside/.",
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(inside, path));
  return { inside, outside };
}

/** Paths that lead out. */
const ways = [
  "../outside",
  "..",
  "./..",
  "dir/../..",
  "dir/../../outside",
  "dir/deep/../../../outside",
  "dir/./deep/.././../../outside",
  "../inside/../outside",
  "..//outside",
  "dir//..//..//outside",
  "../inside-too",
  "/",
  "//",
  "/proc/self/root",
  "absolute",
  "up",
  "twice",
  "through-dir",
  "dir/up",
  "dir/deep/up",
  "dir/deep/../up",
  "root",
  "dots",
  "dots/outside",
  "many-dots",
  "self",
  "cwd",
  "slash-end",
  "dot-end",
  "up/../outside",
  "up/.",
  "up/dir/..",
];

/** Names of files that are not in the mount. */
const files = [
  ...ways.map((way) => `${way}/file`),
  "absolute-file",
  "up-file",
  "back-in",
  "absolute-in",
  "dir/up/dir/file",
  "..\\outside\\file",
  "dir\\..\\..\\outside\\file",
  "%2e%2e/outside/file",
  "\u2025/outside/file",
  "\uff0e\uff0e/outside/file",
  "..\u2215outside\u2215file",
  "..\u0000/outside/file",
  "file\u0000/../../outside/file",
  ".../outside/file",
  ".. /outside/file",
  "~/file",
  "C:/file",
  "//?/file",
  "file:///etc/passwd",
];

const kinds: readonly (readonly [string, (inside: string) => FileSystem])[] = [
  ["host directory", hostDirectory],
  ["host directory by name", (inside) => ({ root: NamedHostDirectory.open(inside, new HostMount(100)) })],
  ["read-only view", (inside) => hostDirectory(inside, { readOnly: true })],
  ["overlay", (inside) => overlay(readOnly(hostDirectory(inside)))],
];

/** What is outside, to see that it stays so. */
function outsideOf({ inside, outside }: Place): unknown {
  const list = (path: string): unknown[] =>
    readdirSync(path, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) =>
        entry.isDirectory()
          ? [entry.name, list(join(path, entry.name))]
          : [entry.name, readFileSync(join(path, entry.name), "utf8")],
      );
  return [list(outside), list(`${inside}-too`)];
}

test("there are at least sixty attempts", () => assert.ok(ways.length + files.length >= 60));

for (const [kind, mount] of kinds) {
  test(`no file outside of a ${kind} is read`, () => {
    const { inside } = place();
    const guest = new FileGuest(mount(inside));
    for (const path of files) {
      for (const follow of [0, FOLLOW]) {
        const fd = guest.open(path, { follow, rights: READ });
        assert.equal(typeof fd, "string", path);
        assert.equal(typeof guest.stat(path, FOLLOW), "string", path);
      }
    }
  });

  test(`no directory outside of a ${kind} is opened`, () => {
    const { inside } = place();
    const guest = new FileGuest(mount(inside));
    for (const path of [...ways, ...ways.map((way) => `${way}/`)]) {
      for (const flags of [0, O.directory]) {
        assert.equal(typeof guest.open(path, { follow: FOLLOW, flags, rights: READ }), "string", path);
      }
      assert.equal(typeof guest.stat(path, FOLLOW), "string", path);
    }
  });

  test(`nothing outside of a ${kind} is made, changed or removed`, () => {
    const where = place();
    const before = outsideOf(where);
    const guest = new FileGuest(mount(where.inside));
    for (const path of [...files, "new-file", ...ways.map((way) => `${way}/made`)]) {
      guest.open("file", { flags: O.creat });
      guest.open(path, { follow: FOLLOW, flags: O.creat | O.trunc, rights: WRITE });
      guest.open(path, { follow: FOLLOW, rights: WRITE });
      guest.do("path_filestat_set_times", ROOT, FOLLOW, path, 0n, 0n, 5);
      guest.link("file", path);
      guest.rename("file", path);
      guest.rename(path, "stolen");
      guest.link(path, "linked");
      guest.symlink("x", path);
      guest.mkdir(path);
      guest.do("path_unlink_file", ROOT, path);
      guest.do("path_remove_directory", ROOT, path);
    }
    assert.deepEqual(outsideOf(where), before);
    for (const name of ["stolen", "linked"]) assert.notEqual(guest.content(name), SECRET);
  });
}

test("links that a guest makes itself lead nowhere", () => {
  const { inside, outside } = place();
  const guest = new FileGuest(hostDirectory(inside));
  assert.equal(guest.symlink(join(outside, "file"), "mine"), "perm");
  for (const target of ["../outside/file", "dir/../../outside/file", "dir/up/file", "../../../../../../etc/passwd"]) {
    assert.equal(guest.symlink(target, "mine"), "success");
    assert.equal(guest.open("mine", { follow: FOLLOW, rights: READ }), "perm", target);
    assert.equal(guest.do("path_unlink_file", ROOT, "mine"), "success");
  }
  // Moved to where it would lead out, a harmless link does not.
  guest.mkdir("a");
  guest.file("a/outside");
  assert.equal(guest.symlink("../../outside/file", "dir/deep/mine"), "success");
  assert.equal(guest.rename("dir/deep/mine", "dir/mine"), "success");
  assert.equal(guest.open("dir/mine", { follow: FOLLOW, rights: READ }), "perm");
});

test("a directory that the guest moves up does not take it along", () => {
  const { inside } = place();
  const guest = new FileGuest(hostDirectory(inside));
  const deep = guest.directory("dir/deep");
  assert.equal(guest.rename("dir/deep", "deep"), "success");
  for (const path of ["..", "../..", "../../outside/file"]) {
    assert.equal(guest.open(path, { at: deep, rights: READ }), "perm", path);
  }
});

test("one mount is no way into another", () => {
  const { inside, outside } = place();
  const guest = new FileGuest({ mounts: [inside, outside].map((path) => ({ path, fs: hostDirectory(path) })) });
  assert.equal(guest.do("path_rename", ROOT, "file", ROOT + 1, "new"), "xdev");
  assert.equal(guest.do("path_link", ROOT + 1, 0, "file", ROOT, "new"), "xdev");
  assert.equal(guest.open("up/file", { rights: READ }), "perm");
});

test("pipes, which would be waited for, are not opened", { skip: process.platform === "win32" }, async () => {
  const { inside } = place();
  await new Promise((resolve) => spawn(MKFIFO, [join(inside, "pipe")]).on("close", resolve));
  const guest = new FileGuest(hostDirectory(inside));
  assert.equal(guest.open("pipe", { rights: READ }), "acces");
  assert.equal(guest.open("pipe", { rights: WRITE }), "nxio");
});

// Swaps a directory, and a file, of the mount for links that lead out, and back, as fast as it can.
const swapper = `
import { renameSync } from "node:fs";
process.chdir(process.argv[1]);
process.send("ready");
const end = Date.now() + 20_000;
for (let i = 0; Date.now() < end; i++) {
  for (const name of ["dir", "file"]) {
    renameSync(name, "real-" + name); renameSync("link-" + name, name);
    renameSync(name, "link-" + name); renameSync("real-" + name, name);
  }
}`;

test("a second process that swaps links in gets nobody out", { skip: process.platform !== "linux" }, async () => {
  const where = place();
  const { inside, outside } = where;
  writeFileSync(join(inside, "dir", "file"), "own");
  symlinkSync("../outside/dir", join(inside, "link-dir"));
  symlinkSync("../outside/file", join(inside, "link-file"));
  const before = outsideOf(where);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", swapper, inside], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    await new Promise((resolve, reject) => child.once("message", resolve).once("error", reject).once("exit", reject));
    const guest = new FileGuest(hostDirectory(inside, { strict: true }));
    const seen = new Set<string>();
    const start = Date.now();
    const met = (): boolean => [...seen].some((content) => content.startsWith("errno "));
    while (Date.now() < start + 1500 || (!(met() && seen.has("own")) && Date.now() < start + 15_000)) {
      for (const path of ["dir/file", "file", "dir/deep/../file", "dir/../file"]) {
        const content = guest.content(path);
        assert.notEqual(content, SECRET, path);
        seen.add(content);
        const fd = guest.open(path, { follow: FOLLOW, rights: WRITE });
        if (typeof fd === "number") {
          guest.pwrite(fd, "own", 0);
          guest.do("fd_close", fd);
        }
        guest.do("path_filestat_set_times", ROOT, FOLLOW, path, 0n, 1n, 4);
      }
      guest.mkdir("dir/made");
      guest.do("path_remove_directory", ROOT, "dir/made");
      guest.symlink("x", "dir/made");
      guest.do("path_unlink_file", ROOT, "dir/made");
      guest.open("dir/new", { follow: FOLLOW, flags: O.creat | O.trunc });
      guest.do("path_unlink_file", ROOT, "dir/new");
      guest.list(ROOT);
    }
    assert.ok(seen.has("own"));
    assert.ok(met(), "the links were met");
    assert.ok(!existsSync(join(outside, "dir", "made")));
    assert.deepEqual(outsideOf(where), before);
  } finally {
    child.kill();
  }
});

test(
  "a mount that is itself swapped for a link is still the one that was opened",
  { skip: process.platform !== "linux" },
  () => {
    const { inside, outside } = place();
    const moved = `${inside}-moved`;
    const guest = new FileGuest(hostDirectory(inside));
    renameSync(inside, moved);
    symlinkSync(outside, inside);
    assert.equal(guest.content("file"), "own");
    guest.file("new", "mine");
    assert.equal(readFileSync(join(moved, "new"), "utf8"), "mine");
    assert.ok(!existsSync(join(outside, "new")));
  },
);

test("a hard link into the mount is the mount's own: whoever made it gave the file away", () => {
  const { inside, outside } = place();
  linkSync(join(outside, "file"), join(inside, "given"));
  assert.equal(new FileGuest(hostDirectory(inside)).content("given"), SECRET);
});

test("an address of a path is only read inside of the guest's memory", () => {
  const { inside } = place();
  const guest = new FileGuest(hostDirectory(inside));
  for (const [address, length] of [
    [-1, 1],
    [65_530, 10],
    [0, -1],
  ] as const) {
    assert.equal(guest.call("path_unlink_file", ROOT, address, length), errno.fault);
  }
});
