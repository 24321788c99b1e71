// Takes what WASI defines, holds it to the signatures of the specification (witx: wasi_snapshot_preview1).
import assert from "node:assert/strict";
import test from "node:test";
import { LinkError, Runtime } from "zerowasm";
import { wasi } from "zerowasm/wasi";
import { functions, errno as numbers } from "#dist/wasi/abi.js";
import { definitions, END, errno, Guest } from "./guest.ts";

/** Parameters by letter: i is i32, I is i64. */
const signatures: Readonly<Record<string, string>> = {
  args_get: "ii",
  args_sizes_get: "ii",
  environ_get: "ii",
  environ_sizes_get: "ii",
  clock_res_get: "ii",
  clock_time_get: "iIi",
  fd_advise: "iIIi",
  fd_allocate: "iII",
  fd_close: "i",
  fd_datasync: "i",
  fd_fdstat_get: "ii",
  fd_fdstat_set_flags: "ii",
  fd_fdstat_set_rights: "iII",
  fd_filestat_get: "ii",
  fd_filestat_set_size: "iI",
  fd_filestat_set_times: "iIIi",
  fd_pread: "iiiIi",
  fd_prestat_get: "ii",
  fd_prestat_dir_name: "iii",
  fd_pwrite: "iiiIi",
  fd_read: "iiii",
  fd_readdir: "iiiIi",
  fd_renumber: "ii",
  fd_seek: "iIii",
  fd_sync: "i",
  fd_tell: "ii",
  fd_write: "iiii",
  path_create_directory: "iii",
  path_filestat_get: "iiiii",
  path_filestat_set_times: "iiiiIIi",
  path_link: "iiiiiii",
  path_open: "iiiiiIIii",
  path_readlink: "iiiiii",
  path_remove_directory: "iii",
  path_rename: "iiiiii",
  path_symlink: "iiiii",
  path_unlink_file: "iii",
  poll_oneoff: "iiii",
  proc_exit: "i",
  proc_raise: "i",
  sched_yield: "",
  random_get: "ii",
  sock_accept: "iii",
  sock_recv: "iiiiii",
  sock_send: "iiiii",
  sock_shutdown: "ii",
};

test("each of the 46 functions has the specification's signature", () => {
  const found = [...definitions()].map(([name, { params }]) => {
    return [name, params.map((type) => (type === "i64" ? "I" : "i")).join("")];
  });
  assert.equal(found.length, 46);
  assert.deepEqual(Object.fromEntries(found), signatures);
  for (const [name, { results }] of definitions()) assert.deepEqual(results, name === "proc_exit" ? [] : ["i32"], name);
});

test("parameters have names of their own", () => {
  for (const [name, parameters] of Object.entries(functions)) {
    const names = parameters.map(([parameter]) => parameter);
    assert.equal(new Set(names).size, names.length, name);
  }
});

test("errnos are numbered without a gap", () => {
  assert.deepEqual(Object.values(numbers), [...Array(77).keys()]);
  assert.equal(numbers.notcapable, 76);
});

test("the module is instantiated once a runtime", () => {
  const runtime = new Runtime();
  const module = wasi.instantiate(runtime);
  assert.equal(module.name, "wasi_snapshot_preview1");
  assert.equal(module.exportNames.length, 46);
  assert.equal(runtime.module(wasi.moduleName), module);
  assert.throws(() => wasi.instantiate(runtime), LinkError);
});

// A pointer, count or length of any size gives an errno: 0xffffffff stands for the worst in each place.
test("no argument makes a raw error", async () => {
  const odd = [0, 1, 2, 3, 8, END - 1, END, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];
  for (const [name, { params }] of definitions()) {
    if (name === "proc_exit") continue;
    for (const guest of [new Guest({ args: ["a"], env: { b: "c" }, stdin: "x" }), Guest.withoutMemory()]) {
      for (let i = 0; i < 400; i++) {
        // A fixed walk through combinations of places and values.
        const args = params.map((type, at) => {
          const value = odd[(i * (at + 1) + at * 7 + (i >> 3)) % odd.length]!;
          return type === "i64" ? BigInt(value) << 32n : value;
        });
        if (name === "random_get" && guest.memory !== undefined && args[1]! > END) args[1] = END;
        const outcome = await guest.call(name, ...args);
        assert.ok(Object.values(numbers).includes(outcome as never), `${name}(${args}) gives ${outcome}`);
      }
    }
  }
});

test("a caller without a memory has bad pointers only", () => {
  const guest = Guest.withoutMemory();
  assert.equal(guest.call("args_sizes_get", 0, 0), errno.fault);
  assert.equal(guest.call("clock_time_get", 0, 0n, 0), errno.fault);
  assert.equal(guest.call("random_get", 0, 0), errno.fault);
  assert.equal(guest.call("fd_write", 1, 0, 0, 0), errno.fault);
  assert.equal(guest.call("fd_fdstat_get", 1, 0), errno.fault);
  assert.equal(guest.call("poll_oneoff", 0, 0, 1, 0), errno.fault);
});
