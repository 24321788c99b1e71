// Holds modules to the features that are on: the error names the feature and the offset.
import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { allFeatures, type Feature, type Features, wasm1, wasm2, wasm3 } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { bodyOffset, moduleOf, section, withBody } from "../binary/bytes.ts";

const without = (feature: Feature): Features => new Set([...allFeatures].filter((on) => on !== feature));
const i32 = [0x41, 0];
const i64 = [0x42, 0];
const drop = 0x1a;
const end = 0x0b;

// What it takes to use each feature, and the offset of that.
const uses: readonly [Feature, Uint8Array, number][] = [
  ["mutable-globals", moduleOf(section(2, 1, 0, 0, 3, 0x7f, 1)), 11],
  ["sign-extension", withBody(...i32, 0xc0, drop, end), bodyOffset + 2],
  ["saturating-truncation", withBody(0x43, 0, 0, 0, 0, 0xfc, 0, drop, end), bodyOffset + 5],
  ["multi-value", moduleOf(section(1, 1, 0x60, 0, 2, 0x7f, 0x7f)), 11],
  ["reference-types", moduleOf(section(1, 1, 0x60, 1, 0x6f, 0)), 11],
  ["bulk-memory", moduleOf(section(12, 0)), 10],
  ["simd", withBody(...i32, 0xfd, 0x11, drop, end), bodyOffset + 2],
  ["extended-const", moduleOf(section(6, 1, 0x7f, 0, ...i32, ...i32, 0x6a, end)), 17],
  ["tail-calls", withBody(0x12, 0, end), bodyOffset],
  ["function-references", moduleOf(section(1, 2, 0x60, 0, 0, 0x60, 1, 0x64, 0, 0)), 14],
  ["gc", moduleOf(section(1, 1, 0x5f, 0)), 11],
  ["exceptions", moduleOf(section(1, 1, 0x60, 0, 0), section(13, 1, 0, 0)), 16],
  ["multi-memory", moduleOf(section(5, 2, 0, 0, 0, 0)), 10],
  ["memory64", moduleOf(section(5, 1, 4, 0)), 10],
  ["relaxed-simd", withBody(0x00, 0xfd, 0x80, 0x02, drop, end), bodyOffset + 1],
  ["threads", moduleOf(section(5, 1, 3, 0, 1)), 10],
  ["wide-arithmetic", withBody(...i64, ...i64, 0xfc, 0x15, drop, drop, end), bodyOffset + 4],
  ["custom-page-sizes", moduleOf(section(5, 1, 8, 0, 0)), 10],
  ["legacy-exceptions", withBody(0x06, 0x40, end, end), bodyOffset],
];

for (const [feature, bytes, offset] of uses) {
  test(`${feature} can be turned off`, () => {
    assert.doesNotThrow(() => validate(decode(bytes), allFeatures));
    assert.throws(() => validate(decode(bytes), without(feature)), {
      name: "InvalidError",
      message: new RegExp(`^feature ${feature} is off: `),
      offset,
    });
  });
}

test("each feature has its place in a version, or in none", () => {
  for (const [feature, bytes] of uses) {
    const accepted = (features: Features): boolean => {
      try {
        validate(decode(bytes), features);
        return true;
      } catch {
        return false;
      }
    };
    assert.deepEqual(
      [wasm1, wasm2, wasm3].map(accepted),
      [wasm1, wasm2, wasm3].map((set) => set.has(feature)),
      feature,
    );
  }
});

test("the features of version 3.0 are on unless told otherwise", () => {
  assert.doesNotThrow(() => validate(decode(withBody(0x12, 0, end))));
  assert.throws(
    () => validate(decode(withBody(0xfe, 0x03, 0, end))),
    /^InvalidError: feature threads is off: atomic\.fence/,
  );
});
