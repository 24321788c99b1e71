import assert from "node:assert/strict";
import test from "node:test";
import { END, errno, Guest } from "./guest.ts";

test("random_get fills just the buffer", () => {
  const guest = new Guest({ random: (bytes) => void bytes.fill(7) });
  assert.equal(guest.call("random_get", 10, 3), errno.success);
  assert.deepEqual([...guest.memory!.read(9, 5)!], [0, 7, 7, 7, 0]);
  assert.equal(guest.call("random_get", END, 0), errno.success);
  assert.equal(guest.call("random_get", END - 3, 4), errno.fault);
  assert.equal(guest.call("random_get", 0, -1), errno.fault);
});

test("random_get ends with the time of the guest's call", () => {
  let left = 3;
  const guest = new Guest({ random: (bytes) => void bytes.fill(left--) });
  guest.memory!.grow(3);
  guest.limit(() => left);
  assert.equal(guest.call("random_get", 0, 4 * 65_536), errno.success);
  assert.equal(left, 2, "in one piece");
  left = 0;
  assert.equal(guest.call("random_get", 0, 1), errno.intr);
});

test("random_get by default is the same at each run, and differs from draw to draw", () => {
  const draws = [new Guest(), new Guest()].map((guest) => {
    return [0, 16].map((at) => {
      assert.equal(guest.call("random_get", at, 16), errno.success);
      return Buffer.from(guest.memory!.read(at, 16)!).toString("hex");
    });
  });
  assert.deepEqual(draws[0], draws[1]);
  assert.notEqual(draws[0]![0], draws[0]![1]);
  const guest = new Guest();
  guest.call("random_get", 0, END);
  const seen = new Set(guest.memory!.read(0, END));
  assert.equal(seen.size, 256);
});
