import assert from "node:assert/strict";
import test from "node:test";
import { memoryFs, readOnly } from "zerowasm/fs";
import { FileGuest, FOLLOW, fileSystems, known, type Name, O, READ, ROOT, WRITE } from "./files.ts";
import { definitions, END, errno, Guest } from "./guest.ts";

const names = [...definitions().keys()].filter((name) => name.startsWith("path_"));
const DIRECTORY = 3;
const FILE = 4;
const LINK = 7;

/** Arguments of zeros, but for the descriptor; path_symlink has it third. */
function argumentsOf(name: string, fd: number): (number | bigint)[] {
  const { params } = definitions().get(name)!;
  return params.map((type, i) => (i === (name === "path_symlink" ? 2 : 0) ? fd : type === "i64" ? 0n : 0));
}

for (const name of names) {
  test(`${name} needs a directory, and there is none`, () => {
    const guest = new Guest();
    for (const fd of [0, 1, 2]) assert.equal(guest.call(name, ...argumentsOf(name, fd)), errno.notdir);
    for (const fd of [3, 4, -1]) assert.equal(guest.call(name, ...argumentsOf(name, fd)), errno.badf);
  });
}

/** `dir/`, `dir/file` ("inside"), `file` ("content"), `full/x`, and links: to-file, to-dir, dangling, loop, out, up. */
function tree(guest: FileGuest): FileGuest {
  for (const path of ["dir", "full"]) assert.equal(guest.mkdir(path), "success");
  guest.file("dir/file", "inside");
  guest.file("full/x");
  guest.file("file", "content");
  for (const [target, path] of [
    ["file", "to-file"],
    ["dir", "to-dir"],
    ["nothing", "dangling"],
    ["loop", "loop"],
    ["../..", "out"],
    ["../file", "dir/up"],
  ] as const) {
    assert.equal(guest.symlink(target, path), "success");
  }
  return guest;
}

/** One call, and what comes of it. Each starts with the tree as it was made. */
type Case = readonly [call: (guest: FileGuest) => unknown, expected: unknown];

const open = (path: string, options: Parameters<FileGuest["open"]>[1] = { rights: READ }) => {
  return (guest: FileGuest): unknown => {
    const fd = guest.open(path, options);
    return typeof fd === "number" ? "success" : fd;
  };
};
const made = { flags: O.creat };

const cases: Readonly<Record<string, readonly Case[]>> = {
  path_open: [
    [open("file"), "success"],
    [open("dir"), "success"],
    [open("."), "success"],
    [open("dir/.//../dir///file"), "success"],
    [open("nothing"), "noent"],
    [open(""), "noent"],
    [open("nothing/file"), "noent"],
    [open("file/x"), "notdir"],
    [open("file/"), "notdir"],
    [open("file/."), "notdir"],
    [open("dir/"), "success"],
    [open("/file"), "perm"],
    [open(".."), "perm"],
    [open("dir/../.."), "perm"],
    [open("dir/../../file"), "perm"],
    [open("file\0"), "inval"],
    [open("x".repeat(300)), "nametoolong"],
    [open("dir/../".repeat(700)), "nametoolong"],
    [open("to-file"), "loop"],
    [open("to-dir"), "loop"],
    [open("dangling"), "loop"],
    [open("to-file", { follow: FOLLOW }), "success"],
    [open("to-dir/file", { rights: READ }), "success"],
    [open("to-dir/", { rights: READ }), "success"],
    [open("to-file/", { follow: FOLLOW }), "notdir"],
    [open("to-file/x", { follow: FOLLOW }), "notdir"],
    [open("dangling", { follow: FOLLOW }), "noent"],
    [open("loop", { follow: FOLLOW }), "loop"],
    [open("loop/x"), "loop"],
    [open("out", { follow: FOLLOW }), "perm"],
    [open("out/x"), "perm"],
    [open("dir/up", { follow: FOLLOW }), "success"],
    [open("to-dir/up", { follow: FOLLOW }), "success"],
    [open("file", { flags: O.directory }), "notdir"],
    [open("to-dir", { flags: O.directory, rights: READ }), "loop"],
    [open("to-dir", { flags: O.directory, rights: READ, follow: FOLLOW }), "success"],
    [open("dir", { flags: O.directory, rights: READ | WRITE }), "isdir"],
    [open("dir", { flags: O.directory | O.creat }), "inval"],
    [open("dir", { flags: O.creat, rights: READ }), "isdir"],
    [open("dir", { flags: O.trunc, rights: READ }), "isdir"],
    [open(".", { flags: O.creat, rights: READ }), "isdir"],
    [open(".", { flags: O.creat | O.excl }), "exist"],
    [open("file", { flags: O.creat | O.excl }), "exist"],
    [open("dir", { flags: O.creat | O.excl }), "exist"],
    [open("to-file", { flags: O.creat | O.excl, follow: FOLLOW }), "exist"],
    [open("dangling", { flags: O.creat | O.excl, follow: FOLLOW }), "exist"],
    [open("new", made), "success"],
    [open("new/", made), "isdir"],
    [open("dir/new", made), "success"],
    [open("nothing/new", made), "noent"],
    [open("file", { flags: 16 }), "inval"],
    [open("file", { fdflags: 32 }), "inval"],
    [open("file", { follow: 2 }), "inval"],
    [
      (guest) => [open("dangling", { ...made, follow: FOLLOW })(guest), known(guest.stat("nothing")).type],
      ["success", FILE],
    ],
    [(guest) => [open("file", { flags: O.trunc })(guest), guest.content("file")], ["success", ""]],
    [(guest) => guest.do("path_open", guest.opened("file"), 0, "x", 0, 0n, 0n, 0, 0), "notdir"],
    [(guest) => guest.do("path_open", ROOT, 0, "file", 0, 0n, 0n, 0, END - 3), "fault"],
    [(guest) => guest.call("path_open", ROOT, 0, END - 1, 2, 0, 0n, 0n, 0, 0), errno.fault],
    [(guest) => guest.content("file", guest.directory("dir")), "inside"],
    [(guest) => guest.open("../file", { at: guest.directory("dir") }), "perm"],
  ],
  path_create_directory: [
    [(guest) => [guest.mkdir("new"), known(guest.stat("new")).type], ["success", DIRECTORY]],
    [(guest) => guest.mkdir("new/"), "success"],
    [(guest) => guest.mkdir("dir/new"), "success"],
    [(guest) => guest.mkdir("dir"), "exist"],
    [(guest) => guest.mkdir("file"), "exist"],
    [(guest) => guest.mkdir("dangling"), "exist"],
    [(guest) => guest.mkdir("."), "exist"],
    [(guest) => guest.mkdir("nothing/x"), "noent"],
    [(guest) => guest.mkdir("file/x"), "notdir"],
    [(guest) => guest.mkdir("../x"), "perm"],
    [(guest) => guest.mkdir("/x"), "perm"],
    [(guest) => guest.mkdir(""), "noent"],
    [(guest) => guest.mkdir("x\0y"), "inval"],
  ],
  path_filestat_get: [
    [(guest) => known(guest.stat("file")).size, 7],
    [(guest) => known(guest.stat("file")).type, FILE],
    [(guest) => known(guest.stat("dir")).type, DIRECTORY],
    [(guest) => known(guest.stat("dir/")).type, DIRECTORY],
    [(guest) => known(guest.stat(".")).type, DIRECTORY],
    [(guest) => known(guest.stat("to-file")).type, LINK],
    [(guest) => known(guest.stat("to-file")).size, 4],
    [(guest) => known(guest.stat("to-file", FOLLOW)).type, FILE],
    [(guest) => known(guest.stat("to-dir/")).type, DIRECTORY],
    [(guest) => known(guest.stat("dangling")).type, LINK],
    [(guest) => guest.stat("dangling", FOLLOW), "noent"],
    [(guest) => guest.stat("loop", FOLLOW), "loop"],
    [(guest) => guest.stat("out", FOLLOW), "perm"],
    [(guest) => guest.stat("file/"), "notdir"],
    [(guest) => guest.stat("nothing"), "noent"],
    [(guest) => guest.stat("file", 2), "inval"],
    [(guest) => known(guest.stat("file")).ino === known(guest.stat("to-file", FOLLOW)).ino, true],
    [(guest) => known(guest.stat("file")).ino === known(guest.stat("dir/file")).ino, false],
    [(guest) => known(guest.stat("file")).dev === known(guest.stat("dir/file")).dev, true],
    [(guest) => guest.do("path_filestat_get", ROOT, 0, "file", END - 63), "fault"],
  ],
  path_filestat_set_times: [
    [
      (guest) => {
        const before = known(guest.stat("file"));
        const set = guest.do("path_filestat_set_times", ROOT, 0, "file", 0n, before.mtim - 100n, 4);
        const { mtim, atim } = known(guest.stat("file"));
        return [set, mtim - before.mtim, atim - before.atim];
      },
      ["success", -100n, 0n],
    ],
    [
      (guest) => {
        const before = known(guest.stat("file")).mtim;
        const set = guest.do("path_filestat_set_times", ROOT, 0, "to-file", 5n, 12_345_678_901n, 5);
        const link = known(guest.stat("to-file"));
        return [set, link.atim, link.mtim, known(guest.stat("file")).mtim === before];
      },
      ["success", 5n, 12_345_678_901n, true],
    ],
    [
      (guest) => {
        const set = guest.do("path_filestat_set_times", ROOT, FOLLOW, "to-file", 0n, 77_000_000_001n, 4);
        return [set, known(guest.stat("file")).mtim];
      },
      ["success", 77_000_000_001n],
    ],
    [
      (guest) => [
        guest.do("path_filestat_set_times", ROOT, 0, "file", 0n, 0n, 8),
        known(guest.stat("file")).mtim / 1_000_000_000n,
      ],
      ["success", 1_640_995_200n],
    ],
    [(guest) => guest.do("path_filestat_set_times", ROOT, 0, ".", 0n, 1n, 4), "success"],
    [(guest) => guest.do("path_filestat_set_times", ROOT, 0, "file", 0n, 0n, 12), "inval"],
    [(guest) => guest.do("path_filestat_set_times", ROOT, 0, "file", 0n, 0n, 3), "inval"],
    [(guest) => guest.do("path_filestat_set_times", ROOT, 0, "file", 0n, 0n, 16), "inval"],
    [(guest) => guest.do("path_filestat_set_times", ROOT, 0, "file/", 0n, 0n, 4), "notdir"],
    [(guest) => guest.do("path_filestat_set_times", ROOT, 0, "nothing", 0n, 0n, 4), "noent"],
    [(guest) => guest.do("path_filestat_set_times", ROOT, FOLLOW, "dangling", 0n, 0n, 4), "noent"],
  ],
  path_link: [
    [
      (guest) => [guest.link("file", "new"), guest.content("new"), known(guest.stat("file")).nlink],
      ["success", "content", 2],
    ],
    [
      (guest) => [guest.link("file", "dir/new"), known(guest.stat("dir/new")).ino === known(guest.stat("file")).ino],
      ["success", true],
    ],
    [
      (guest) => [guest.link("file", "new"), guest.do("path_unlink_file", ROOT, "file"), guest.content("new")],
      ["success", "success", "content"],
    ],
    [(guest) => [guest.link("dangling", "new"), guest.readlink("new")], ["success", "nothing"]],
    [(guest) => guest.link("loop", "new"), "success"],
    [(guest) => guest.link("file", "file"), "exist"],
    [(guest) => guest.link("file", "dir"), "exist"],
    [(guest) => guest.link("file", "dangling"), "exist"],
    [(guest) => guest.link("file", "."), "exist"],
    [(guest) => guest.link("dir", "new"), "perm"],
    [(guest) => guest.link(".", "new"), "perm"],
    [(guest) => guest.link("file", "new/"), "noent"],
    [(guest) => guest.link("file/", "new"), "notdir"],
    [(guest) => guest.link("nothing", "new"), "noent"],
    [(guest) => guest.link("file", "../new"), "perm"],
    [(guest) => guest.link("../file", "new"), "perm"],
    [(guest) => guest.do("path_link", ROOT, FOLLOW, "to-file", ROOT, "new"), "inval"],
  ],
  path_readlink: [
    [(guest) => guest.readlink("to-file"), "file"],
    [(guest) => guest.readlink("to-file", 3), "fil"],
    [(guest) => guest.readlink("to-file", 0), ""],
    [(guest) => guest.readlink("out"), "../.."],
    [(guest) => guest.readlink("dir/up"), "../file"],
    [(guest) => guest.readlink("file"), "errno inval"],
    [(guest) => guest.readlink("dir"), "errno inval"],
    [(guest) => guest.readlink("."), "errno inval"],
    [(guest) => guest.readlink("nothing"), "errno noent"],
    [(guest) => guest.do("path_readlink", ROOT, "to-file", END - 1, 2, 0), "fault"],
    [(guest) => guest.do("path_readlink", ROOT, "to-file", 0, 2, END - 3), "fault"],
  ],
  path_remove_directory: [
    [(guest) => guest.do("path_remove_directory", ROOT, "full"), "notempty"],
    [(guest) => guest.do("path_remove_directory", ROOT, "file"), "notdir"],
    [(guest) => guest.do("path_remove_directory", ROOT, "file/"), "notdir"],
    [(guest) => guest.do("path_remove_directory", ROOT, "to-dir"), "notdir"],
    [(guest) => guest.do("path_remove_directory", ROOT, "nothing"), "noent"],
    [(guest) => guest.do("path_remove_directory", ROOT, "."), "inval"],
    [(guest) => guest.do("path_remove_directory", ROOT, ".."), "perm"],
    [
      (guest) => [guest.mkdir("new"), guest.do("path_remove_directory", ROOT, "new"), guest.stat("new")],
      ["success", "success", "noent"],
    ],
    [(guest) => [guest.mkdir("new"), guest.do("path_remove_directory", ROOT, "new///")], ["success", "success"]],
  ],
  path_rename: [
    [
      (guest) => [guest.rename("file", "new"), guest.stat("file"), guest.content("new")],
      ["success", "noent", "content"],
    ],
    [(guest) => [guest.rename("file", "dir/new"), guest.content("dir/new")], ["success", "content"]],
    [(guest) => [guest.rename("file", "dir/file"), guest.content("dir/file")], ["success", "content"]],
    [(guest) => [guest.rename("file", "file"), guest.content("file")], ["success", "content"]],
    [(guest) => [guest.rename("to-file", "new"), guest.readlink("new")], ["success", "file"]],
    [(guest) => [guest.rename("file", "dangling"), guest.content("dangling")], ["success", "content"]],
    [
      (guest) => [guest.mkdir("empty"), guest.rename("full", "empty"), known(guest.stat("empty/x")).type],
      ["success", "success", FILE],
    ],
    [(guest) => [guest.rename("dir/", "new"), guest.content("new/file")], ["success", "inside"]],
    [(guest) => [guest.rename("dir", "new/"), guest.content("new/file")], ["success", "inside"]],
    [(guest) => guest.rename("dir", "full"), "notempty"],
    [(guest) => guest.rename("dir", "file"), "notdir"],
    [(guest) => guest.rename("file", "dir"), "isdir"],
    [(guest) => guest.rename("file/", "new"), "notdir"],
    [(guest) => guest.rename("file", "new/"), "notdir"],
    [(guest) => guest.rename("dir", "dir/new"), "inval"],
    [(guest) => guest.rename("nothing", "new"), "noent"],
    [(guest) => guest.rename("file", "nothing/new"), "noent"],
    [(guest) => guest.rename(".", "new"), "busy"],
    [(guest) => guest.rename("file", "dir/.."), "busy"],
    [(guest) => guest.rename("file", "../new"), "perm"],
    [(guest) => guest.rename("../x", "new"), "perm"],
    [(guest) => guest.rename("out/x", "new"), "perm"],
  ],
  path_symlink: [
    [(guest) => [guest.symlink("file", "new"), guest.content("new")], ["success", "content"]],
    [(guest) => guest.symlink("../../x", "new"), "success"],
    [(guest) => guest.symlink("/etc", "new"), "perm"],
    [(guest) => guest.symlink("", "new"), "noent"],
    [(guest) => guest.symlink("x\0y", "new"), "inval"],
    [(guest) => guest.symlink("x", "file"), "exist"],
    [(guest) => guest.symlink("x", "dir"), "exist"],
    [(guest) => guest.symlink("x", "dir/"), "exist"],
    [(guest) => guest.symlink("x", "new/"), "noent"],
    [(guest) => guest.symlink("x", "."), "exist"],
    [(guest) => guest.symlink("x", "../new"), "perm"],
  ],
  path_unlink_file: [
    [(guest) => [guest.do("path_unlink_file", ROOT, "file"), guest.stat("file")], ["success", "noent"]],
    [(guest) => [guest.do("path_unlink_file", ROOT, "to-dir"), known(guest.stat("dir")).type], ["success", DIRECTORY]],
    [(guest) => guest.do("path_unlink_file", ROOT, "loop"), "success"],
    [(guest) => guest.do("path_unlink_file", ROOT, "dir"), "isdir"],
    [(guest) => guest.do("path_unlink_file", ROOT, "dir/"), "isdir"],
    [(guest) => guest.do("path_unlink_file", ROOT, "."), "isdir"],
    [(guest) => guest.do("path_unlink_file", ROOT, "file/"), "notdir"],
    [(guest) => guest.do("path_unlink_file", ROOT, "to-dir/"), "notdir"],
    [(guest) => guest.do("path_unlink_file", ROOT, "nothing"), "noent"],
    [(guest) => guest.do("path_unlink_file", ROOT, ".."), "perm"],
    [(guest) => guest.do("path_unlink_file", ROOT, "out/x"), "perm"],
  ],
};

test("each function of paths has cases", () => assert.deepEqual(Object.keys(cases).sort(), [...names].sort()));

for (const [kind, make] of fileSystems) {
  for (const [name, list] of Object.entries(cases)) {
    test(`${name} on ${kind}`, () => {
      for (const [call, expected] of list) {
        assert.deepEqual(call(tree(new FileGuest(make()))), expected, String(call));
      }
    });
  }
}

test("what changes something is EROFS on a read-only file system", () => {
  const fs = memoryFs();
  tree(new FileGuest(fs));
  const guest = new FileGuest(readOnly(fs));
  const calls: readonly ((guest: FileGuest) => Name | number)[] = [
    (guest) => guest.mkdir("new"),
    (guest) => guest.symlink("x", "new"),
    (guest) => guest.link("file", "new"),
    (guest) => guest.rename("file", "new"),
    (guest) => guest.do("path_unlink_file", ROOT, "file"),
    (guest) => guest.do("path_remove_directory", ROOT, "dir"),
    (guest) => guest.do("path_filestat_set_times", ROOT, 0, "file", 0n, 0n, 4),
    (guest) => guest.do("path_filestat_set_times", ROOT, 0, ".", 0n, 0n, 4),
    (guest) => guest.open("file", { rights: WRITE }),
    (guest) => guest.open("file", { rights: READ, flags: O.trunc }),
    (guest) => guest.open("new", { rights: READ, flags: O.creat }),
  ];
  for (const call of calls) assert.equal(call(guest), "rofs", String(call));
  assert.equal(guest.open("file", { rights: READ, flags: O.creat | O.excl }), "exist");
  assert.equal(guest.content("to-dir/file"), "inside");
  assert.equal(guest.readlink("out"), "../..");
  const fd = guest.opened("file", { rights: READ, flags: O.creat });
  assert.equal(guest.do("fd_filestat_set_times", fd, 0n, 0n, 4), "rofs");
  assert.deepEqual(Object.keys(guest.list(guest.directory("full"))), ["x"]);
});

test("a path that is no UTF-8 is EILSEQ", () => {
  const guest = new FileGuest(memoryFs());
  guest.memory!.write(100, Uint8Array.of(0x61, 0xff));
  assert.equal(guest.call("path_create_directory", ROOT, 100, 2), errno.ilseq);
  assert.equal(guest.mkdir("dög 犬\u{1f600}\ufffd"), "success");
  assert.deepEqual(Object.keys(guest.list()), ["dög 犬\u{1f600}\ufffd"]);
});

test("a chain of forty links is followed, one of forty-one is ELOOP", () => {
  const guest = new FileGuest(memoryFs());
  guest.file("0", "end");
  for (let i = 1; i <= 41; i++) assert.equal(guest.symlink(String(i - 1), String(i)), "success");
  assert.equal(guest.content("40"), "end");
  assert.equal(guest.content("41"), "errno loop");
});
