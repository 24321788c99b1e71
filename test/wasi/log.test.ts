// Takes calls of a guest, expects the lines that tell of them.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { memoryFs } from "zerowasm/fs";
import type { LogScope } from "zerowasm/wasi";
import { definitions, Guest } from "./guest.ts";
import { FakeConnection, FakeListener } from "./sockets.ts";

const fs = memoryFs();
const PATH = 256;

/** A guest whose calls are told of. */
function guestWith(lines: string[], scopes?: readonly LogScope[]): Guest {
  const listeners = [new FakeListener(new FakeConnection(1, 2, 3))];
  const log = { write: (line: string) => void lines.push(line), scopes };
  return new Guest({ args: ["a"], fs, listeners, stdin: "x" }, undefined, { log });
}

const WASI = "wasi_snapshot_preview1";

for (const [name, args, entry, exit] of [
  ["args_sizes_get", [0, 4], "", "(argc=1,argv_len=2,errno=ESUCCESS)"],
  ["args_get", [0, 4], "argv=0,argv_buf=4", "errno=ESUCCESS"],
  ["clock_res_get", [1, 8], "id=MONOTONIC", "(resolution=1000000,errno=ESUCCESS)"],
  [
    "clock_time_get",
    [0, -1n, 8],
    "id=REALTIME,precision=18446744073709551615",
    "(timestamp=1640995200000000000,errno=ESUCCESS)",
  ],
  ["clock_time_get", [9, 0n, 8], "id=9,precision=0", "errno=EINVAL"],
  ["fd_seek", [0, -5n, 2, 8], "fd=0,offset=-5,whence=END", "errno=ESPIPE"],
  ["fd_advise", [-1, 0n, 1n, 4], "fd=4294967295,offset=0,len=1,advice=DONTNEED", "errno=EBADF"],
  ["fd_prestat_get", [3, 8], "fd=3", "(prestat={pr_name_len=1},errno=ESUCCESS)"],
  [
    "fd_fdstat_get",
    [1, 8],
    "fd=1",
    "(stat={filetype=UNKNOWN,fs_flags=,fs_rights_base=FD_FDSTAT_SET_FLAGS|FD_WRITE|FD_FILESTAT_GET|POLL_FD_READWRITE," +
      "fs_rights_inheriting=FD_FDSTAT_SET_FLAGS|FD_WRITE|FD_FILESTAT_GET|POLL_FD_READWRITE},errno=ESUCCESS)",
  ],
  ["fd_filestat_get", [4, 8], "fd=4", "(filestat={filetype=SOCKET_STREAM,size=0,mtim=0},errno=ESUCCESS)"],
  [
    "path_open",
    [3, 1, PATH, 7, 9, 66n, 0n, 5, 8],
    'fd=3,dirflags=SYMLINK_FOLLOW,path="a\\n\\u001b\\u{202e}\\"",oflags=CREAT|TRUNC,fs_rights_base=FD_READ|FD_WRITE,fs_rights_inheriting=,fdflags=APPEND|NONBLOCK',
    "(opened_fd=5,errno=ESUCCESS)",
  ],
  [
    "path_open",
    [3, 0, -8, 8, 0, 0n, 0n, 0, 8],
    "fd=3,dirflags=,path=?,oflags=,fs_rights_base=,fs_rights_inheriting=,fdflags=",
    "errno=EFAULT",
  ],
  ["path_symlink", [PATH, 1, 3, PATH, 1], 'old_path="a",fd=3,new_path="a"', "errno=ESUCCESS"],
  ["fd_prestat_dir_name", [3, 8, 1], 'fd=3,path="/"', "errno=ESUCCESS"],
  ["random_get", [8, 4], "buf=8,buf_len=4", "errno=ESUCCESS"],
  ["sched_yield", [], "", "errno=ESUCCESS"],
  ["sock_accept", [4, 4, 8], "fd=4,flags=NONBLOCK", "(fd=5,errno=ESUCCESS)"],
  ["sock_shutdown", [4, 3], "fd=4,how=RD|WR", "errno=ENOTCONN"],
] as const) {
  test(`${name}(${entry})`, () => {
    const lines: string[] = [];
    const guest = guestWith(lines);
    guest.memory!.write(PATH, new TextEncoder().encode('a\n\x1b\u202e"'));
    if (name === "fd_prestat_dir_name") guest.memory!.write(8, Uint8Array.of(0x2f));
    guest.call(name, ...args);
    assert.deepEqual(lines, [`==> ${WASI}.${name}(${entry})`, `<== ${exit}`]);
  });
}

test("a call that waits is told of when it returns", async () => {
  const lines: string[] = [];
  const guest = guestWith(lines);
  guest.call("sock_accept", 4, 0, 8);
  guest.iovecs(0, [1024, 8]);
  guest.call("sock_recv", 5, 0, 1, 1, 8, 12);
  const second = guest.call("sock_accept", 4, 0, 8);
  assert.ok(second instanceof Promise);
  assert.deepEqual(lines.slice(2), [
    `==> ${WASI}.sock_recv(fd=5,ri_data=0,ri_data_len=1,ri_flags=RECV_PEEK)`,
    "<== (ro_datalen=3,ro_flags=0,errno=ESUCCESS)",
    `==> ${WASI}.sock_accept(fd=4,flags=)`,
  ]);
});

test("a path that is longer than any is not told of in full, and a log that is none is refused", () => {
  const lines: string[] = [];
  const { memory } = new Runtime().hostModule("").memory("memory", { min: 16 }).instantiate();
  const guest = new Guest({ fs }, memory, { log: { write: (line) => void lines.push(line) } });
  memory!.subarray(0, 2 ** 20)!.fill(0x61);
  assert.notEqual(guest.call("path_create_directory", 3, 0, 2 ** 20), 0);
  assert.ok(lines[0]!.length < 66_000, `${lines[0]!.length}`);
  assert.throws(() => definitions({ log: (() => {}) as never }), /^TypeError: a log is an object with write$/);
});

test("an exit has no return", () => {
  const lines: string[] = [];
  assert.throws(() => guestWith(lines).call("proc_exit", 7));
  assert.deepEqual(lines, [`==> ${WASI}.proc_exit(rval=7)`]);
});

test("each function is of one scope", () => {
  const scopes = ["clock", "filesystem", "memory", "poll", "proc", "random", "sock"] as const;
  const counts = scopes.map((scope) => {
    const lines: string[] = [];
    const guest = guestWith(lines, [scope]);
    for (const [name, { params }] of definitions()) {
      try {
        guest.call(name, ...params.map((type) => (type === "i64" ? 0n : 0)));
      } catch {
        assert.equal(name, "proc_exit");
      }
    }
    return lines.filter((line) => line.startsWith("==>")).length;
  });
  assert.deepEqual(
    counts,
    [2, 29, 0, 1, 7, 1, 4].map((count, i) => (i === 1 ? counts[1] : count)),
  );
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    46,
  );
});
