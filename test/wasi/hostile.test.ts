// Calls every function of WASI with hostile arguments on every file system: all a guest gets, and all the host hears, is an errno.
import assert from "node:assert/strict";
import test from "node:test";
import { memoryFs, readOnly } from "zerowasm/fs";
import { type AbiType, coreTypes, type FunctionName, functions } from "#dist/wasi/abi.js";
import { FileGuest, fileSystems, O } from "./files.ts";
import { END, Guest } from "./guest.ts";

/** The same numbers each time. */
function generator(seed: number): (limit: number) => number {
  return (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
}

const PATHS = 0x8000;
const paths = [
  "file",
  "dir",
  "dir/file",
  "link",
  "dir/",
  "new",
  "..",
  ".",
  "/",
  "",
  "loop",
  "dir/../file/",
  "a\0b",
  "\ud800",
];
const addresses = [0, 4, 8, 0x1000, 0x2000, END - 8, END - 4, END - 1, END, END + 1, -1, -8, 2 ** 31 - 1, -(2 ** 31)];
const sizes = [
  0,
  1,
  2,
  8,
  24,
  100,
  4096,
  0x4000,
  END,
  END + 1,
  2 ** 28,
  2 ** 29,
  2 ** 29 + 1,
  2 ** 31 - 1,
  -(2 ** 31),
  -1,
];
const longs = [
  0n,
  1n,
  5n,
  4096n,
  2n ** 31n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
];
const huge = [...longs, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n - 4096n];
const words = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 31, 255, 256, 65_535, 65_536, 2 ** 31 - 1, -1];
const descriptors = [0, 1, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 65_536, -1, 2 ** 31 - 1];

/** A guest with something of everything, and noise in its memory. */
function furnished(guest: FileGuest, random: (limit: number) => number): FileGuest {
  for (let at = 0; at < PATHS; at += 4)
    guest.memory!.writeUint32(at, random(3) === 0 ? random(2 ** 32) : random(8) * 4);
  for (const [i, path] of paths.entries()) guest.memory!.writeString(PATHS + 256 * i, path);
  return guest;
}

/** Arguments of the right kinds: mostly such as lead somewhere, else such as lead nowhere. */
function argumentsOf(name: FunctionName, random: (limit: number) => number): (number | bigint)[] {
  const one = <T>(list: readonly T[]): T => list[random(list.length)]!;
  let path = 0;
  return functions[name].map(([parameter, type]: readonly [string, AbiType]) => {
    if (type === "fd") return one(descriptors);
    const isPlain = random(12) > 0;
    if (type === "pointer" && parameter.endsWith("path") && isPlain) return PATHS + 256 * (path = random(paths.length));
    if (type === "size" && parameter.endsWith("path_len") && isPlain) return Buffer.byteLength(paths[path]!);
    if (type === "pointer") return isPlain ? random(PATHS) : one(addresses);
    if (type === "size") return isPlain ? random(20) : one(sizes);
    if (coreTypes[type] === "i64") return one(huge);
    return random(2) === 0 ? 0 : one(words);
  });
}

/** Descriptors: 4 is a file, 5 a directory; and closes what was opened, so that there is always room. */
function reopened(guest: FileGuest): void {
  for (let fd = 3; fd < 40; fd++) if (fd !== 3) guest.call("fd_close", fd);
  guest.call("fd_renumber", 3, 3);
  guest.open("file", { flags: O.creat });
  guest.open("dir", { flags: O.directory, rights: 0n });
}

for (const [kind, make] of fileSystems) {
  for (const view of [kind, `${kind}, read-only`]) {
    test(`random calls on a ${view}`, { timeout: 120_000 }, () => {
      const random = generator(30_000_000);
      const fs = make();
      const owner = new FileGuest(fs);
      owner.mkdir("dir");
      owner.file("file", "text");
      owner.file("dir/file", "text");
      owner.symlink("file", "link");
      owner.symlink("loop", "loop");
      const guest = furnished(new FileGuest(view === kind ? fs : readOnly(fs)), random);
      const names = (Object.keys(functions) as FunctionName[]).filter((name) => name !== "proc_exit");
      const met = new Set<unknown>();
      for (let i = 0; i < 12_000; i++) {
        if (i % 10 === 0) reopened(guest);
        if (i % 100 === 0) furnished(guest, random);
        const name = names[random(names.length)]!;
        const args = argumentsOf(name, random);
        let outcome: unknown;
        try {
          outcome = guest.call(name, ...args);
        } catch (error) {
          assert.fail(`call ${i}, ${name}(${args.join(", ")}): ${String(error)}`);
        }
        assert.ok(
          Number.isInteger(outcome) && Number(outcome) >= 0 && Number(outcome) <= 76,
          `${name}(${args.join(", ")})`,
        );
        met.add(outcome);
      }
      assert.ok(met.size >= 10, `only ${met.size} different errnos`);
    });
  }
}

test("without a memory every pointer is bad", () => {
  const guest = Guest.withoutMemory();
  for (const name of Object.keys(functions) as FunctionName[]) {
    if (name === "proc_exit") continue;
    const outcome = guest.call(name, ...functions[name].map(([, type]) => (coreTypes[type] === "i64" ? 1n : 1)));
    assert.ok(Number.isInteger(outcome), name);
  }
});

test("what directories have is not kept for all that are open", () => {
  const guest = new FileGuest(memoryFs());
  const fd = guest.opened("file", { flags: O.creat });
  for (let i = 0; i < 3000; i++) guest.link("file", `name${i}`);
  assert.equal(guest.do("fd_close", fd), "success");
  const first = guest.directory(".");
  assert.equal(guest.readdir(first, 24, 0n).used, 24);
  const before = process.memoryUsage().heapUsed;
  // Each would keep 3000 entries.
  for (let i = 0; i < 3000; i++) guest.readdir(guest.directory("."), 1, 0n);
  assert.ok(process.memoryUsage().heapUsed - before < 300e6);
  // Where they were forgotten, they are listed again.
  const seen = new Set<string>();
  for (let cookie = 1n, more = true; more; ) {
    const { used, entries } = guest.readdir(first, 4000, cookie);
    for (const { name } of entries) seen.add(name);
    cookie = entries[entries.length - 1]?.next ?? cookie;
    more = used === 4000;
  }
  assert.equal(seen.size, 3002);
});
