import assert from "node:assert/strict";
import test from "node:test";
import { ExitError } from "zerowasm";
import { errno, Guest } from "./guest.ts";

test("proc_exit closes the module with its code, and unwinds", () => {
  for (const [given, code] of [
    [0, 0],
    [3, 3],
    [-1, 0xffff_ffff],
  ] as const) {
    const guest = new Guest();
    assert.throws(
      () => guest.call("proc_exit", given),
      (error) => error instanceof ExitError && error.exitCode === code,
    );
    assert.equal(guest.closedWith, code);
  }
});

test("proc_raise is ENOSYS, sched_yield succeeds", () => {
  const guest = new Guest();
  assert.equal(guest.call("proc_raise", 6), errno.nosys);
  assert.equal(guest.call("sched_yield"), errno.success);
});
