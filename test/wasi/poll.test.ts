import assert from "node:assert/strict";
import test, { mock } from "node:test";
import type { Clock, InputStream, System } from "zerowasm";
import { END, errno, Guest } from "./guest.ts";
import { FakeConnection, FakeListener } from "./sockets.ts";

const IN = 0;
const OUT = 4096;
const COUNT = 8192;
const kinds = { clock: 0, read: 1, write: 2 } as const;

type Subscription =
  | { readonly kind: "clock"; readonly timeout: bigint; readonly id?: number; readonly flags?: number }
  | { readonly kind: "read" | "write"; readonly fd: number };

/** An event: kind, userdata, errno and bytes. */
type Event = readonly [kind: number, userdata: bigint, error: number, bytes: bigint];

/** Writes subscriptions with userdata 100, 101, … */
function subscribe(guest: Guest, subscriptions: readonly Subscription[]): void {
  const memory = guest.memory!;
  for (const [i, one] of subscriptions.entries()) {
    const at = IN + 48 * i;
    memory.writeUint64(at, 100n + BigInt(i));
    memory.writeUint8(at + 8, kinds[one.kind]);
    if (one.kind === "clock") {
      memory.writeUint32(at + 16, one.id ?? 1);
      memory.writeUint64(at + 24, one.timeout);
      memory.writeUint16(at + 40, one.flags ?? 0);
    } else memory.writeUint32(at + 16, one.fd);
  }
  memory.subarray(OUT, 32 * subscriptions.length)!.fill(0xff);
}

function events(guest: Guest): Event[] {
  return Array.from({ length: guest.u32(COUNT) }, (_, i) => {
    const at = OUT + 32 * i;
    assert.equal(guest.u16(at + 24), 0, "flags");
    return [guest.u8(at + 10), guest.u64(at), guest.u16(at + 8), guest.u64(at + 16)];
  });
}

function pollNow(system: System, ...subscriptions: Subscription[]): Event[] {
  const guest = new Guest(system);
  subscribe(guest, subscriptions);
  assert.equal(guest.call("poll_oneoff", IN, OUT, subscriptions.length, COUNT), errno.success);
  return events(guest);
}

async function pollLater(system: System, ...subscriptions: Subscription[]): Promise<Event[]> {
  const guest = new Guest(system);
  subscribe(guest, subscriptions);
  const outcome = guest.call("poll_oneoff", IN, OUT, subscriptions.length, COUNT);
  assert.ok(outcome instanceof Promise, "suspends");
  assert.equal(await outcome, errno.success);
  return events(guest);
}

const clockEvent = (userdata: bigint): Event => [kinds.clock, userdata, errno.success, 0n];

test("a clock waits as long as it says", () => {
  const slept: bigint[] = [];
  const nanosleep = (time: bigint): void => void slept.push(time);
  assert.deepEqual(pollNow({ nanosleep }, { kind: "clock", timeout: 5n }), [clockEvent(100n)]);
  assert.deepEqual(pollNow({ nanosleep }, { kind: "clock", id: 0, timeout: 2n ** 64n - 1n }), [clockEvent(100n)]);
  assert.deepEqual(slept, [5n, 2n ** 64n - 1n]);
});

test("a sleep lasts no longer than the guest's call", () => {
  const slept: bigint[] = [];
  let left = 40.5;
  const guest = new Guest({
    nanosleep: (time) => {
      slept.push(time);
      left -= Number(time) / 2e6; // a timer may be early
    },
  });
  guest.limit(() => left);
  subscribe(guest, [{ kind: "clock", timeout: 3_600_000_000_000n }]);
  assert.equal(guest.call("poll_oneoff", IN, OUT, 1, COUNT), errno.intr);
  assert.deepEqual(
    slept.map((time) => time / 1_000_000n),
    [41n, 20n, 10n, 5n, 3n, 1n, 1n],
  );
});

test("a sleep that takes no time is as long as it says, whatever the guest's call has left", () => {
  let slept = 0n;
  const guest = new Guest({ nanosleep: (time) => void (slept += time) });
  guest.limit(() => 50);
  subscribe(guest, [{ kind: "clock", timeout: 123_456_789n }]);
  assert.equal(guest.call("poll_oneoff", IN, OUT, 1, COUNT), errno.success);
  assert.equal(slept, 123_456_789n);
  assert.deepEqual(events(guest), [clockEvent(100n)]);
});

test("a sleep by a promise ends with the guest's call, too", async () => {
  const slept: bigint[] = [];
  const guest = new Guest({
    nanosleep: (time) => {
      slept.push(time);
      return Promise.resolve();
    },
  });
  guest.limit(() => 50);
  subscribe(guest, [{ kind: "clock", timeout: 123_456_789n }]);
  assert.equal(await guest.call("poll_oneoff", IN, OUT, 1, COUNT), errno.intr);
  subscribe(guest, [{ kind: "clock", timeout: 50_000_000n }]);
  assert.equal(await guest.call("poll_oneoff", IN, OUT, 1, COUNT), errno.success);
  assert.deepEqual(slept, [50_000_000n, 50_000_000n]);
});

test("the shortest of several clocks decides", () => {
  const slept: bigint[] = [];
  const found = pollNow(
    { nanosleep: (time) => void slept.push(time) },
    { kind: "clock", timeout: 9n },
    { kind: "clock", timeout: 5n },
    { kind: "clock", timeout: 5n },
  );
  assert.deepEqual(found, [clockEvent(101n), clockEvent(102n)]);
  assert.deepEqual(slept, [5n]);
});

test("an absolute time is waited for, or long past", () => {
  const clock: Clock = { wallTime: () => 1000n, monotonicTime: () => 50n };
  const slept: bigint[] = [];
  const system: System = { clock, nanosleep: (time) => void slept.push(time) };
  assert.deepEqual(pollNow(system, { kind: "clock", id: 0, flags: 1, timeout: 1007n }), [clockEvent(100n)]);
  assert.deepEqual(pollNow(system, { kind: "clock", id: 1, flags: 1, timeout: 53n }), [clockEvent(100n)]);
  assert.deepEqual(pollNow(system, { kind: "clock", id: 1, flags: 1, timeout: 7n }), [clockEvent(100n)]);
  assert.deepEqual(slept, [7n, 3n]);
});

test("by default a sleep takes no time and the clock tells that it did", () => {
  const guest = new Guest();
  subscribe(guest, [{ kind: "clock", timeout: 10n ** 15n }]);
  assert.equal(guest.call("poll_oneoff", IN, OUT, 1, COUNT), errno.success);
  assert.equal(guest.call("clock_time_get", 1, 0n, 9000), errno.success);
  assert.ok(guest.u64(9000) >= 10n ** 15n);
});

test("standard streams are ready at once", () => {
  const never = (): never => assert.fail("slept");
  assert.deepEqual(
    pollNow(
      { nanosleep: never },
      { kind: "clock", timeout: 5n },
      { kind: "read", fd: 0 },
      { kind: "write", fd: 1 },
      { kind: "write", fd: 2 },
    ),
    [
      [kinds.read, 101n, errno.success, 1n],
      [kinds.write, 102n, errno.success, 1n],
      [kinds.write, 103n, errno.success, 1n],
    ],
  );
});

test("a wrong descriptor is told of in its event", () => {
  assert.deepEqual(
    pollNow(
      {},
      { kind: "read", fd: 1 },
      { kind: "write", fd: 0 },
      { kind: "read", fd: 9 },
      { kind: "clock", timeout: 1n },
    ),
    [
      [kinds.read, 100n, errno.badf, 0n],
      [kinds.write, 101n, errno.badf, 0n],
      [kinds.read, 102n, errno.badf, 0n],
    ],
  );
});

const input = (ready: NonNullable<InputStream["ready"]>): InputStream => ({ read: () => 0, ready });

test("an input that is not ready leaves the clock", () => {
  const slept: bigint[] = [];
  const system: System = { stdin: input(() => false), nanosleep: (time) => void slept.push(time) };
  assert.deepEqual(pollNow(system, { kind: "read", fd: 0 }, { kind: "clock", timeout: 5n }), [clockEvent(101n)]);
  assert.deepEqual(slept, [5n]);
});

test("without a clock an input that cannot tell is ready: the read waits", () => {
  const system: System = { stdin: input(() => false) };
  assert.deepEqual(pollNow(system, { kind: "read", fd: 0 }), [[kinds.read, 100n, errno.success, 1n]]);
});

test("an input that will be ready suspends the guest", async () => {
  const system: System = { stdin: input(() => Promise.resolve(true)) };
  assert.deepEqual(await pollLater(system, { kind: "read", fd: 0 }), [[kinds.read, 100n, errno.success, 1n]]);
});

test("of an input and a clock, the first one counts", async () => {
  const soon = (): Promise<void> => Promise.resolve();
  const never = (): Promise<never> => new Promise(() => {});
  const subscriptions: Subscription[] = [
    { kind: "read", fd: 0 },
    { kind: "clock", timeout: 5n },
  ];
  assert.deepEqual(await pollLater({ stdin: input(never), nanosleep: soon }, ...subscriptions), [clockEvent(101n)]);
  assert.deepEqual(await pollLater({ stdin: input(() => Promise.resolve(true)), nanosleep: never }, ...subscriptions), [
    [kinds.read, 100n, errno.success, 1n],
  ]);
});

test("a sleep that nobody waits for any more is cancelled, and a promise is waited for once", async () => {
  let cancelled = 0;
  const nanosleep = () => Object.assign(new Promise<void>(() => {}), { cancel: () => cancelled++ });
  let arrive: (ready: boolean) => void = () => {};
  const later = new Promise<boolean>((resolve) => {
    arrive = resolve;
  });
  const then = mock.method(later, "then");
  const answers: (PromiseLike<boolean> | true)[] = [];
  const guest = new Guest({ stdin: input(() => answers.shift()! as never), nanosleep: nanosleep as never });
  const poll = async (...ready: (PromiseLike<boolean> | true)[]): Promise<Event[]> => {
    answers.push(...ready);
    subscribe(guest, [...ready.map(() => ({ kind: "read", fd: 0 }) as const), { kind: "clock", timeout: 5n }]);
    assert.equal(await guest.call("poll_oneoff", IN, OUT, ready.length + 1, COUNT), errno.success);
    return events(guest);
  };
  for (let i = 1; i <= 3; i++) {
    const found = await poll(later, Promise.resolve(true));
    assert.deepEqual(found, [[kinds.read, 101n, errno.success, 1n]]);
    assert.deepEqual([cancelled, then.mock.callCount()], [i, 1]);
  }
  setTimeout(arrive, 1, true);
  const other = new Guest({ stdin: input(() => later) });
  subscribe(other, [{ kind: "read", fd: 0 }]);
  const outcome = other.call("poll_oneoff", IN, OUT, 1, COUNT);
  assert.deepEqual(await poll(later), [[kinds.read, 100n, errno.success, 1n]]);
  assert.equal(await outcome, errno.success, "each who waits hears of it");
});

test("an input hears when nobody waits for it any more", async () => {
  let idle = 0;
  const later = new Promise<boolean>(() => {});
  const stdin: InputStream = { read: () => 0, ready: () => later, idle: () => void idle++ };
  const read = { kind: "read", fd: 0 } as const;
  const clock = { kind: "clock", timeout: 5n } as const;
  const wakes: (() => void)[] = [];
  const nanosleep = (): Promise<void> => new Promise((resolve) => void wakes.push(resolve));
  const polls = [pollLater({ stdin, nanosleep }, read, clock), pollLater({ stdin, nanosleep }, read, read, clock)];
  wakes[0]!();
  assert.deepEqual(await polls[0], [clockEvent(101n)]);
  assert.equal(idle, 0, "the other guest waits");
  wakes[1]!();
  assert.deepEqual(await polls[1], [clockEvent(102n)]);
  assert.ok(idle > 0);
  for (const system of [{ stdin }, { stdin, nanosleep: () => {} }]) {
    idle = 0;
    pollNow(system, read, clock);
    pollNow(system, read, { kind: "clock", timeout: 0n });
    assert.equal(idle, 2);
  }
  const guest = new Guest({ stdin });
  guest.call("fd_fdstat_set_flags", 0, 4);
  guest.memory!.writeUint32(IN, 64);
  guest.memory!.writeUint32(IN + 4, 1);
  assert.equal(guest.call("fd_read", 0, IN, 1, COUNT), errno.again);
  assert.equal(idle, 3);
});

test("a sleep in the call ends the wait for an input, whatever becomes of that", () => {
  const system: System = { stdin: input(() => Promise.reject(new Error("late"))), nanosleep: () => {} };
  assert.deepEqual(pollNow(system, { kind: "read", fd: 0 }, { kind: "clock", timeout: 5n }), [clockEvent(101n)]);
});

test("sockets are ready when they would not wait", async () => {
  const [connection, listener] = [new FakeConnection(), new FakeListener()];
  listener.connect(connection);
  const guest = new Guest({ listeners: [listener] });
  const poll = (...subscriptions: Subscription[]): unknown => {
    subscribe(guest, subscriptions);
    return guest.call("poll_oneoff", IN, OUT, subscriptions.length, COUNT);
  };
  assert.equal(poll({ kind: "read", fd: 3 }, { kind: "write", fd: 3 }), errno.success);
  assert.deepEqual(events(guest), [
    [kinds.read, 100n, errno.success, 1n],
    [kinds.write, 101n, errno.badf, 0n],
  ]);
  assert.equal(guest.call("sock_accept", 3, 0, COUNT), errno.success);
  const later = poll({ kind: "read", fd: 3 }, { kind: "read", fd: 4 });
  assert.ok(later instanceof Promise);
  connection.send(1);
  assert.equal(await later, errno.success);
  assert.deepEqual(events(guest), [[kinds.read, 101n, errno.success, 1n]]);
  assert.equal(poll({ kind: "read", fd: 4 }, { kind: "write", fd: 4 }), errno.success);
  assert.equal(events(guest).length, 2);
  connection.read(new Uint8Array(1));
  connection.room = 0;
  assert.equal(poll({ kind: "read", fd: 4 }, { kind: "write", fd: 4 }, { kind: "clock", timeout: 5n }), errno.success);
  assert.deepEqual(events(guest), [clockEvent(102n)]);
  assert.equal(guest.call("sock_shutdown", 4, 3), errno.success);
  assert.equal(poll({ kind: "read", fd: 4 }, { kind: "write", fd: 4 }), errno.success);
  assert.equal(events(guest).length, 2, "an end is ready");
});

test("a failing input is an errno where it has one", async () => {
  const failing = input(() => Promise.reject(Object.assign(new Error(), { code: "EIO" })));
  const guest = new Guest({ stdin: failing });
  subscribe(guest, [{ kind: "read", fd: 0 }]);
  assert.equal(await guest.call("poll_oneoff", IN, OUT, 1, COUNT), errno.io);
  // Whether it fails at once or later.
  const wrong = (code?: string) => () => {
    throw Object.assign(new Error("no"), { code });
  };
  const atOnce = new Guest({ stdin: input(wrong("EIO")) });
  subscribe(atOnce, [{ kind: "read", fd: 0 }]);
  assert.equal(atOnce.call("poll_oneoff", IN, OUT, 1, COUNT), errno.io);
  const unknown = new Guest({ stdin: input(wrong()) });
  subscribe(unknown, [{ kind: "read", fd: 0 }]);
  assert.throws(() => unknown.call("poll_oneoff", IN, OUT, 1, COUNT), /^Error: no$/);
});

test("poll_oneoff refuses what means nothing", () => {
  const guest = new Guest();
  const poll = (count: number, ...subscriptions: Subscription[]): unknown => {
    subscribe(guest, subscriptions);
    return guest.call("poll_oneoff", IN, OUT, count, COUNT);
  };
  assert.equal(poll(0), errno.inval);
  assert.equal(poll(1, { kind: "clock", timeout: 0n, id: 2 }), errno.inval);
  assert.equal(poll(1, { kind: "clock", timeout: 0n, id: -1 }), errno.inval);
  assert.equal(poll(1, { kind: "clock", timeout: 0n, flags: 2 }), errno.inval);
  subscribe(guest, [{ kind: "read", fd: 0 }]);
  guest.memory!.writeUint8(IN + 8, 3);
  assert.equal(guest.call("poll_oneoff", IN, OUT, 1, COUNT), errno.inval);
  assert.equal(guest.call("poll_oneoff", IN, OUT, -1, COUNT), errno.inval);
});

test("poll_oneoff refuses bad pointers before it waits", () => {
  const guest = new Guest({ nanosleep: () => assert.fail("slept") });
  subscribe(guest, [{ kind: "clock", timeout: 5n }]);
  assert.equal(guest.call("poll_oneoff", END - 47, OUT, 1, COUNT), errno.fault);
  assert.equal(guest.call("poll_oneoff", IN, END - 31, 1, COUNT), errno.fault);
  assert.equal(guest.call("poll_oneoff", IN, OUT, 1, END - 3), errno.fault);
  assert.equal(guest.call("poll_oneoff", IN, OUT, 2000, COUNT), errno.fault);
});
