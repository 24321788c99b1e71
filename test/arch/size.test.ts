// Takes sizes.json, holds each door's bundle, minified and gzipped, to the bytes it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { pathToFileURL } from "node:url";

type SizeOf = (door: string) => Promise<{ readonly minified: number; readonly gzipped: number }>;
const { sizeOf }: { sizeOf: SizeOf } = await import(pathToFileURL("scripts/bundle.mjs").href);
const limits = Object.entries<number>(JSON.parse(readFileSync("sizes.json", "utf8")));

for (const [door, limit] of limits) {
  test(`${door} takes at most ${limit} bytes, and not much less`, async () => {
    const { gzipped } = await sizeOf(door);
    assert.ok(gzipped <= limit, `${gzipped} bytes`);
    assert.ok(gzipped > limit * 0.95, `${gzipped} bytes: lower the limit`);
  });
}

test("there are limits", () => assert.ok(limits.length > 0));
