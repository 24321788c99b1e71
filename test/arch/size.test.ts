// Takes sizes.json, holds the single files of the namespace to the bytes that they may be by gzip.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";

const limits = Object.entries<number>(JSON.parse(readFileSync("sizes.json", "utf8")));

for (const [file, limit] of limits) {
  test(`${file} is at most ${limit} bytes, and not much less`, () => {
    const { length } = gzipSync(readFileSync(file), { level: 9 });
    assert.ok(length <= limit, `${length} bytes`);
    assert.ok(length > limit * 0.92, `${length} bytes: lower the limit`);
  });
}

test("there are limits", () => assert.ok(limits.length > 0));
