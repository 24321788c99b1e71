// Bodies of hostile shape: very deep, very wide, very long. They translate in time linear in their size and leave the host's stack alone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Runtime, type RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";
import { u32 } from "../support/encoding.ts";

/** Instructions in binary. */
type Code = Uint8Array | readonly number[];

const block = [0x02, 0x40];
const end = [0x0b];
const get = [0x20, 0x00];
const isZero = [0x20, 0x00, 0x45];
const plusOne = [0x41, 0x01, 0x6a];
const setOther = [0x41, 0x05, 0x21, 0x01];
const add = [0x6a];

function joined(parts: readonly Code[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function times(count: number, code: Code): Uint8Array {
  const bytes = new Uint8Array(count * code.length);
  for (let at = 0; at < bytes.length; at += code.length) bytes.set(code, at);
  return bytes;
}

/** A module whose `run` takes an i32, has that many more of them for locals, and gives an i32. The builder is for smaller ones. */
function guest(locals: number, ...code: readonly Code[]): Uint8Array {
  const body = joined([[1, ...u32(locals), 0x7f], ...code, end]);
  const section = joined([[1], u32(body.length), body]);
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 5, 3, 1, 0, 1];
  return joined([header, [7, 7, 1, 3, 0x72, 0x75, 0x6e, 0, 0, 10], u32(section.length), section]);
}

/** A balanced sum of 2 to the power of `depth` arguments. */
function sum(depth: number): Uint8Array {
  return depth === 0 ? Uint8Array.from(get) : joined([sum(depth - 1), sum(depth - 1), add]);
}

const DEEP = 100_000;

/** Instructions that read lanes or words of an operand several times: printed where they stand, sixty would be without end. */
const repeating: Readonly<Record<string, string>> = {
  "i8x16.shuffle 1 17 3 19 5 21 7 23 9 25 11 27 13 29 15 31": "(local.get $v)",
  "i8x16.swizzle": "(local.get $v)",
  "i8x16.narrow_i16x8_s": "(local.get $v)",
  "i8x16.popcnt": "",
  "i16x8.q15mulr_sat_s": "(local.get $v)",
  "i16x8.extadd_pairwise_i8x16_s": "",
  "i64x2.mul": "(local.get $v)",
  "v128.bitselect": "(local.get $v) (local.get $v)",
  "f32x4.pmin": "(local.get $v)",
};
const nested = Object.entries(repeating).map(([instruction, others]): [string, () => readonly [number, Uint8Array]] => {
  const vector = `${`(${instruction} `.repeat(60)}(local.get $v)${`${others})`.repeat(60)}`;
  return [
    `60 ${instruction.split(" ")[0]} in one another`,
    () => [
      0,
      parse(`(module (func (export "run") (param i32) (result i32) (local $v v128) (i32x4.extract_lane 0 ${vector})))`),
    ],
  ];
});

/** What `run(3)` gives, and the guest. */
const shapes: Readonly<Record<string, () => readonly [result: number, guest: Uint8Array]>> = {
  "100,000 nested blocks": () => [3, guest(0, times(DEEP, block), times(DEEP, end), get)],
  "100,000 nested loops": () => [3, guest(0, times(DEEP, [0x03, 0x40]), times(DEEP, end), get)],
  "100,000 nested ifs": () => [3, guest(0, times(DEEP, [...get, 0x04, 0x40]), times(DEEP, end), get)],
  "100,000 ifs, each in the else of the one before": () => [
    3,
    guest(0, times(DEEP, [...isZero, 0x04, 0x40, 0x05]), times(DEEP, end), get),
  ],
  "100,000 nested blocks that cannot run": () => [3, guest(0, get, [0x0f], times(DEEP, block), times(DEEP, end))],
  "a branch out of 100,000 blocks with a value": () => [
    3,
    guest(0, times(DEEP, [0x02, 0x7f]), get, [0x0c, ...u32(DEEP - 1)], times(DEEP, end)),
  ],
  "nearly 50,000 locals": () => [3, guest(49_999, get, [0x21, ...u32(49_999), 0x20, ...u32(49_999)])],
  "br_table with 1,000,000 entries": () => [
    7,
    guest(0, block, block, get, [0x0e, ...u32(1_000_000)], times(500_000, [1, 0]), [1], end, [0x41, 7, 0x0f], end, get),
  ],
  "br_table with 100,000 entries that move a value": () => [
    9,
    guest(
      0,
      [0x02, 0x7f, 0x02, 0x7f, 0x41, 5, 0x41, 9, ...get, 0x0e, ...u32(100_000)],
      times(50_000, [1, 0]),
      [1],
      end,
      end,
    ),
  ],
  "100,000 operands, a local set after each": () => [
    3 * DEEP,
    guest(1, times(DEEP, [...get, ...setOther]), times(DEEP - 1, add)),
  ],
  "100,000 operands, the local they read set after each": () => [
    3 * DEEP,
    guest(0, times(DEEP, [...get, ...get, 0x21, 0x00]), times(DEEP - 1, add)),
  ],
  "100,000 pending loads, a store after each": () => [
    DEEP - 1,
    guest(0, times(DEEP, [0x41, 0, 0x28, 2, 0, 0x41, 0, 0x41, 1, 0x36, 2, 0]), times(DEEP - 1, add)),
  ],
  "one sum of 100,000 nodes, then 100,000 locals set": () => [3 * 65_536, guest(1, sum(16), times(DEEP, setOther))],
  "100,000 terms in a row": () => [3 + DEEP, guest(0, get, times(DEEP, plusOne))],
  "100 arrays of 10,000 elements that calls give": () => {
    const thousand = `(func $f (result${" i32".repeat(1000)})${" (i32.const 7)".repeat(1000)})`;
    const array = `(array.new_fixed $a 10000${" (call $f)".repeat(10)})`;
    const run = `(func (export "run") (param i32) (result i32) ${`(drop ${array})`.repeat(99)} (array.get $a ${array} (local.get 0)))`;
    return [7, parse(`(module (type $a (array i32)) ${thousand} ${run})`)];
  },
  ...Object.fromEntries(nested),
  "3.5 MB without a branch": () => [500_003, guest(0, times(500_000, [...get, ...plusOne, 0x21, 0x00]), get)],
};

const engines: Readonly<Record<string, RuntimeConfig>> = {
  switch: { engine: "interpreter", dispatch: "switch" },
  closures: { engine: "interpreter", dispatch: "closures" },
  // Compiled, or left to the interpreter where no host would take the source.
  compiler: { engine: "compiler", eager: true },
};

for (const [label, config] of Object.entries(engines)) {
  describe(`hostile bodies, ${label}`, () => {
    for (const [name, make] of Object.entries(shapes)) {
      // Were it not linear, it would take minutes.
      test(name, { timeout: 60_000 }, () => {
        const [result, bytes] = make();
        const run = new Runtime(config).instantiate(bytes).exportedFunction("run")!;
        assert.equal(run.call(3), result);
      });
    }
  });
}
