// What descriptors of files and directories do, on each kind of file system.
import assert from "node:assert/strict";
import test from "node:test";
import { memoryFs, mounts } from "zerowasm/fs";
import { APPEND, FileGuest, fileSystems, known, O, READ, ROOT, WRITE } from "./files.ts";
import { END, errno } from "./guest.ts";

const [SET, CUR, SEEK_END] = [0, 1, 2];
const NONBLOCK = 4;

/** A call and what comes of it, on a guest with `file` ("0123456789") open as `fd` and its directory as 3. */
type Case = readonly [call: (guest: FileGuest, fd: number) => unknown, expected: unknown];

const stat = (guest: FileGuest, fd: number) => known(guest.statOf(fd));

const cases: Readonly<Record<string, readonly Case[]>> = {
  fd_read: [
    [
      (guest, fd) => [guest.read(fd, 4), guest.read(fd, 4), guest.read(fd, 4), guest.read(fd, 4)],
      ["0123", "4567", "89", ""],
    ],
    [(guest) => guest.read(guest.opened("file", { rights: WRITE })), "errno badf"],
    [(guest) => guest.read(guest.opened("file", { rights: 0n })), "errno badf"],
    [(guest) => guest.read(ROOT), "errno badf"],
    [(guest, fd) => guest.do("fd_read", fd, END - 7, 1, 0), "fault"],
    [(guest, fd) => guest.do("fd_read", fd, 0, 0, END - 3), "fault"],
  ],
  fd_write: [
    [(guest, fd) => [guest.write(fd, "ab"), guest.write(fd, "c"), guest.content("file")], [2, 1, "abc3456789"]],
    [(guest, fd) => [guest.seek(fd, 12, SET), guest.write(fd, "x"), guest.content("file")], [12, 1, "0123456789\0\0x"]],
    [(guest) => guest.write(guest.opened("file", { rights: READ }), "x"), "badf"],
    [(guest) => guest.write(ROOT, "x"), "badf"],
    [
      (guest) => {
        const fd = guest.opened("file", { fdflags: APPEND });
        return [
          guest.write(fd, "ab"),
          guest.tell(fd),
          guest.seek(fd, 0, SET),
          guest.write(fd, "c"),
          guest.tell(fd),
          guest.content("file"),
        ];
      },
      [2, 12, 0, 1, 13, "0123456789abc"],
    ],
    [
      (guest) => {
        const fds = [1, 2].map(() => guest.opened("file", { fdflags: APPEND }));
        for (const fd of [...fds, ...fds]) assert.equal(guest.write(fd, String(fd)), 1);
        return guest.content("file").length;
      },
      14,
    ],
  ],
  fd_pread: [
    [(guest, fd) => [guest.pread(fd, 3, 4), guest.tell(fd)], ["456", 0]],
    [(guest, fd) => [guest.pread(fd, 3, 9), guest.pread(fd, 3, 10), guest.pread(fd, 3, 2n ** 40n)], ["9", "", ""]],
    [(guest, fd) => guest.pread(fd, 3, 2n ** 63n), "errno inval"],
    [(guest) => guest.pread(guest.opened("file", { rights: WRITE }), 3, 0), "errno badf"],
    [(guest) => guest.pread(ROOT, 3, 0), "errno badf"],
  ],
  fd_pwrite: [
    [(guest, fd) => [guest.pwrite(fd, "ab", 4), guest.tell(fd), guest.content("file")], [2, 0, "0123ab6789"]],
    [(guest, fd) => [guest.pwrite(fd, "ab", 11), stat(guest, fd).size], [2, 13]],
    [(guest, fd) => guest.pwrite(fd, "x", 2n ** 63n), "inval"],
    [
      (guest) => {
        const fd = guest.opened("file", { fdflags: APPEND });
        return [guest.pwrite(fd, "ab", 0), guest.tell(fd), guest.content("file")];
      },
      [2, 0, "ab23456789"],
    ],
    [(guest) => guest.pwrite(guest.opened("file", { rights: READ }), "x", 0), "badf"],
    [(guest) => guest.pwrite(ROOT, "x", 0), "badf"],
  ],
  fd_seek: [
    [
      (guest, fd) => [guest.seek(fd, 4, SET), guest.seek(fd, 2, CUR), guest.seek(fd, -1, CUR), guest.read(fd, 2)],
      [4, 6, 5, "56"],
    ],
    [(guest, fd) => [guest.seek(fd, -3, SEEK_END), guest.read(fd)], [7, "789"]],
    [(guest, fd) => [guest.seek(fd, 5, SEEK_END), guest.read(fd)], [15, ""]],
    [
      (guest, fd) => [guest.seek(fd, -1, SET), guest.seek(fd, -1, CUR), guest.seek(fd, -11, SEEK_END), guest.tell(fd)],
      ["inval", "inval", "inval", 0],
    ],
    [(guest, fd) => guest.do("fd_seek", fd, 2n ** 63n - 1n, SET, 0), "inval"],
    [(guest, fd) => guest.seek(fd, 0, 3), "inval"],
    [(guest) => guest.seek(ROOT, 0, CUR), "badf"],
    [(guest, fd) => [guest.do("fd_seek", fd, 4n, SET, END - 7), guest.tell(fd)], ["fault", 0]],
  ],
  fd_tell: [
    [(guest, fd) => [guest.read(fd, 3), guest.tell(fd)], ["012", 3]],
    [(guest) => guest.tell(ROOT), "badf"],
    [(guest, fd) => guest.do("fd_tell", fd, END - 7), "fault"],
  ],
  fd_filestat_get: [
    [(guest, fd) => [stat(guest, fd).type, stat(guest, fd).size, stat(guest, fd).nlink], [4, 10, 1]],
    [(guest) => stat(guest, ROOT).type, 3],
    [(guest, fd) => stat(guest, fd).ino === known(guest.stat("file")).ino, true],
    [(guest, fd) => guest.do("fd_filestat_get", fd, END - 63), "fault"],
    [
      (guest, fd) => [guest.do("path_unlink_file", ROOT, "file"), stat(guest, fd).nlink, guest.read(fd)],
      ["success", 0, "0123456789"],
    ],
    [
      (guest, fd) => [guest.rename("file", "new"), guest.write(fd, "x"), guest.content("new")],
      ["success", 1, "x123456789"],
    ],
  ],
  fd_filestat_set_size: [
    [(guest, fd) => [guest.do("fd_filestat_set_size", fd, 4n), guest.content("file")], ["success", "0123"]],
    [(guest, fd) => [guest.do("fd_filestat_set_size", fd, 12n), guest.content("file")], ["success", "0123456789\0\0"]],
    [
      (guest, fd) => [
        guest.do("fd_filestat_set_size", fd, 2n),
        guest.do("fd_filestat_set_size", fd, 4n),
        guest.content("file"),
      ],
      ["success", "success", "01\0\0"],
    ],
    [(guest, fd) => guest.do("fd_filestat_set_size", fd, 2n ** 63n), "fbig"],
    [(guest) => guest.do("fd_filestat_set_size", guest.opened("file", { rights: READ }), 4n), "inval"],
    [(guest) => guest.do("fd_filestat_set_size", ROOT, 4n), "badf"],
  ],
  fd_filestat_set_times: [
    [
      (guest, fd) => {
        const before = stat(guest, fd);
        const set = guest.do("fd_filestat_set_times", fd, 1n, before.mtim - 100n, 4);
        return [set, stat(guest, fd).mtim - before.mtim, stat(guest, fd).atim - before.atim];
      },
      ["success", -100n, 0n],
    ],
    [
      (guest, fd) => [
        guest.do("fd_filestat_set_times", fd, 1_000_000_007n, 2_000_000_009n, 5),
        stat(guest, fd).atim,
        stat(guest, fd).mtim,
      ],
      ["success", 1_000_000_007n, 2_000_000_009n],
    ],
    [
      (guest) => [guest.do("fd_filestat_set_times", ROOT, 0n, 3_000_000_001n, 4), stat(guest, ROOT).mtim],
      ["success", 3_000_000_001n],
    ],
    [
      (guest, fd) => [guest.do("fd_filestat_set_times", fd, 0n, 0n, 10), stat(guest, fd).mtim / 1_000_000_000n],
      ["success", 1_640_995_200n],
    ],
    [
      (guest, fd) => [3, 12, 16].map((flags) => guest.do("fd_filestat_set_times", fd, 0n, 0n, flags)),
      ["inval", "inval", "inval"],
    ],
    [(guest) => guest.do("fd_filestat_set_times", 1, 0n, 0n, 0), "badf"],
  ],
  fd_allocate: [
    [(guest, fd) => [guest.do("fd_allocate", fd, 8n, 4n), guest.content("file")], ["success", "0123456789\0\0"]],
    [(guest, fd) => [guest.do("fd_allocate", fd, 0n, 4n), guest.content("file")], ["success", "0123456789"]],
    [(guest, fd) => guest.do("fd_allocate", fd, 0n, 0n), "inval"],
    [(guest, fd) => guest.do("fd_allocate", fd, 2n ** 63n, 1n), "fbig"],
    [(guest) => guest.do("fd_allocate", guest.opened("file", { rights: READ }), 0n, 20n), "badf"],
    [(guest) => guest.do("fd_allocate", ROOT, 0n, 1n), "badf"],
  ],
  fd_advise: [
    [
      (guest, fd) => [0, 5, 6].map((advice) => guest.do("fd_advise", fd, 0n, 4n, advice)),
      ["success", "success", "inval"],
    ],
    [(guest) => guest.do("fd_advise", ROOT, 0n, 4n, 0), "badf"],
  ],
  fd_sync: [[(guest, fd) => [guest.do("fd_sync", fd), guest.do("fd_sync", ROOT)], ["success", "success"]]],
  fd_datasync: [[(guest, fd) => [guest.do("fd_datasync", fd), guest.do("fd_datasync", ROOT)], ["success", "success"]]],
  fd_fdstat_get: [
    [
      (guest, fd) => {
        assert.equal(guest.do("fd_fdstat_get", fd, 8), "success");
        const rights = guest.u64(16);
        return [guest.u8(8), guest.u16(10), rights & (READ | WRITE), rights === guest.u64(24)];
      },
      [4, 0, READ | WRITE, true],
    ],
    [
      (guest) =>
        [READ, WRITE, 0n].map((rights) => {
          assert.equal(guest.do("fd_fdstat_get", guest.opened("file", { rights }), 8), "success");
          return guest.u64(16) & (READ | WRITE);
        }),
      [READ, WRITE, 0n],
    ],
    [
      (guest) => {
        assert.equal(guest.do("fd_fdstat_get", ROOT, 8), "success");
        return [guest.u8(8), guest.u64(16) & (READ | WRITE | 4n), guest.u64(24) & (READ | WRITE)];
      },
      [3, 0n, READ | WRITE],
    ],
    [(guest, fd) => guest.do("fd_fdstat_get", fd, END - 23), "fault"],
  ],
  fd_fdstat_set_flags: [
    [
      (guest, fd) => {
        const set = guest.do("fd_fdstat_set_flags", fd, APPEND | NONBLOCK);
        assert.equal(guest.do("fd_fdstat_get", fd, 8), "success");
        return [
          set,
          guest.u16(10),
          guest.write(fd, "x"),
          guest.do("fd_fdstat_set_flags", fd, 0),
          guest.seek(fd, 0, SET),
          guest.write(fd, "y"),
          guest.content("file"),
        ];
      },
      ["success", 5, 1, "success", 0, 1, "y123456789x"],
    ],
    [
      (guest, fd) => [2, 8, 16, 32].map((flags) => guest.do("fd_fdstat_set_flags", fd, flags)),
      ["inval", "inval", "inval", "inval"],
    ],
    [(guest) => guest.do("fd_fdstat_set_flags", ROOT, 0), "badf"],
    [
      (guest) => {
        const fd = guest.opened("file", { fdflags: APPEND | 16 });
        assert.equal(guest.do("fd_fdstat_get", fd, 8), "success");
        return [guest.u16(10), guest.write(fd, "x"), guest.content("file")];
      },
      [17, 1, "0123456789x"],
    ],
  ],
  fd_fdstat_set_rights: [[(guest, fd) => guest.do("fd_fdstat_set_rights", fd, 0n, 0n), "notsup"]],
  fd_close: [
    [
      (guest, fd) => [guest.do("fd_close", fd), guest.do("fd_close", fd), guest.read(fd)],
      ["success", "badf", "errno badf"],
    ],
    [(guest, fd) => [guest.do("fd_close", fd), guest.opened("file") === fd], ["success", true]],
    [
      (guest) => [guest.do("fd_close", ROOT), guest.open("file"), guest.do("fd_prestat_get", ROOT, 0)],
      ["success", "badf", "badf"],
    ],
    [
      (guest) => {
        const other = guest.opened(".", { rights: READ });
        return [guest.do("fd_close", ROOT), guest.content("file", other)];
      },
      ["success", "0123456789"],
    ],
  ],
  fd_renumber: [
    [
      (guest, fd) => [guest.do("fd_renumber", fd, ROOT), guest.read(ROOT, 3), guest.read(fd)],
      ["success", "012", "errno badf"],
    ],
    [(guest, fd) => [guest.do("fd_renumber", fd, fd), guest.read(fd, 3)], ["success", "012"]],
    [
      (guest, fd) => [guest.do("fd_renumber", fd, 77), guest.do("fd_renumber", 77, fd), guest.read(fd, 3)],
      ["badf", "badf", "012"],
    ],
    [
      (guest, fd) => [guest.do("fd_renumber", 1, fd), guest.write(1, "x"), guest.write(fd, "x")],
      ["success", "badf", 1],
    ],
    [
      (guest, fd) => [guest.do("fd_renumber", ROOT, fd), guest.do("fd_prestat_get", fd, 0), guest.content("file", fd)],
      ["success", "success", "0123456789"],
    ],
  ],
  fd_prestat_get: [
    [(guest) => [guest.do("fd_prestat_get", ROOT, 8), guest.u8(8), guest.u32(12)], ["success", 0, 1]],
    [
      (guest, fd) => [guest.do("fd_prestat_get", fd, 8), guest.do("fd_prestat_get", guest.directory("."), 8)],
      ["badf", "badf"],
    ],
    [(guest) => guest.do("fd_prestat_get", ROOT, END - 7), "fault"],
  ],
  fd_prestat_dir_name: [
    [(guest) => [guest.do("fd_prestat_dir_name", ROOT, 8, 1), guest.text(8, 1)], ["success", "/"]],
    [
      (guest) => [guest.do("fd_prestat_dir_name", ROOT, 8, 9), guest.do("fd_prestat_dir_name", ROOT, 8, 0)],
      ["success", "nametoolong"],
    ],
    [
      (guest, fd) => [
        guest.do("fd_prestat_dir_name", fd, 8, 9),
        guest.do("fd_prestat_dir_name", guest.directory("."), 8, 9),
      ],
      ["notdir", "badf"],
    ],
    [(guest) => guest.do("fd_prestat_dir_name", ROOT, END, 1), "fault"],
  ],
  fd_readdir: [
    [(guest) => guest.list(), { file: 4 }],
    [
      (guest) => {
        const { used, entries } = guest.readdir(ROOT, 1000, 0n);
        const [self, parent, file] = entries;
        return [
          used,
          entries.map(({ name, type }) => [name, type]),
          self!.ino === stat(guest, ROOT).ino,
          parent!.ino === self!.ino,
          file!.ino === known(guest.stat("file")).ino,
        ];
      },
      [
        79,
        [
          [".", 3],
          ["..", 3],
          ["file", 4],
        ],
        true,
        true,
        true,
      ],
    ],
    [(guest) => guest.readdir(ROOT, 10, 0n).used, 10],
    [
      (guest) => [
        guest.readdir(ROOT, 0, 0n).used,
        guest.readdir(ROOT, 1000, 3n).used,
        guest.readdir(ROOT, 1000, 2n ** 64n - 1n).used,
      ],
      [0, 0, 0],
    ],
    [
      (guest) => {
        for (let i = 0; i < 100; i++) guest.file(`f${i}`);
        const names = new Set<string>();
        for (let cookie = 0n, used = 256; used === 256; ) {
          const part = guest.readdir(ROOT, 256, cookie);
          for (const { name } of part.entries) names.add(name);
          cookie = part.entries.at(-1)?.next ?? cookie;
          ({ used } = part);
        }
        return names.size;
      },
      103,
    ],
    [
      (guest) => {
        const [first] = guest.readdir(ROOT, 30, 0n).entries;
        guest.file("new");
        const rest = guest.readdir(ROOT, 1000, first!.next).entries.map(({ name }) => name);
        return [rest, Object.keys(guest.list()).sort()];
      },
      [
        ["..", "file"],
        ["file", "new"],
      ],
    ],
    [
      (guest, fd) => [guest.do("fd_readdir", fd, 0, 0, 0n, 0), guest.do("fd_readdir", 77, 0, 0, 0n, 0)],
      ["notdir", "badf"],
    ],
    [
      (guest) => [guest.do("fd_readdir", ROOT, END - 1, 2, 0n, 0), guest.do("fd_readdir", ROOT, 0, 2, 0n, END - 3)],
      ["fault", "fault"],
    ],
  ],
};

for (const [kind, make] of fileSystems) {
  for (const [name, list] of Object.entries(cases)) {
    test(`${name} on ${kind}`, () => {
      for (const [call, expected] of list) {
        const guest = new FileGuest(make());
        guest.file("file", "0123456789");
        assert.deepEqual(call(guest, guest.opened("file")), expected, String(call));
      }
    });
  }
}

for (const [kind, make] of fileSystems) {
  test(`a directory that is open stays what it was, on ${kind}`, () => {
    const guest = new FileGuest(make());
    assert.equal(guest.mkdir("a"), "success");
    const fd = guest.directory("a");
    if (kind !== "host directory by name") {
      assert.equal(guest.rename("a", "b"), "success");
      guest.file("x", "moved", fd);
      assert.equal(guest.content("b/x"), "moved");
      assert.equal(guest.do("path_unlink_file", ROOT, "b/x"), "success");
      assert.equal(guest.do("path_remove_directory", ROOT, "b"), "success");
    } else assert.equal(guest.do("path_remove_directory", ROOT, "a"), "success");
    assert.equal(guest.open("y", { at: fd, flags: O.creat }), "noent", "it is gone");
  });
}

test("mounts are preopened in order, each a world of its own", () => {
  const [one, two] = [memoryFs(), memoryFs()];
  const guest = new FileGuest(mounts({ "/": one, "/data/dög": two }));
  assert.equal(guest.do("fd_prestat_get", 4, 8), "success");
  assert.equal(guest.do("fd_prestat_dir_name", 4, 16, guest.u32(12)), "success");
  assert.equal(guest.text(16, guest.u32(12)), "/data/dög");
  guest.file("x", "one");
  guest.file("x", "two", 4);
  assert.deepEqual([guest.content("x"), guest.content("x", 4)], ["one", "two"]);
  assert.notEqual(known(guest.statOf(3)).dev, known(guest.statOf(4)).dev);
  assert.equal(guest.do("path_rename", 3, "x", 4, "y"), "xdev");
  assert.equal(guest.do("path_link", 3, 0, "x", 4, "y"), "xdev");
  assert.equal(guest.open("../data", { at: 4 }), "perm");
});

test("what is no file system is told of", () => {
  assert.throws(() => new FileGuest({} as never).do("sched_yield"), {
    name: "TypeError",
    message: /^fs is a file system/,
  });
  assert.throws(() => mounts({ "": memoryFs() }), TypeError);
  assert.throws(() => mounts({ "a\0": memoryFs() }), TypeError);
  assert.throws(() => mounts({ "/": {} as never }), TypeError);
});

test("a module that closes gives its files back", () => {
  const fs = memoryFs();
  const guest = new FileGuest(fs);
  guest.file("x", "12345");
  guest.opened("x");
  assert.equal(guest.do("path_unlink_file", ROOT, "x"), "success");
  assert.equal(fs.bytes, 5, "open");
  assert.throws(() => guest.call("proc_exit", 0));
  assert.equal(fs.bytes, 0);
  assert.equal(new FileGuest(fs).open(".", { rights: READ }), 4, "the root is still open");
});

test("65,536 descriptors can be open, quickly, and one more is EMFILE", () => {
  const fs = memoryFs();
  const guest = new FileGuest(fs);
  guest.file("x");
  const start = performance.now();
  for (let fd = 4; fd < 65_536; fd++) assert.equal(guest.open("x"), fd);
  assert.ok(performance.now() - start < 20_000);
  assert.equal(guest.open("x"), "mfile");
  assert.equal(guest.do("fd_close", 77), "success");
  assert.equal(guest.open("x"), 77);
  assert.equal(guest.open("x"), "mfile");
});

test("poll_oneoff finds files ready, where they are open for that", () => {
  const guest = new FileGuest(memoryFs());
  guest.file("x");
  const fds = [guest.opened("x", { rights: READ }), ROOT];
  for (const [i, fd] of fds.entries()) {
    guest.memory!.writeUint8(48 * i + 8, 1);
    guest.memory!.writeUint32(48 * i + 16, fd);
  }
  assert.equal(guest.do("poll_oneoff", 0, 1000, 2, 2000), "success");
  assert.equal(guest.u32(2000), 2);
  assert.deepEqual([guest.u16(1008), guest.u16(1032 + 8)], [errno.success, errno.badf]);
});
