import assert from "node:assert/strict";
import { test } from "node:test";
import { counted } from "#dist/util/count.js";

test("a noun takes an s unless there is one of it", () => {
  assert.deepEqual(
    [0, 1, 2, 65_536].map((count) => counted(count, "page")),
    ["0 pages", "1 page", "2 pages", "65536 pages"],
  );
});
