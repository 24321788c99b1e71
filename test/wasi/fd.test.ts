import assert from "node:assert/strict";
import test from "node:test";
import { runInNewContext } from "node:vm";
import type { System } from "zerowasm";
import { END, errno, Guest } from "./guest.ts";

const nobody = 17;

test("descriptors that are not open are EBADF", () => {
  const guest = new Guest();
  const calls: [string, ...(number | bigint)[]][] = [
    ["fd_advise", nobody, 0n, 0n, 0],
    ["fd_allocate", nobody, 0n, 0n],
    ["fd_close", nobody],
    ["fd_datasync", nobody],
    ["fd_fdstat_get", nobody, 0],
    ["fd_fdstat_set_flags", nobody, 0],
    ["fd_fdstat_set_rights", nobody, 0n, 0n],
    ["fd_filestat_get", nobody, 0],
    ["fd_filestat_set_size", nobody, 0n],
    ["fd_filestat_set_times", nobody, 0n, 0n, 0],
    ["fd_pread", nobody, 0, 0, 0n, 0],
    ["fd_prestat_get", nobody, 0],
    ["fd_prestat_dir_name", nobody, 0, 0],
    ["fd_pwrite", nobody, 0, 0, 0n, 0],
    ["fd_read", nobody, 0, 0, 0],
    ["fd_readdir", nobody, 0, 0, 0n, 0],
    ["fd_renumber", nobody, 1],
    ["fd_renumber", 1, nobody],
    ["fd_seek", nobody, 0n, 0, 0],
    ["fd_sync", nobody],
    ["fd_tell", nobody, 0],
    ["fd_write", nobody, 0, 0, 0],
  ];
  for (const [name, ...args] of calls) assert.equal(guest.call(name, ...args), errno.badf, name);
});

test("what needs a file or a directory is refused on a standard stream", () => {
  const guest = new Guest();
  for (const fd of [0, 1, 2]) {
    assert.equal(guest.call("fd_advise", fd, 0n, 0n, 0), errno.badf);
    assert.equal(guest.call("fd_allocate", fd, 0n, 0n), errno.badf);
    assert.equal(guest.call("fd_datasync", fd), errno.badf);
    assert.equal(guest.call("fd_sync", fd), errno.badf);
    assert.equal(guest.call("fd_filestat_set_size", fd, 0n), errno.badf);
    assert.equal(guest.call("fd_filestat_set_times", fd, 0n, 0n, 0), errno.badf);
    assert.equal(guest.call("fd_fdstat_set_rights", fd, 0n, 0n), errno.notsup);
    assert.equal(guest.call("fd_prestat_get", fd, 0), errno.badf);
    assert.equal(guest.call("fd_prestat_dir_name", fd, 0, 0), errno.notdir);
    assert.equal(guest.call("fd_readdir", fd, 0, 0, 0n, 0), errno.notdir);
    assert.equal(guest.call("fd_seek", fd, 0n, 0, 0), errno.spipe);
    assert.equal(guest.call("fd_tell", fd, 0), errno.spipe);
    assert.equal(guest.call("fd_pread", fd, 0, 0, 0n, 0), fd === 0 ? errno.spipe : errno.badf);
    assert.equal(guest.call("fd_pwrite", fd, 0, 0, 0n, 0), fd === 0 ? errno.badf : errno.spipe);
  }
});

test("arguments that mean nothing are EINVAL", () => {
  const guest = new Guest();
  assert.equal(guest.call("fd_advise", 1, 0n, 0n, 6), errno.inval);
  assert.equal(guest.call("fd_seek", 1, 0n, 3, 0), errno.inval);
  assert.equal(guest.call("fd_filestat_set_times", 1, 0n, 0n, 3), errno.inval);
  assert.equal(guest.call("fd_filestat_set_times", 1, 0n, 0n, 12), errno.inval);
  assert.equal(guest.call("fd_filestat_set_times", 1, 0n, 0n, 16), errno.inval);
  for (const flags of [2, 8, 16, 32, -1]) assert.equal(guest.call("fd_fdstat_set_flags", 1, flags), errno.inval);
});

test("fd_fdstat_get tells terminals from other streams, and what may be done", () => {
  const terminal = { write: () => {}, isTerminal: true };
  const guest = new Guest({ stdout: terminal });
  const rights = { read: 1n << 1n, write: 1n << 6n };
  for (const [fd, filetype, right] of [
    [0, 0, rights.read],
    [1, 2, rights.write],
    [2, 0, rights.write],
  ] as const) {
    guest.memory!.subarray(0, 40)!.fill(0xff);
    assert.equal(guest.call("fd_fdstat_get", fd, 8), errno.success);
    assert.equal(guest.u8(8), filetype);
    assert.equal(guest.u16(10), 0);
    assert.equal(guest.u64(16) & (rights.read | rights.write), right);
    assert.equal(guest.u64(16), guest.u64(24));
    assert.deepEqual([guest.u8(7), guest.u8(9), guest.u8(32)], [0xff, 0, 0xff]);
  }
  assert.equal(guest.call("fd_fdstat_get", 0, END - 23), errno.fault);
});

test("fd_fdstat_set_flags is what fd_fdstat_get tells", () => {
  const guest = new Guest();
  assert.equal(guest.call("fd_fdstat_set_flags", 0, 5), errno.success);
  assert.equal(guest.call("fd_fdstat_get", 0, 8), errno.success);
  assert.equal(guest.u16(10), 5);
});

test("fd_filestat_get tells the file type only", () => {
  const guest = new Guest({ stdin: { read: () => 0, isTerminal: true } });
  guest.memory!.subarray(0, 80)!.fill(0xff);
  assert.equal(guest.call("fd_filestat_get", 0, 8), errno.success);
  const expected = Buffer.alloc(64);
  expected[16] = 2;
  assert.deepEqual(Buffer.from(guest.memory!.read(8, 64)!), expected);
  assert.equal(guest.call("fd_filestat_get", 0, END - 63), errno.fault);
});

test("fd_close and fd_renumber", () => {
  const written: string[] = [];
  const guest = new Guest({ stdout: (bytes) => void written.push(Buffer.from(bytes).toString()) });
  guest.memory!.writeString(100, "hi");
  guest.iovecs(8, [100, 2]);
  assert.equal(guest.call("fd_renumber", 1, 1), errno.success, "onto itself");
  assert.equal(guest.call("fd_renumber", 1, 2), errno.success);
  assert.equal(guest.call("fd_write", 1, 8, 1, 0), errno.badf, "moved away");
  assert.equal(guest.call("fd_write", 2, 8, 1, 0), errno.success);
  assert.deepEqual(written, ["hi"]);
  assert.equal(guest.call("fd_close", 2), errno.success);
  assert.equal(guest.call("fd_close", 2), errno.badf);
  assert.equal(guest.call("fd_write", 2, 8, 1, 0), errno.badf);
});

function collecting(): { readonly system: System; readonly chunks: string[] } {
  const chunks: string[] = [];
  return { chunks, system: { stdout: (bytes) => void chunks.push(Buffer.from(bytes).toString()) } };
}

test("fd_write hands all buffers over at once", () => {
  const { system, chunks } = collecting();
  const guest = new Guest(system);
  guest.memory!.writeString(100, "hello, world");
  guest.iovecs(8, [100, 5], [0, 0], [105, 2], [107, 5]);
  assert.equal(guest.call("fd_write", 1, 8, 4, 64), errno.success);
  assert.equal(guest.u32(64), 12);
  assert.deepEqual(chunks, ["hello, world"]);
});

test("fd_write of nothing succeeds and writes nothing", () => {
  const { system, chunks } = collecting();
  const guest = new Guest(system);
  guest.iovecs(8, [100, 0], [END, 0]);
  for (const count of [0, 1, 2]) {
    guest.memory!.writeUint32(64, 99);
    assert.equal(guest.call("fd_write", 1, 8, count, 64), errno.success);
    assert.equal(guest.u32(64), 0);
  }
  assert.deepEqual(chunks, []);
});

test("what a function gives is no count of bytes, but a promise is waited for", async () => {
  const shown: string[] = [];
  const guest = new Guest({ stdout: (bytes) => shown.push(String.fromCharCode(...bytes)) });
  guest.memory!.writeString(1024, "abc");
  guest.iovecs(0, [1024, 3]);
  for (let i = 0; i < 2; i++) {
    assert.equal(guest.call("fd_write", 1, 0, 1, 64), errno.success);
    assert.equal(guest.u32(64), 3);
  }
  assert.deepEqual(shown, ["abc", "abc"]);
  const later = new Guest({ stdout: async () => 1 as never });
  later.iovecs(0, [1024, 3]);
  const outcome = later.call("fd_write", 1, 0, 1, 64);
  assert.ok(outcome instanceof Promise);
  assert.equal(await outcome, errno.success);
  assert.equal(later.u32(64), 3);
});

test("bytes handed to a function are the host's to keep", () => {
  const kept: Uint8Array[] = [];
  const guest = new Guest({ stderr: (bytes) => void kept.push(bytes) });
  guest.iovecs(8, [100, 1]);
  for (const letter of [65, 66]) {
    guest.memory!.writeUint8(100, letter);
    assert.equal(guest.call("fd_write", 2, 8, 1, 64), errno.success);
  }
  assert.deepEqual(kept, [Uint8Array.of(65), Uint8Array.of(66)]);
});

test("fd_write gives the count that the stream took", async () => {
  const counts = [3, 0, 6, -1, 1.5, Number.NaN, Promise.resolve(2), Promise.resolve(undefined), Promise.resolve(9)];
  const guest = new Guest({ stdout: { write: () => counts.shift() } });
  guest.iovecs(8, [100, 5]);
  const expected = [3, 0, "io", "io", "io", "io", 2, 5, "io"] as const;
  for (const count of expected) {
    const outcome = await guest.call("fd_write", 1, 8, 1, 64);
    assert.equal(outcome, count === "io" ? errno.io : errno.success);
    if (count !== "io") assert.equal(guest.u32(64), count);
  }
});

test("fd_write and fd_read refuse bad pointers and lengths before anything happens", () => {
  let calls = 0;
  const guest = new Guest({
    stdin: { read: () => calls++ },
    stdout: {
      write: () => {
        calls++;
      },
    },
  });
  for (const [name, fd] of [
    ["fd_read", 0],
    ["fd_write", 1],
  ] as const) {
    guest.iovecs(8, [100, 5]);
    assert.equal(guest.call(name, fd, 8, 1, END - 3), errno.fault, "result");
    assert.equal(guest.call(name, fd, END - 7, 1, 64), errno.fault, "list");
    assert.equal(guest.call(name, fd, 8, 0x2000_0000, 64), errno.fault, "a list longer than the memory");
    assert.equal(guest.call(name, fd, 8, -1, 64), errno.fault);
    guest.iovecs(8, [100, 5], [END - 4, 5]);
    assert.equal(guest.call(name, fd, 8, 2, 64), errno.fault, "second buffer");
    guest.iovecs(8, [0xffff_ffff, 0xffff_ffff]);
    assert.equal(guest.call(name, fd, 8, 1, 64), errno.fault);
  }
  assert.equal(calls, 0);
});

test("lengths that add up to more than a signed size are EINVAL", () => {
  const memory = new Guest().memory!;
  // A memory that says it is large: no page of it is touched.
  const huge = Object.assign(Object.create(memory), {
    subarray: () => new Uint8Array(0),
    readUint32: (address: number) => (address % 8 === 0 ? 0 : 0x6000_0000),
  });
  const guest = new Guest({}, huge);
  assert.equal(guest.call("fd_write", 1, 8, 2, 64), errno.inval);
  assert.equal(guest.call("fd_read", 0, 8, 2, 64), errno.inval);
});

test("a stream open the other way is EBADF", () => {
  const guest = new Guest();
  guest.iovecs(8, [100, 5]);
  assert.equal(guest.call("fd_read", 1, 8, 1, 64), errno.badf);
  assert.equal(guest.call("fd_write", 0, 8, 1, 64), errno.badf);
});

for (const [kind, stdin] of [
  ["text", "dög 犬"],
  ["bytes", new TextEncoder().encode("dög 犬")],
  ["a view", new DataView(new TextEncoder().encode("dög 犬").slice().buffer) as unknown as Uint8Array],
] as const) {
  test(`fd_read of ${kind} gives it all, then the end`, () => {
    const guest = new Guest({ stdin });
    guest.iovecs(8, [100, 5], [200, 100]);
    assert.equal(guest.call("fd_read", 0, 8, 1, 64), errno.success);
    assert.equal(guest.u32(64), 5);
    assert.equal(guest.text(100, 5), "dög ");
    assert.equal(guest.call("fd_read", 0, 8, 2, 64), errno.success);
    assert.equal(guest.u32(64), 3);
    assert.equal(guest.text(100, 3), "犬");
    assert.equal(guest.call("fd_read", 0, 8, 2, 64), errno.success);
    assert.equal(guest.u32(64), 0);
  });
}

test("fd_read fills several buffers in order", () => {
  const guest = new Guest({ stdin: "abcdefgh" });
  guest.iovecs(8, [100, 3], [200, 0], [300, 2], [400, 10]);
  assert.equal(guest.call("fd_read", 0, 8, 4, 64), errno.success);
  assert.equal(guest.u32(64), 8);
  assert.deepEqual([guest.text(100, 4), guest.text(300, 3), guest.text(400, 4)], ["abc\0", "de\0", "fgh\0"]);
});

test("stdin is empty and output is discarded by default", () => {
  const guest = new Guest();
  guest.iovecs(8, [100, 5]);
  assert.equal(guest.call("fd_read", 0, 8, 1, 64), errno.success);
  assert.equal(guest.u32(64), 0);
  for (const fd of [1, 2]) {
    assert.equal(guest.call("fd_write", fd, 8, 1, 64), errno.success);
    assert.equal(guest.u32(64), 5);
  }
});

test("a read that settles later finds its memory, grown or not", async () => {
  for (const buffers of [
    [[100, 3]],
    [
      [100, 1],
      [200, 2],
    ],
  ] as const) {
    let arrive = (): void => {};
    const guest = new Guest({
      stdin: {
        read: (buffer) =>
          new Promise((resolve) => {
            arrive = () => {
              buffer.set([65, 66, 67]);
              resolve(3);
            };
          }),
      },
    });
    guest.iovecs(8, ...buffers);
    const outcome = guest.call("fd_read", 0, 8, buffers.length, 64);
    assert.equal(guest.memory!.grow(2), 1);
    arrive();
    assert.equal(await outcome, errno.success);
    assert.equal(guest.u32(64), 3);
    const texts = buffers.map(([address, length]) => guest.text(address, length));
    assert.equal(texts.join(""), "ABC");
  }
});

test("system errors become errnos, other errors are the host's", async () => {
  const error = (code: string): Error => Object.assign(new Error(code), { code });
  const guest = (failure: unknown): Guest => {
    const fail = (): never => {
      throw failure;
    };
    const made = new Guest({ stdin: { read: () => Promise.reject(failure) }, stdout: { write: fail } });
    made.iovecs(8, [100, 5]);
    return made;
  };
  for (const [code, number] of [
    ["EPIPE", errno.pipe],
    ["EIO", errno.io],
    ["EAGAIN", errno.again],
    ["EWOULDBLOCK", errno.again],
    ["EBADF", errno.badf],
  ] as const) {
    // Where the package is loaded into a context of `vm`, as Jest does, Node's errors are of another realm.
    for (const failure of [error(code), runInNewContext("Object.assign(new Error(), { code })", { code })]) {
      assert.equal(guest(failure).call("fd_write", 1, 8, 1, 64), number);
      assert.equal(await guest(failure).call("fd_read", 0, 8, 1, 64), number);
    }
  }
  for (const failure of [new Error("mine"), error("ENOSUCHNAME"), error("constructor"), "text", undefined]) {
    assert.throws(
      () => guest(failure).call("fd_write", 1, 8, 1, 64),
      (thrown) => thrown === failure,
    );
    await assert.rejects(
      async () => guest(failure).call("fd_read", 0, 8, 1, 64),
      (thrown) => thrown === failure,
    );
  }
});

test("a read that would wait is EAGAIN where the guest asked for that", () => {
  const answers = [false, Promise.resolve(true), Promise.reject(new Error()), true];
  const guest = new Guest({ stdin: { read: () => 1, ready: () => answers.shift()! } });
  guest.iovecs(8, [100, 5]);
  assert.equal(guest.call("fd_fdstat_set_flags", 0, 4), errno.success);
  for (let i = 0; i < 3; i++) assert.equal(guest.call("fd_read", 0, 8, 1, 64), errno.again);
  assert.equal(guest.call("fd_read", 0, 8, 1, 64), errno.success);
  const ready = (): boolean => {
    throw Object.assign(new Error(), { code: "EIO" });
  };
  const failing = new Guest({ stdin: { read: () => 1, ready } });
  failing.iovecs(8, [100, 5]);
  assert.equal(failing.call("fd_fdstat_set_flags", 0, 4), errno.success);
  assert.equal(failing.call("fd_read", 0, 8, 1, 64), errno.io);
});

test("each module has a process of its own", () => {
  const guests = [new Guest({ stdin: "a" }), new Guest({ stdin: "b" })];
  for (const guest of guests) guest.iovecs(8, [100, 5]);
  guests[0]!.call("fd_close", 0);
  assert.equal(guests[1]!.call("fd_read", 0, 8, 1, 64), errno.success);
  assert.equal(guests[1]!.text(100, 1), "b");
});
