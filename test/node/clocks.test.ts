import assert from "node:assert/strict";
import test from "node:test";
import { clocks, clocksAsync, random } from "zerowasm/node";

const { clock } = clocks;
const ms = 1_000_000n;

test("the wall clock is the host's", () => {
  for (let i = 0; i < 1000; i++) {
    const before = BigInt(Date.now()) * ms;
    const now = clock.wallTime();
    assert.ok(now >= before - ms && now <= (BigInt(Date.now()) + 1n) * ms, `${now - before} ns off`);
  }
});

test("the wall clock is finer than a millisecond, and follows when it is set", () => {
  const seen = new Set(Array.from({ length: 1000 }, () => clock.wallTime()));
  assert.ok(seen.size > 100);
  const { now } = Date;
  try {
    for (const moved of [-3_600_000, 3_600_000]) {
      Date.now = () => now() + moved;
      assert.ok(BigInt(Date.now()) * ms - clock.wallTime() < 2n * ms);
      assert.ok(clock.wallTime() - BigInt(Date.now()) * ms < 2n * ms);
    }
  } finally {
    Date.now = now;
  }
});

test("the monotonic clock never runs backwards", () => {
  let last = 0n;
  for (let i = 0; i < 1000; i++) {
    const now = clock.monotonicTime();
    assert.ok(now >= last);
    last = now;
  }
});

for (const time of [0n, 1n, 50_000n, 3n * ms, 25n * ms]) {
  test(`a sleep takes ${time} ns or more`, async () => {
    for (const { nanosleep } of [clocks, clocksAsync]) {
      const start = clock.monotonicTime();
      await nanosleep(time);
      assert.ok(clock.monotonicTime() - start >= time);
    }
  });
}

test("a suspending sleep lets the event loop go on", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 2);
  await clocksAsync.nanosleep(50n * ms);
  clearInterval(timer);
  assert.ok(ticks > 0);
});

test("random bytes fill arrays of any size", () => {
  for (const length of [0, 1, 65_536, 65_537, 200_000]) {
    const bytes = new Uint8Array(length + 1);
    random(bytes.subarray(0, length));
    assert.equal(bytes[length], 0);
    if (length > 1000) assert.equal(new Set(bytes.subarray(length - 4000)).size, 256);
  }
});
