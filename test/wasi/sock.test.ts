import assert from "node:assert/strict";
import test from "node:test";
import { errno, Guest } from "./guest.ts";

test("what is open is no socket", () => {
  const guest = new Guest();
  for (const [fd, number] of [
    [0, errno.notsock],
    [1, errno.notsock],
    [3, errno.badf],
    [-1, errno.badf],
  ] as const) {
    assert.equal(guest.call("sock_accept", fd, 0, 0), number);
    assert.equal(guest.call("sock_recv", fd, 0, 0, 0, 0, 0), number);
    assert.equal(guest.call("sock_send", fd, 0, 0, 0, 0), number);
    for (const how of [1, 2, 3]) assert.equal(guest.call("sock_shutdown", fd, how), number);
    for (const how of [0, 4, -1]) assert.equal(guest.call("sock_shutdown", fd, how), errno.inval);
  }
});
