// Holds modules to the features that are on, in every place where a feature can occur: the error names the feature and the offset.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { decode } from "#dist/binary/decode.js";
import { allFeatures, type Feature, type Features, wasm1, wasm2, wasm3 } from "#dist/syntax/features.js";
import { instructions } from "#dist/syntax/instructions.js";
import { featuresUsed } from "#dist/valid/features-used.js";
import { validate } from "#dist/valid/validate.js";
import { bodyOffset, moduleOf, section, withBody } from "../binary/bytes.ts";

const without = (feature: Feature): Features => new Set([...allFeatures].filter((on) => on !== feature));

const i32 = [0x41, 0];
const i64 = [0x42, 0];
const f32 = [0x43, 0, 0, 0, 0];
const v128 = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const unreachable = 0x00;
const drop = 0x1a;
const end = 0x0b;
const zeroPadded = [0x80, 0];
const emptyType = [0x60, 0, 0];

/** What takes a feature to decode or validate: the feature, what it is, the module, the offset that the error names. */
type Use = readonly [feature: Feature, what: string, bytes: Uint8Array, offset: number];

const type = (feature: Feature, what: string, ...bytes: number[]): Use => {
  return [feature, `type: ${what}`, moduleOf(section(1, 1, ...bytes)), 11];
};

/** `offset` counts from the import's names, which are empty. */
const imported = (feature: Feature, what: string, offset: number, ...bytes: number[]): Use => {
  return [feature, `import: ${what}`, moduleOf(section(2, 1, 0, 0, ...bytes)), 11 + offset];
};

const table = (feature: Feature, what: string, offset: number, ...bytes: number[]): Use => {
  return [feature, `table: ${what}`, moduleOf(section(4, 1, ...bytes)), 11 + offset];
};

const memory = (feature: Feature, what: string, ...bytes: number[]): Use => {
  return [feature, `memory: ${what}`, moduleOf(section(5, 1, ...bytes)), 11];
};

const global = (feature: Feature, what: string, offset: number, ...bytes: number[]): Use => {
  return [feature, `global: ${what}`, moduleOf(section(6, 1, ...bytes, end)), 11 + offset];
};

const elements = (...bytes: number[]): Use => {
  const what = `element segment of kind ${bytes[0]}`;
  return ["bulk-memory", what, moduleOf(section(4, 1, 0x70, 0, 0), section(9, 1, ...bytes)), 17];
};

const local = (feature: Feature, what: string, ...code: number[]): Use => {
  const body = section(10, 1, code.length + 3, 1, 1, ...code, end);
  return [feature, `local: ${what}`, moduleOf(section(1, 1, ...emptyType), section(3, 1, 0), body), bodyOffset + 1];
};

/** A body that begins with `unreachable`, in a module with a table and a memory. */
const body = (feature: Feature, what: string, ...code: number[]): Use => {
  const bytes = moduleOf(
    section(1, 1, ...emptyType),
    section(3, 1, 0),
    section(4, 1, 0x70, 0, 0),
    section(5, 1, 0, 0),
    section(10, 1, code.length + 3, 0, unreachable, ...code, end),
  );
  return [feature, `body: ${what}`, bytes, bodyOffset + 12];
};

const block = (feature: Feature, what: string, ...blockType: number[]): readonly Use[] =>
  [0x02, 0x03, 0x04, 0x06, 0x1f].map((op) => {
    const inside = [...(op === 0x1f ? [0] : []), unreachable, ...(op === 0x04 ? [0x05, unreachable] : [])];
    return body(feature, `block 0x${op.toString(16)} of ${what}`, op, ...blockType, ...inside, end, unreachable);
  });

const uses: readonly Use[] = [
  type("multi-value", "two results", 0x60, 0, 2, 0x7f, 0x7f),
  type("simd", "vector", 0x60, 1, 0x7b, 0),
  type("reference-types", "externref", 0x60, 1, 0x6f, 0),
  type("reference-types", "funcref", 0x60, 0, 1, 0x70),
  type("function-references", "reference that is not null", 0x60, 1, 0x64, 0x70, 0),
  type("gc", "structure", 0x5f, 0),
  type("gc", "array", 0x5e, 0x7f, 0),
  type("gc", "sub type", 0x50, 0, ...emptyType),
  type("gc", "final sub type", 0x4f, 0, ...emptyType),
  type("gc", "recursion group", 0x4e, 1, ...emptyType),
  type("gc", "anyref", 0x60, 1, 0x6e, 0),
  type("gc", "nullfuncref", 0x60, 1, 0x73, 0),
  type("exceptions", "exnref", 0x60, 1, 0x69, 0),
  type("simd", "vector field", 0x5f, 1, 0x7b, 0),
  ["function-references", "type: reference to a type", moduleOf(section(1, 2, ...emptyType, 0x60, 1, 0x63, 0, 0)), 14],

  imported("mutable-globals", "mutable global", 0, 3, 0x7f, 1),
  imported("simd", "global", 2, 3, 0x7b, 0),
  imported("reference-types", "global", 2, 3, 0x6f, 0),
  imported("reference-types", "table", 2, 1, 0x6f, 0, 0),
  imported("memory64", "table", 4, 1, 0x70, 4, 0),
  imported("memory64", "memory", 3, 2, 4, 0),
  imported("threads", "memory", 3, 2, 3, 0, 1),
  imported("custom-page-sizes", "memory", 3, 2, 8, 0, 16),
  ["multi-memory", "import: second", moduleOf(section(2, 2, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0)), 19],
  ["multi-memory", "import: first", moduleOf(section(2, 1, 0, 0, 2, 0, 0), section(5, 1, 0, 0)), 19],
  ["exceptions", "import: tag", moduleOf(section(1, 1, ...emptyType), section(2, 1, 0, 0, 4, 0, 0)), 20],

  table("reference-types", "externref", 0, 0x6f, 0, 0),
  table("gc", "anyref", 0, 0x6e, 0, 0),
  table("memory64", "64-bit index", 1, 0x70, 4, 0),
  table("function-references", "initial value", 0, 0x40, 0, 0x70, 0, 0, 0xd0, 0x70, end),
  ["reference-types", "table: second", moduleOf(section(4, 2, 0x70, 0, 0, 0x70, 0, 0)), 14],

  memory("memory64", "64-bit index", 4, 0),
  memory("memory64", "64-bit index, maximum", 5, 0, 1),
  memory("threads", "shared", 3, 0, 1),
  memory("custom-page-sizes", "pages of a byte", 8, 0, 0),
  memory("custom-page-sizes", "pages of 64 KiB, written out", 8, 0, 16),
  ["multi-memory", "memory: second", moduleOf(section(5, 2, 0, 0, 0, 0)), 13],

  ["exceptions", "tag section", moduleOf(section(1, 1, ...emptyType), section(13, 1, 0, 0)), 17],

  global("simd", "vector", 0, 0x7b, 0, ...v128),
  global("reference-types", "externref", 0, 0x6f, 0, 0xd0, 0x6f),
  ...[0x6a, 0x6b, 0x6c].map((op) => global("extended-const", `i32 ${op}`, 6, 0x7f, 0, ...i32, ...i32, op)),
  ...[0x7c, 0x7d, 0x7e].map((op) => global("extended-const", `i64 ${op}`, 6, 0x7e, 0, ...i64, ...i64, op)),
  ["gc", "global.get of an own global", moduleOf(section(6, 2, 0x7f, 0, ...i32, end, 0x7f, 0, 0x23, 0, end)), 18],
  [
    "mutable-globals",
    "export of a mutable global",
    moduleOf(section(6, 1, 0x7f, 1, ...i32, end), section(7, 1, 0, 3, 0)),
    19,
  ],

  elements(1, 0, 0),
  elements(2, 0, ...i32, end, 0, 0),
  elements(3, 0, 0),
  elements(4, ...i32, end, 0),
  elements(5, 0x70, 0),
  elements(6, 0, ...i32, end, 0x70, 0),
  elements(7, 0x70, 0),
  ["reference-types", "segment of externref", moduleOf(section(9, 1, 5, 0x6f, 0)), 11],
  ["reference-types", "segment of references", moduleOf(section(9, 1, 5, 0x70, 1, 0xd0, 0x70, end)), 14],
  ["bulk-memory", "data count", moduleOf(section(12, 0)), 10],
  ["bulk-memory", "passive data segment", moduleOf(section(11, 1, 1, 0)), 11],
  [
    "bulk-memory",
    "data segment that names its memory",
    moduleOf(section(5, 1, 0, 0), section(11, 1, 2, 0, ...i32, end, 0)),
    16,
  ],

  local("simd", "vector", 0x7b),
  local("reference-types", "externref", 0x6f),
  local("reference-types", "funcref", 0x70),
  local("function-references", "reference to a type", 0x63, 0),
  local("function-references", "reference that is not null", 0x64, 0x70),
  local("gc", "anyref", 0x6e),
  local("gc", "reference to any", 0x63, 0x6e),
  local("exceptions", "exnref", 0x69),

  ...block("simd", "vector", 0x7b),
  ...block("reference-types", "externref", 0x6f),
  ...block("function-references", "reference to a type", 0x63, 0),
  ...block("gc", "anyref", 0x6e),
  ...block("exceptions", "exnref", 0x69),
  ...block("multi-value", "a type", 0),
  body("simd", "select of vectors", 0x1c, 1, 0x7b, drop),
  body("gc", "select of anyref", 0x1c, 1, 0x6e, drop),
  body("gc", "null of any", 0xd0, 0x6e, drop),
  body("function-references", "null of a type", 0xd0, 0, drop),
  body("exceptions", "null exception", 0xd0, 0x69, drop),
  body("reference-types", "index of a table to call", 0x11, 0, ...zeroPadded),
  body("reference-types", "index of a table to copy", 0xfc, 14, 0, ...zeroPadded),
  body("multi-memory", "index of memory.size", 0x3f, ...zeroPadded, drop),
  body("multi-memory", "index of memory.grow", 0x40, ...zeroPadded, drop),
  body("multi-memory", "index of memory.fill", 0xfc, 11, ...zeroPadded),
  body("multi-memory", "index of memory.copy", 0xfc, 10, 0, ...zeroPadded),
  body("multi-memory", "index of a load", 0x28, 0x42, 0, 0, drop),
  body("multi-memory", "index of a store", 0x36, 0x42, 0, 0),
  body("multi-memory", "index of a vector load", 0xfd, 0, 0x44, 0, 0, drop),
];

/** One place of each feature, for what does not depend on the place. */
const examples: readonly (readonly [Feature, Uint8Array])[] = [
  ...new Map([...uses].reverse().map(([feature, , bytes]) => [feature, bytes])),
  ["sign-extension", withBody(...i32, 0xc0, drop, end)],
  ["saturating-truncation", withBody(...f32, 0xfc, 0, drop, end)],
  ["tail-calls", withBody(0x12, 0, end)],
  ["relaxed-simd", withBody(unreachable, 0xfd, 0x80, 0x02, drop, end)],
  ["wide-arithmetic", withBody(...i64, ...i64, 0xfc, 0x15, drop, drop, end)],
  ["legacy-exceptions", withBody(0x06, 0x40, end, end)],
];

for (const [feature, what, bytes, offset] of uses) {
  test(`${feature}, ${what}`, () => {
    assert.doesNotThrow(() => validate(decode(bytes), allFeatures));
    assert.throws(() => validate(decode(bytes), without(feature)), {
      name: "InvalidError",
      message: new RegExp(`^feature ${feature} is off: `),
      offset,
    });
    assert.ok(featuresUsed(decode(bytes)).includes(feature));
  });
}

test("each instruction is refused without its feature", () => {
  let count = 0;
  const rows = instructions as unknown as Readonly<Record<string, readonly [number, unknown, unknown, Feature?]>>;
  for (const [name, [code, , , since]] of Object.entries(rows)) {
    if (since === undefined) continue;
    const prefixed = code > 0xffff ? [code >> 12, (code & 0x7f) | 0x80, (code & 0xfff) >> 7] : [code >> 8, code & 0xff];
    const long = code > 0xff && code <= 0xffff && (code & 0x80) !== 0 ? [1] : [];
    const op = code < 0x100 ? [code] : [...prefixed, ...long];
    const bytes = withBody(unreachable, ...op, ...new Array<number>(24).fill(0), end);
    assert.throws(
      () => validate(decode(bytes), without(since)),
      { name: "InvalidError", offset: bodyOffset + 1, message: new RegExp(`^feature ${since} is off: `) },
      name,
    );
    count++;
  }
  assert.ok(count > 400);
});

test("there is a place for each feature", () => {
  assert.deepEqual(new Set(examples.map(([feature]) => feature)), allFeatures);
});

test("each feature has its place in a version, or in none", () => {
  for (const [feature, bytes] of examples) {
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

test("a feature brings what it stands on", () => {
  const bulk = withBody(unreachable, 0xfc, 14, 0, 0, end);
  const table = moduleOf(section(4, 1, 0x6f, 0, 0));
  for (const feature of ["gc", "function-references", "reference-types", "exceptions", "legacy-exceptions"] as const) {
    assert.doesNotThrow(() => new Runtime({ features: [feature] }).compile(table), feature);
    assert.throws(() => new Runtime({ features: [feature] }).compile(bulk), /unknown table 0/, feature);
  }
  assert.throws(() => new Runtime({ features: ["wasm1", "threads"] }).compile(bulk), /feature bulk-memory is off/);
});
