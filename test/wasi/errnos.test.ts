// Takes each function and each errno that its documentation in the source names, calls it so that it gives just that.
import assert from "node:assert/strict";
import test from "node:test";
import { FileSystemError, memoryFs, mounts, overlay, readOnly } from "zerowasm/fs";
import { type functions, errno as numbers } from "#dist/wasi/abi.js";
import { END, Guest } from "./guest.ts";
import { FakeConnection, FakeListener } from "./sockets.ts";

// Descriptors: three mounts, the first of them with what `world` puts there, and what it opens.
const [ROOT, SOLID, FULL, LISTENER, CONNECTION, FILE, READER, DIRECTORY] = [3, 4, 5, 6, 7, 8, 9, 10];
const [IOVS, PATH, OTHER, DATA, RESULT] = [0, 0x100, 0x4000, 0x8000, 0xff00];
const NOWHERE = 99;
const [READ, WRITE] = [1n << 1n, 1n << 6n];

type Value = number | bigint;

/** A guest whose text arguments are put into its memory. */
class World extends Guest {
  /** Calls a function; a string is a path: its address and length. */
  do(name: string, ...args: (Value | string)[]): unknown {
    let at = PATH;
    const given = args.flatMap((arg) => {
      if (typeof arg !== "string") return [arg];
      const bytes = arg === ILL_FORMED ? Uint8Array.of(0xff) : new TextEncoder().encode(arg);
      this.memory!.write(at, bytes);
      const place = [at, bytes.length];
      at = OTHER;
      return place;
    });
    return this.call(name, ...given);
  }
}

const ILL_FORMED = "\udfff";

function world(): World {
  const fs = memoryFs();
  const solid = readOnly(overlay(fs));
  const listener = new FakeListener(new FakeConnection(1));
  const failing = { read: () => fail("EPIPE"), ready: () => false };
  const guest = new World({
    fs: mounts({ "/": fs, "/solid": solid, "/full": memoryFs({ maxBytes: 4, maxFiles: 1 }) }),
    listeners: [listener],
    stdin: failing,
    stdout: { write: () => 1000 },
    stderr: { write: () => fail("EPIPE") },
  });
  const done = (outcome: unknown): void => assert.equal(outcome, 0);
  const open = (fd: number, path: string, oflags: number, rights: bigint): void =>
    done(guest.do("path_open", fd, 0, path, oflags, rights, 0n, 0, RESULT));
  done(guest.call("sock_accept", LISTENER, 0, RESULT));
  open(ROOT, "file", 1, READ | WRITE);
  open(ROOT, "file", 0, READ);
  done(guest.do("path_create_directory", ROOT, "directory"));
  open(ROOT, "directory", 2, READ);
  done(guest.do("path_create_directory", ROOT, "directory/inner"));
  done(guest.do("path_create_directory", ROOT, "empty"));
  done(guest.do("path_symlink", "file", ROOT, "link"));
  done(guest.do("path_symlink", "loop", ROOT, "loop"));
  open(FULL, "file", 1, READ | WRITE);
  guest.iovecs(IOVS, [DATA, 8]);
  return guest;
}
const FULL_FILE = 11;

function fail(code: string): never {
  throw new FileSystemError(code);
}

type Call = (guest: World) => unknown;
type Errnos = { readonly [E in keyof typeof numbers]?: Call | readonly Call[] };

/** What every function of paths says of a path; `solid` where it changes something. */
function ofPath(
  name: string,
  args: (fd: number, path: string | readonly [Value, Value]) => (Value | string)[],
): Errnos {
  const call =
    (fd: number, path: string | readonly [number, number]): Call =>
    (guest) =>
      guest.do(name, ...args(fd, path));
  return {
    badf: call(NOWHERE, "x"),
    notdir: [call(0, "x"), call(FILE, "x"), call(CONNECTION, "x"), call(ROOT, "file/x"), call(ROOT, "link/x")],
    fault: call(ROOT, [END - 1, 2]),
    ilseq: call(ROOT, ILL_FORMED),
    inval: call(ROOT, "a\0b"),
    noent: [call(ROOT, ""), call(ROOT, "missing/x")],
    perm: [call(ROOT, "/x"), call(ROOT, "../x"), call(ROOT, "directory/../../x")],
    loop: call(ROOT, "loop/x"),
    nametoolong: call(ROOT, "x/".repeat(2049)),
  };
}

const also = (first: Errnos, more: Errnos): Errnos => {
  const merged: Record<string, readonly Call[]> = {};
  for (const errnos of [first, more]) {
    for (const [name, calls] of Object.entries(errnos)) merged[name] = [...(merged[name] ?? []), calls].flat();
  }
  return merged;
};

const on =
  (name: string, ...args: (Value | string)[]): Call =>
  (guest) =>
    guest.do(name, ...args);

const spread = (path: string | readonly [Value, Value]): (Value | string)[] =>
  typeof path === "string" ? [path] : [...path];

const errnos: { readonly [F in keyof typeof functions]: Errnos } = {
  args_get: { fault: on("args_get", END, END + 1) },
  args_sizes_get: { fault: [on("args_sizes_get", END - 3, 0), on("args_sizes_get", 0, END - 3)] },
  environ_get: { fault: on("environ_get", END, END + 1) },
  environ_sizes_get: { fault: [on("environ_sizes_get", END - 3, 0), on("environ_sizes_get", 0, END - 3)] },
  clock_res_get: { inval: on("clock_res_get", 2, RESULT), fault: on("clock_res_get", 0, END - 7) },
  clock_time_get: { inval: on("clock_time_get", 3, 0n, RESULT), fault: on("clock_time_get", 1, 0n, END - 7) },
  fd_advise: {
    badf: [
      on("fd_advise", NOWHERE, 0n, 0n, 0),
      on("fd_advise", DIRECTORY, 0n, 0n, 0),
      on("fd_advise", CONNECTION, 0n, 0n, 0),
    ],
    inval: on("fd_advise", FILE, 0n, 0n, 6),
  },
  fd_allocate: {
    badf: [on("fd_allocate", NOWHERE, 0n, 1n), on("fd_allocate", DIRECTORY, 0n, 1n), on("fd_allocate", READER, 0n, 1n)],
    inval: on("fd_allocate", FILE, 0n, 0n),
    fbig: on("fd_allocate", FILE, 2n ** 53n, 1n),
    nospc: on("fd_allocate", FULL_FILE, 0n, 5n),
  },
  fd_close: { badf: on("fd_close", NOWHERE) },
  fd_datasync: { badf: [on("fd_datasync", NOWHERE), on("fd_datasync", 1), on("fd_datasync", LISTENER)] },
  fd_fdstat_get: { badf: on("fd_fdstat_get", NOWHERE, RESULT), fault: on("fd_fdstat_get", 0, END - 23) },
  fd_fdstat_set_flags: {
    badf: [on("fd_fdstat_set_flags", NOWHERE, 0), on("fd_fdstat_set_flags", DIRECTORY, 0)],
    inval: on("fd_fdstat_set_flags", FILE, 2),
  },
  fd_fdstat_set_rights: {
    badf: on("fd_fdstat_set_rights", NOWHERE, 0n, 0n),
    notsup: on("fd_fdstat_set_rights", FILE, 0n, 0n),
  },
  fd_filestat_get: {
    badf: on("fd_filestat_get", NOWHERE, RESULT),
    fault: [0, FILE, DIRECTORY, LISTENER].map((fd) => on("fd_filestat_get", fd, END - 63)),
  },
  fd_filestat_set_size: {
    badf: [on("fd_filestat_set_size", NOWHERE, 0n), on("fd_filestat_set_size", 1, 0n)],
    inval: on("fd_filestat_set_size", READER, 0n),
    fbig: on("fd_filestat_set_size", FILE, 2n ** 53n),
    nospc: on("fd_filestat_set_size", FULL_FILE, 5n),
  },
  fd_filestat_set_times: {
    badf: [on("fd_filestat_set_times", NOWHERE, 0n, 0n, 1), on("fd_filestat_set_times", 0, 0n, 0n, 1)],
    inval: [on("fd_filestat_set_times", FILE, 0n, 0n, 3), on("fd_filestat_set_times", FILE, 0n, 0n, 16)],
    rofs: on("fd_filestat_set_times", SOLID, 0n, 0n, 1),
  },
  fd_pread: {
    badf: [
      on("fd_pread", NOWHERE, IOVS, 1, 0n, RESULT),
      on("fd_pread", DIRECTORY, IOVS, 1, 0n, RESULT),
      on("fd_pread", 1, IOVS, 1, 0n, RESULT),
    ],
    spipe: [on("fd_pread", 0, IOVS, 1, 0n, RESULT), on("fd_pread", CONNECTION, IOVS, 1, 0n, RESULT)],
    inval: on("fd_pread", FILE, IOVS, 1, 2n ** 53n, RESULT),
    fault: [on("fd_pread", FILE, END - 7, 1, 0n, RESULT), on("fd_pread", FILE, IOVS, 1, 0n, END - 3)],
  },
  fd_prestat_get: {
    badf: [
      on("fd_prestat_get", NOWHERE, RESULT),
      on("fd_prestat_get", DIRECTORY, RESULT),
      on("fd_prestat_get", LISTENER, RESULT),
    ],
    fault: on("fd_prestat_get", ROOT, END - 7),
  },
  fd_prestat_dir_name: {
    badf: [on("fd_prestat_dir_name", NOWHERE, DATA, 1), on("fd_prestat_dir_name", DIRECTORY, DATA, 1)],
    notdir: [on("fd_prestat_dir_name", 0, DATA, 1), on("fd_prestat_dir_name", LISTENER, DATA, 1)],
    nametoolong: on("fd_prestat_dir_name", ROOT, DATA, 0),
    fault: on("fd_prestat_dir_name", ROOT, END, 1),
  },
  fd_pwrite: {
    badf: [on("fd_pwrite", NOWHERE, IOVS, 1, 0n, RESULT), on("fd_pwrite", READER, IOVS, 1, 0n, RESULT)],
    spipe: [on("fd_pwrite", 1, IOVS, 1, 0n, RESULT), on("fd_pwrite", LISTENER, IOVS, 1, 0n, RESULT)],
    inval: on("fd_pwrite", FILE, IOVS, 1, 2n ** 53n, RESULT),
    fault: on("fd_pwrite", FILE, END - 7, 1, 0n, RESULT),
    nospc: on("fd_pwrite", FULL_FILE, IOVS, 1, 4n, RESULT),
    fbig: on("fd_pwrite", FILE, IOVS, 1, 2n ** 53n - 2n, RESULT),
  },
  fd_read: {
    badf: [
      on("fd_read", NOWHERE, IOVS, 1, RESULT),
      on("fd_read", 1, IOVS, 1, RESULT),
      on("fd_read", DIRECTORY, IOVS, 1, RESULT),
    ],
    notconn: on("fd_read", LISTENER, IOVS, 1, RESULT),
    fault: [on("fd_read", FILE, END - 7, 1, RESULT), on("fd_read", FILE, IOVS, 1, END - 3)],
    pipe: on("fd_read", 0, IOVS, 1, RESULT),
    again: (guest) => {
      assert.equal(guest.call("fd_fdstat_set_flags", 0, 4), 0);
      return guest.call("fd_read", 0, IOVS, 1, RESULT);
    },
  },
  fd_readdir: {
    badf: on("fd_readdir", NOWHERE, DATA, 10, 0n, RESULT),
    notdir: [on("fd_readdir", 0, DATA, 10, 0n, RESULT), on("fd_readdir", FILE, DATA, 10, 0n, RESULT)],
    fault: [on("fd_readdir", ROOT, END - 1, 2, 0n, RESULT), on("fd_readdir", ROOT, DATA, 10, 0n, END - 3)],
  },
  fd_renumber: { badf: [on("fd_renumber", NOWHERE, FILE), on("fd_renumber", FILE, NOWHERE)] },
  fd_seek: {
    badf: [on("fd_seek", NOWHERE, 0n, 0, RESULT), on("fd_seek", DIRECTORY, 0n, 0, RESULT)],
    inval: [on("fd_seek", FILE, 0n, 3, RESULT), on("fd_seek", FILE, -1n, 1, RESULT)],
    spipe: [on("fd_seek", 0, 0n, 0, RESULT), on("fd_seek", CONNECTION, 0n, 0, RESULT)],
    fault: on("fd_seek", FILE, 0n, 0, END - 7),
  },
  fd_sync: { badf: [on("fd_sync", NOWHERE), on("fd_sync", 2)] },
  fd_tell: {
    badf: [on("fd_tell", NOWHERE, RESULT), on("fd_tell", DIRECTORY, RESULT)],
    spipe: on("fd_tell", LISTENER, RESULT),
    fault: on("fd_tell", FILE, END - 7),
  },
  fd_write: {
    badf: [
      on("fd_write", NOWHERE, IOVS, 1, RESULT),
      on("fd_write", 0, IOVS, 1, RESULT),
      on("fd_write", READER, IOVS, 1, RESULT),
    ],
    notconn: on("fd_write", LISTENER, IOVS, 1, RESULT),
    fault: [on("fd_write", FILE, END - 7, 1, RESULT), on("fd_write", FILE, IOVS, 1, END - 3)],
    io: on("fd_write", 1, IOVS, 1, RESULT),
    pipe: on("fd_write", 2, IOVS, 1, RESULT),
    nospc: on("fd_write", FULL_FILE, IOVS, 1, RESULT),
  },
  path_create_directory: also(
    ofPath("path_create_directory", (fd, path) => [fd, ...spread(path)]),
    {
      exist: [on("path_create_directory", ROOT, "file"), on("path_create_directory", ROOT, ".")],
      nospc: on("path_create_directory", FULL, "x"),
      rofs: on("path_create_directory", SOLID, "x"),
    },
  ),
  path_filestat_get: also(
    ofPath("path_filestat_get", (fd, path) => [fd, 0, ...spread(path), RESULT]),
    {
      inval: on("path_filestat_get", ROOT, 2, "file", RESULT),
      loop: on("path_filestat_get", ROOT, 1, "loop", RESULT),
      noent: on("path_filestat_get", ROOT, 0, "missing", RESULT),
      notdir: on("path_filestat_get", ROOT, 0, "file/", RESULT),
      fault: on("path_filestat_get", ROOT, 0, "file", END - 63),
    },
  ),
  path_filestat_set_times: also(
    ofPath("path_filestat_set_times", (fd, path) => [fd, 0, ...spread(path), 0n, 0n, 1]),
    {
      inval: [
        on("path_filestat_set_times", ROOT, 0, "file", 0n, 0n, 3),
        on("path_filestat_set_times", ROOT, 2, "file", 0n, 0n, 1),
      ],
      noent: on("path_filestat_set_times", ROOT, 0, "missing", 0n, 0n, 1),
      rofs: [
        on("path_filestat_set_times", SOLID, 0, "file", 0n, 0n, 1),
        on("path_filestat_set_times", SOLID, 0, ".", 0n, 0n, 1),
      ],
    },
  ),
  path_link: also(
    also(
      ofPath("path_link", (fd, path) => [fd, 0, ...spread(path), ROOT, "new"]),
      ofPath("path_link", (fd, path) => [ROOT, 0, "file", fd, ...spread(path)]),
    ),
    {
      inval: on("path_link", ROOT, 1, "file", ROOT, "new"),
      perm: [on("path_link", ROOT, 0, "directory", ROOT, "new"), on("path_link", ROOT, 0, ".", ROOT, "new")],
      exist: [on("path_link", ROOT, 0, "file", ROOT, "link"), on("path_link", ROOT, 0, "file", ROOT, ".")],
      noent: [on("path_link", ROOT, 0, "missing", ROOT, "new"), on("path_link", ROOT, 0, "file", ROOT, "new/")],
      notdir: on("path_link", ROOT, 0, "file/", ROOT, "new"),
      xdev: on("path_link", ROOT, 0, "file", FULL, "new"),
      rofs: on("path_link", SOLID, 0, "file", SOLID, "new"),
      nospc: on("path_link", FULL, 0, "file", FULL, "new"),
    },
  ),
  path_open: also(
    ofPath("path_open", (fd, path) => [fd, 0, ...spread(path), 0, READ, 0n, 0, RESULT]),
    {
      inval: [
        on("path_open", ROOT, 0, "file", 16, READ, 0n, 0, RESULT),
        on("path_open", ROOT, 0, "file", 0, READ, 0n, 32, RESULT),
        on("path_open", ROOT, 0, "new", 3, READ, 0n, 0, RESULT),
        on("path_open", ROOT, 2, "file", 0, READ, 0n, 0, RESULT),
      ],
      noent: on("path_open", ROOT, 0, "missing", 0, READ, 0n, 0, RESULT),
      exist: [
        on("path_open", ROOT, 0, "file", 5, READ, 0n, 0, RESULT),
        on("path_open", ROOT, 0, ".", 5, READ, 0n, 0, RESULT),
      ],
      loop: [
        on("path_open", ROOT, 0, "link", 0, READ, 0n, 0, RESULT),
        on("path_open", ROOT, 1, "loop", 0, READ, 0n, 0, RESULT),
      ],
      isdir: [
        on("path_open", ROOT, 0, "directory", 0, WRITE, 0n, 0, RESULT),
        on("path_open", ROOT, 0, "directory", 8, READ, 0n, 0, RESULT),
        on("path_open", ROOT, 0, "new/", 1, READ, 0n, 0, RESULT),
      ],
      notdir: [
        on("path_open", ROOT, 0, "file", 2, READ, 0n, 0, RESULT),
        on("path_open", ROOT, 0, "file/", 0, READ, 0n, 0, RESULT),
      ],
      fault: on("path_open", ROOT, 0, "file", 0, READ, 0n, 0, END - 3),
      rofs: [
        on("path_open", SOLID, 0, "file", 0, WRITE, 0n, 0, RESULT),
        on("path_open", SOLID, 0, "new", 1, READ, 0n, 0, RESULT),
      ],
      nospc: on("path_open", FULL, 0, "new", 1, READ, 0n, 0, RESULT),
    },
  ),
  path_readlink: also(
    ofPath("path_readlink", (fd, path) => [fd, ...spread(path), DATA, 10, RESULT]),
    {
      inval: [on("path_readlink", ROOT, "file", DATA, 10, RESULT), on("path_readlink", ROOT, ".", DATA, 10, RESULT)],
      noent: on("path_readlink", ROOT, "missing", DATA, 10, RESULT),
      fault: [
        on("path_readlink", ROOT, "link", END - 1, 2, RESULT),
        on("path_readlink", ROOT, "link", DATA, 10, END - 3),
      ],
    },
  ),
  path_remove_directory: also(
    ofPath("path_remove_directory", (fd, path) => [fd, ...spread(path)]),
    {
      inval: on("path_remove_directory", ROOT, "."),
      noent: on("path_remove_directory", ROOT, "missing"),
      notdir: [on("path_remove_directory", ROOT, "file"), on("path_remove_directory", ROOT, "link")],
      notempty: on("path_remove_directory", ROOT, "directory"),
      rofs: on("path_remove_directory", SOLID, "empty"),
    },
  ),
  path_rename: also(
    also(
      ofPath("path_rename", (fd, path) => [fd, ...spread(path), ROOT, "new"]),
      ofPath("path_rename", (fd, path) => [ROOT, "file", fd, ...spread(path)]),
    ),
    {
      busy: [on("path_rename", ROOT, ".", ROOT, "new"), on("path_rename", ROOT, "directory", ROOT, ".")],
      inval: on("path_rename", ROOT, "directory", ROOT, "directory/inner/new"),
      xdev: on("path_rename", ROOT, "file", FULL, "new"),
      noent: on("path_rename", ROOT, "missing", ROOT, "new"),
      isdir: on("path_rename", ROOT, "file", ROOT, "empty"),
      notdir: [
        on("path_rename", ROOT, "empty", ROOT, "file"),
        on("path_rename", ROOT, "file/", ROOT, "new"),
        on("path_rename", ROOT, "file", ROOT, "new/"),
      ],
      notempty: on("path_rename", ROOT, "empty", ROOT, "directory"),
      rofs: on("path_rename", SOLID, "file", SOLID, "new"),
    },
  ),
  path_symlink: also(
    ofPath("path_symlink", (fd, path) => ["target", fd, ...spread(path)]),
    {
      fault: on("path_symlink", END, 1, ROOT, "new"),
      ilseq: on("path_symlink", ILL_FORMED, ROOT, "new"),
      inval: on("path_symlink", "a\0b", ROOT, "new"),
      perm: on("path_symlink", "/absolute", ROOT, "new"),
      noent: [on("path_symlink", "", ROOT, "new"), on("path_symlink", "target", ROOT, "new/")],
      exist: [on("path_symlink", "target", ROOT, "file"), on("path_symlink", "target", ROOT, ".")],
      rofs: on("path_symlink", "target", SOLID, "new"),
      nospc: on("path_symlink", "target", FULL, "new"),
    },
  ),
  path_unlink_file: also(
    ofPath("path_unlink_file", (fd, path) => [fd, ...spread(path)]),
    {
      isdir: [
        on("path_unlink_file", ROOT, "directory"),
        on("path_unlink_file", ROOT, "."),
        on("path_unlink_file", ROOT, "empty/"),
      ],
      noent: on("path_unlink_file", ROOT, "missing"),
      notdir: on("path_unlink_file", ROOT, "file/"),
      rofs: on("path_unlink_file", SOLID, "file"),
    },
  ),
  poll_oneoff: {
    inval: [
      on("poll_oneoff", DATA, DATA + 4096, 0, RESULT),
      on("poll_oneoff", DATA, DATA + 4096, 65_537, RESULT),
      clock(7, 0),
      clock(0, 2),
      tagged(3),
    ],
    fault: [
      on("poll_oneoff", END - 47, DATA, 1, RESULT),
      on("poll_oneoff", DATA, END - 31, 1, RESULT),
      on("poll_oneoff", DATA, DATA + 4096, 1, END - 3),
    ],
  },
  proc_exit: {},
  proc_raise: { nosys: on("proc_raise", 2) },
  sched_yield: {},
  random_get: { fault: on("random_get", END - 3, 4) },
  sock_accept: {
    badf: on("sock_accept", NOWHERE, 0, RESULT),
    notsock: [on("sock_accept", 0, 0, RESULT), on("sock_accept", FILE, 0, RESULT), on("sock_accept", ROOT, 0, RESULT)],
    inval: [on("sock_accept", CONNECTION, 0, RESULT), on("sock_accept", LISTENER, 1, RESULT)],
    fault: on("sock_accept", LISTENER, 0, END - 3),
    again: (guest) => {
      assert.equal(guest.call("fd_fdstat_set_flags", LISTENER, 4), 0);
      return guest.call("sock_accept", LISTENER, 0, RESULT);
    },
  },
  sock_recv: {
    badf: on("sock_recv", NOWHERE, IOVS, 1, 0, RESULT, DATA),
    notsock: on("sock_recv", FILE, IOVS, 1, 0, RESULT, DATA),
    notconn: on("sock_recv", LISTENER, IOVS, 1, 0, RESULT, DATA),
    notsup: on("sock_recv", CONNECTION, IOVS, 1, 4, RESULT, DATA),
    fault: [
      on("sock_recv", CONNECTION, END - 7, 1, 0, RESULT, DATA),
      on("sock_recv", CONNECTION, IOVS, 1, 0, END - 3, DATA),
      on("sock_recv", CONNECTION, IOVS, 1, 0, RESULT, END - 1),
    ],
    again: (guest) => {
      assert.equal(guest.call("sock_recv", CONNECTION, IOVS, 1, 0, RESULT, DATA), 0);
      assert.equal(guest.call("fd_fdstat_set_flags", CONNECTION, 4), 0);
      return guest.call("sock_recv", CONNECTION, IOVS, 1, 0, RESULT, DATA);
    },
  },
  sock_send: {
    badf: on("sock_send", NOWHERE, IOVS, 1, 0, RESULT),
    notsock: on("sock_send", FILE, IOVS, 1, 0, RESULT),
    notconn: on("sock_send", LISTENER, IOVS, 1, 0, RESULT),
    notsup: on("sock_send", CONNECTION, IOVS, 1, 1, RESULT),
    fault: [on("sock_send", CONNECTION, END - 7, 1, 0, RESULT), on("sock_send", CONNECTION, IOVS, 1, 0, END - 3)],
    pipe: (guest) => {
      assert.equal(guest.call("sock_shutdown", CONNECTION, 2), 0);
      return guest.call("sock_send", CONNECTION, IOVS, 1, 0, RESULT);
    },
  },
  sock_shutdown: {
    badf: on("sock_shutdown", NOWHERE, 1),
    notsock: on("sock_shutdown", FILE, 1),
    notconn: on("sock_shutdown", LISTENER, 1),
    inval: [on("sock_shutdown", CONNECTION, 0), on("sock_shutdown", CONNECTION, 4)],
  },
};

/** A poll of one subscription to a clock. */
function clock(id: number, flags: number): Call {
  return (guest) => {
    guest.memory!.subarray(DATA, 48)!.fill(0);
    guest.memory!.writeUint32(DATA + 16, id);
    guest.memory!.writeUint16(DATA + 40, flags);
    return guest.call("poll_oneoff", DATA, DATA + 4096, 1, RESULT);
  };
}

function tagged(tag: number): Call {
  return (guest) => {
    guest.memory!.subarray(DATA, 48)!.fill(0);
    guest.memory!.writeUint8(DATA + 8, tag);
    return guest.call("poll_oneoff", DATA, DATA + 4096, 1, RESULT);
  };
}

for (const [name, wanted] of Object.entries(errnos)) {
  test(`${name}: ${Object.keys(wanted).join(", ") || "cannot fail"}`, async () => {
    for (const [error, calls] of Object.entries(wanted)) {
      for (const [i, call] of [calls as Call | readonly Call[]].flat().entries()) {
        const outcome = (await call(world())) as number;
        assert.equal(Object.keys(numbers)[outcome], error, `${error}, call ${i}`);
      }
    }
  });
}
