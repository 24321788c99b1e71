import assert from "node:assert/strict";
import test from "node:test";
import { type Listener, Runtime, type System } from "zerowasm";
import { memoryFs } from "zerowasm/fs";
import { parse } from "zerowasm/text";
import { wasi } from "zerowasm/wasi";
import { END, errno, Guest } from "./guest.ts";
import { FakeConnection, FakeListener } from "./sockets.ts";

const LISTENER = 3;
const IOVS = 0;
const DATA = 1024;
const COUNT = 2048;
const FLAGS = 2060;
const NONBLOCK = 4;
const [PEEK, WAITALL] = [1, 2];

/** A guest with one listener at descriptor 3. */
class SocketGuest extends Guest {
  constructor(listener: Listener, system: System = {}) {
    super({ ...system, listeners: [listener] });
  }

  /** A guest that has accepted a connection, at descriptor 4. */
  static connected(connection: FakeConnection, flags = 0): SocketGuest {
    const guest = new SocketGuest(new FakeListener(connection));
    assert.equal(guest.call("sock_accept", LISTENER, flags, COUNT), errno.success);
    assert.equal(guest.u32(COUNT), 4);
    return guest;
  }

  recv(length: number, flags = 0, fd = 4): unknown {
    this.iovecs(IOVS, [DATA, length]);
    return this.call("sock_recv", fd, IOVS, 1, flags, COUNT, FLAGS);
  }

  send(bytes: readonly number[], fd = 4): unknown {
    this.memory!.write(DATA, Uint8Array.from(bytes));
    this.iovecs(IOVS, [DATA, bytes.length]);
    return this.call("sock_send", fd, IOVS, 1, 0, COUNT);
  }

  /** What the last read gave. */
  get bytes(): number[] {
    return [...this.memory!.subarray(DATA, this.u32(COUNT))!];
  }
}

test("what is open is no socket", () => {
  const guest = new Guest({ fs: memoryFs() });
  for (const [fd, number] of [
    [0, errno.notsock],
    [1, errno.notsock],
    [3, errno.notsock],
    [4, errno.badf],
    [-1, errno.badf],
  ] as const) {
    assert.equal(guest.call("sock_accept", fd, 0, 0), number);
    assert.equal(guest.call("sock_recv", fd, 0, 0, 0, 0, 0), number);
    assert.equal(guest.call("sock_send", fd, 0, 0, 0, 0), number);
    for (const how of [1, 2, 3]) assert.equal(guest.call("sock_shutdown", fd, how), number);
    for (const how of [0, 4, -1]) assert.equal(guest.call("sock_shutdown", fd, how), errno.inval);
  }
});

test("listeners come behind the mounts", () => {
  const guest = new SocketGuest(new FakeListener(new FakeConnection()), { fs: memoryFs() });
  assert.equal(guest.call("fd_prestat_get", 3, 0), errno.success);
  assert.equal(guest.call("fd_prestat_get", 4, 0), errno.badf);
  assert.equal(guest.call("sock_accept", 4, 0, COUNT), errno.success);
  assert.equal(guest.u32(COUNT), 5);
});

test("what is sent comes back by sock_recv and by fd_read", () => {
  const connection = new FakeConnection(1, 2, 3);
  const guest = SocketGuest.connected(connection);
  assert.equal(guest.recv(2), errno.success);
  assert.deepEqual(guest.bytes, [1, 2]);
  guest.iovecs(IOVS, [DATA, 0], [DATA, 1], [DATA + 1, 7]);
  assert.equal(guest.call("fd_read", 4, IOVS, 3, COUNT), errno.success);
  assert.deepEqual(guest.bytes, [3]);
  connection.send();
  assert.equal(guest.recv(8), errno.success);
  assert.deepEqual(guest.bytes, [], "the end");
  assert.equal(guest.u16(FLAGS), 0);
});

test("sock_send and fd_write reach the peer, as much as it takes", () => {
  const connection = new FakeConnection();
  const guest = SocketGuest.connected(connection);
  assert.equal(guest.send([1, 2, 3]), errno.success);
  connection.room = 1;
  guest.iovecs(IOVS, [DATA, 1], [DATA + 1, 2]);
  assert.equal(guest.call("fd_write", 4, IOVS, 2, COUNT), errno.success);
  assert.equal(guest.u32(COUNT), 1);
  assert.deepEqual(connection.sent, [1, 2, 3, 1]);
});

test("bytes that were looked at are there still", () => {
  const connection = new FakeConnection(1, 2, 3);
  const guest = SocketGuest.connected(connection);
  for (const [length, flags, bytes] of [
    [2, PEEK, [1, 2]],
    [1, PEEK, [1]],
    [8, PEEK, [1, 2]],
    [1, 0, [1]],
    [8, PEEK | WAITALL, [2, 3]],
    [8, 0, [2, 3]],
  ] as const) {
    if (flags & WAITALL) connection.send();
    assert.equal(guest.recv(length, flags), errno.success);
    assert.deepEqual(guest.bytes, bytes);
  }
});

test("a guest waits for all where it says so, or for the end", async () => {
  const connection = new FakeConnection(1);
  const guest = SocketGuest.connected(connection);
  const outcome = guest.recv(3, WAITALL);
  for (const byte of [2, 3, 4]) {
    await Promise.resolve();
    connection.send(byte);
    await new Promise(setImmediate);
  }
  assert.equal(await outcome, errno.success);
  assert.deepEqual(guest.bytes, [1, 2, 3]);
  connection.send();
  assert.equal(await guest.recv(3, WAITALL), errno.success);
  assert.deepEqual(guest.bytes, [4]);
});

test("a guest that has to wait is suspended", async () => {
  const listener = new FakeListener();
  const guest = new SocketGuest(listener);
  const accepted = guest.call("sock_accept", LISTENER, 0, COUNT);
  assert.ok(accepted instanceof Promise);
  const connection = new FakeConnection();
  listener.connect(connection);
  assert.equal(await accepted, errno.success);
  const received = guest.recv(8);
  assert.ok(received instanceof Promise);
  connection.send(7);
  assert.equal(await received, errno.success);
  assert.deepEqual(guest.bytes, [7]);
});

test("a guest that must not wait gets EAGAIN", () => {
  const listener = new FakeListener();
  const guest = new SocketGuest(listener);
  assert.equal(guest.call("fd_fdstat_set_flags", LISTENER, NONBLOCK), errno.success);
  assert.equal(guest.call("sock_accept", LISTENER, NONBLOCK, COUNT), errno.again);
  const connection = new FakeConnection(1);
  listener.connect(connection);
  assert.equal(guest.call("sock_accept", LISTENER, NONBLOCK, COUNT), errno.success);
  assert.equal(guest.recv(8, WAITALL), errno.success);
  assert.deepEqual(guest.bytes, [1]);
  assert.equal(guest.recv(8), errno.again);
  assert.equal(guest.call("fd_read", 4, IOVS, 1, COUNT), errno.again);
  connection.room = 0;
  assert.equal(guest.send([1]), errno.again);
  assert.equal(guest.call("fd_write", 4, IOVS, 1, COUNT), errno.again);
});

test("a listener may be given that does not wait from the start", () => {
  const guest = new SocketGuest({ nonblocking: true, accept: () => assert.fail("waits"), ready: () => false });
  assert.equal(guest.call("sock_accept", LISTENER, 0, COUNT), errno.again);
  assert.equal(guest.call("fd_fdstat_set_flags", LISTENER, 0), errno.success);
  assert.throws(() => guest.call("sock_accept", LISTENER, 0, COUNT), /waits/);
});

test("no connection is taken from the host where too much is open", () => {
  let taken = 0;
  const guest = new SocketGuest({ accept: () => new FakeConnection(++taken) });
  while (guest.call("sock_accept", LISTENER, 0, COUNT) === errno.success);
  assert.equal(taken, 65_536 - 4);
  assert.equal(guest.call("sock_accept", LISTENER, 0, COUNT), errno.mfile);
  assert.equal(taken, 65_536 - 4);
  assert.equal(guest.call("fd_close", 77), errno.success);
  assert.equal(guest.call("sock_accept", LISTENER, 0, COUNT), errno.success);
  assert.equal(guest.u32(COUNT), 77);
});

test("a connection that comes when too much is open is closed", async () => {
  const connections = [new FakeConnection(), new FakeConnection()];
  let left = 65_536 - 5;
  const accept = () => (left-- > 0 ? new FakeConnection() : Promise.resolve(connections.shift()!));
  const guest = new SocketGuest({ accept });
  while (left > 0) guest.call("sock_accept", LISTENER, 0, COUNT);
  const [last, late] = connections;
  const waiting = [0, 1].map(() => guest.call("sock_accept", LISTENER, 0, COUNT));
  assert.deepEqual(await Promise.all(waiting), [errno.success, errno.mfile]);
  assert.deepEqual([last!.closes, late!.closes], [0, 1]);
});

test("a direction that was shut down is at its end", () => {
  const connection = new FakeConnection(1, 2);
  const guest = SocketGuest.connected(connection);
  assert.equal(guest.recv(1, PEEK), errno.success);
  for (const how of [1, 3, 2]) assert.equal(guest.call("sock_shutdown", 4, how), errno.success);
  assert.deepEqual(connection.shutdowns, ["read", "write"], "each once");
  assert.equal(guest.recv(8), errno.success);
  assert.deepEqual(guest.bytes, [1], "what was looked at before");
  assert.equal(guest.recv(8), errno.success);
  assert.deepEqual(guest.bytes, []);
  assert.equal(guest.send([1]), errno.pipe);
  assert.equal(guest.call("fd_write", 4, IOVS, 1, COUNT), errno.pipe);
});

test("a connection is closed with its descriptor, or with the guest; the listener is the host's", () => {
  const [first, second] = [new FakeConnection(), new FakeConnection()];
  const guest = new SocketGuest(new FakeListener(first, second));
  for (const fd of [4, 5]) {
    assert.equal(guest.call("sock_accept", LISTENER, 0, COUNT), errno.success);
    assert.equal(guest.u32(COUNT), fd);
  }
  assert.equal(guest.call("fd_close", 4), errno.success);
  assert.deepEqual([first.closes, second.closes], [1, 0]);
  assert.equal(guest.call("fd_close", LISTENER), errno.success);
  assert.throws(() => guest.call("proc_exit", 0));
  assert.deepEqual([first.closes, second.closes], [1, 1]);
});

test("what a socket is", () => {
  const guest = SocketGuest.connected(new FakeConnection(), NONBLOCK);
  for (const [fd, flags, right] of [
    [LISTENER, 0, 0x2000_0000n],
    [4, NONBLOCK, 0x1000_0042n],
  ] as const) {
    assert.equal(guest.call("fd_fdstat_get", fd, DATA), errno.success);
    assert.equal(guest.u8(DATA), 6, "a socket of streams");
    assert.equal(guest.u16(DATA + 2), flags);
    assert.equal(guest.u64(DATA + 8) & 0x3000_0042n, right);
    assert.equal(guest.call("fd_filestat_get", fd, DATA), errno.success);
    assert.equal(guest.u8(DATA + 16), 6);
    guest.iovecs(IOVS, [DATA, 1]);
    assert.equal(guest.call("fd_seek", fd, 0n, 0, COUNT), errno.spipe);
    assert.equal(guest.call("fd_tell", fd, COUNT), errno.spipe);
    assert.equal(guest.call("fd_pread", fd, IOVS, 1, 0n, COUNT), errno.spipe);
    assert.equal(guest.call("fd_pwrite", fd, IOVS, 1, 0n, COUNT), errno.spipe);
    assert.equal(guest.call("fd_readdir", fd, 0, 0, 0n, COUNT), errno.notdir);
    assert.equal(guest.call("fd_sync", fd), errno.badf);
  }
  guest.iovecs(IOVS, [DATA, 1]);
  for (const name of ["fd_read", "fd_write"]) {
    assert.equal(guest.call(name, LISTENER, IOVS, 1, COUNT), errno.notconn);
  }
});

test("wrong arguments", () => {
  const guest = SocketGuest.connected(new FakeConnection(1));
  assert.equal(guest.call("sock_accept", 4, 0, COUNT), errno.inval, "does not listen");
  for (const flags of [1, 8, -1]) assert.equal(guest.call("sock_accept", LISTENER, flags, COUNT), errno.inval);
  assert.equal(guest.call("sock_accept", LISTENER, 0, END - 3), errno.fault);
  assert.equal(guest.recv(1, 0, LISTENER), errno.notconn);
  assert.equal(guest.send([1], LISTENER), errno.notconn);
  assert.equal(guest.call("sock_shutdown", LISTENER, 3), errno.notconn);
  for (const flags of [4, -1]) assert.equal(guest.recv(1, flags), errno.notsup);
  guest.iovecs(IOVS, [DATA, 1]);
  assert.equal(guest.call("sock_send", 4, IOVS, 1, 1, COUNT), errno.notsup);
  assert.equal(guest.call("sock_recv", 4, IOVS, 1, 0, COUNT, END - 1), errno.fault);
  assert.equal(guest.call("sock_recv", 4, IOVS, 1, 0, END - 3, FLAGS), errno.fault);
  assert.equal(guest.call("sock_recv", 4, END - 7, 1, 0, COUNT, FLAGS), errno.fault);
  assert.equal(guest.call("sock_send", 4, IOVS, 1, 0, END - 3), errno.fault);
  guest.iovecs(IOVS, [0, END], ...new Array(3).fill([0, END]));
  assert.equal(guest.recv(0), errno.success);
  assert.equal(guest.recv(1), errno.success);
  assert.deepEqual(guest.bytes, [1], "nothing was taken by what failed");
});

test("what a host's socket gets wrong is its errno, or EIO", async () => {
  const failure = Object.assign(new Error("gone"), { code: "ECONNRESET" });
  const connection = new FakeConnection();
  const guest = SocketGuest.connected(connection);
  connection.read = () => Promise.reject(failure);
  assert.equal(await guest.recv(1), errno.connreset);
  connection.read = () => 2;
  assert.equal(guest.recv(1), errno.io);
  connection.write = () => -1;
  assert.equal(guest.send([1]), errno.io);
  const broken = new SocketGuest({ accept: () => Promise.reject(failure) });
  assert.equal(await broken.call("sock_accept", LISTENER, 0, COUNT), errno.connreset);
});

for (const engine of ["compiler", "interpreter"] as const) {
  test(`guests wait for connections, each for its own, on the ${engine}`, async () => {
    const runtime = new Runtime({ engine });
    wasi.instantiate(runtime);
    // Accepts, sends back what comes first, and exits.
    const program = runtime.compile(
      parse(`(module
        (import "wasi_snapshot_preview1" "sock_accept" (func $accept (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\10\\00\\00\\00\\08\\00\\00\\00")
        (func (export "_start") (local $fd i32)
          (if (call $accept (i32.const 3) (i32.const 0) (i32.const 8)) (then unreachable))
          (local.set $fd (i32.load (i32.const 8)))
          (if (call $read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 4)) (then unreachable))
          (if (call $write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))))`),
    );
    const listener = new FakeListener();
    const listeners = [
      { accept: () => listener.accept() },
      { accept: () => new Promise<FakeConnection>((resolve) => setImmediate(() => resolve(late))) },
    ];
    const late = new FakeConnection(5);
    const running = listeners.map((one) => runtime.instantiateAsync(program, { listeners: [one] }));
    const early = new FakeConnection();
    listener.connect(early);
    await new Promise(setImmediate);
    early.send(9);
    for (const module of await Promise.all(running)) module.close();
    assert.deepEqual([early.sent[0], early.closes], [9, 1]);
    assert.deepEqual([late.sent[0], late.closes], [5, 1]);
  });
}
