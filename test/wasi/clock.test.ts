import assert from "node:assert/strict";
import test from "node:test";
import { END, errno, Guest } from "./guest.ts";

const ms = 1_000_000n;

test("clock_time_get by default starts at a fixed time and advances 1 ms a reading", () => {
  for (let run = 0; run < 2; run++) {
    const guest = new Guest();
    for (let i = 0n; i < 3n; i++) {
      assert.equal(guest.call("clock_time_get", 0, 0n, 8), errno.success);
      assert.equal(guest.u64(8), BigInt(Date.parse("2022-01-01T00:00:00Z")) * ms + i * ms);
      assert.equal(guest.call("clock_time_get", 1, 0n, 8), errno.success);
      assert.equal(guest.u64(8), i * ms);
    }
  }
});

test("clock_time_get reads the host's clock", () => {
  const clock = { wallTime: () => 5n, monotonicTime: () => 2n ** 64n + 7n };
  const guest = new Guest({ clock });
  assert.equal(guest.call("clock_time_get", 0, 1n, 8), errno.success);
  assert.equal(guest.u64(8), 5n);
  assert.equal(guest.call("clock_time_get", 1, 1n, 8), errno.success);
  assert.equal(guest.u64(8), 7n, "as many bits as there are");
});

test("clock_res_get", () => {
  const clock = { wallTime: () => 0n, monotonicTime: () => 0n };
  const cases = [
    [new Guest(), ms, ms],
    [new Guest({ clock }), 1000n, 1n],
    [new Guest({ clock: { ...clock, wallResolution: 5n, monotonicResolution: 6n } }), 5n, 6n],
  ] as const;
  for (const [guest, wall, monotonic] of cases) {
    assert.equal(guest.call("clock_res_get", 0, 8), errno.success);
    assert.equal(guest.u64(8), wall);
    assert.equal(guest.call("clock_res_get", 1, 8), errno.success);
    assert.equal(guest.u64(8), monotonic);
  }
});

test("clocks of processor time and unknown ones are EINVAL, bad pointers EFAULT", () => {
  const guest = new Guest();
  for (const id of [2, 3, 4, -1]) {
    assert.equal(guest.call("clock_time_get", id, 0n, 8), errno.inval);
    assert.equal(guest.call("clock_res_get", id, 8), errno.inval);
  }
  assert.equal(guest.call("clock_time_get", 0, 0n, END - 7), errno.fault);
  assert.equal(guest.call("clock_res_get", 0, END - 7), errno.fault);
});
