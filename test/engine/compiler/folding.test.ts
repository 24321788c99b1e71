// What a call gives goes at once to where the statement behind it would move it, and so do the halves of an i64 that is loaded.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const called = `(func $i (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $l (param i64) (result i64) (i64.mul (local.get 0) (i64.const 0x1_0000_0001)))
  (func $two (result i64 i64) (i64.const 1) (i64.const 2))
  (func $f (param f64) (result f64) (f64.neg (local.get 0)))
  (func $v (param v128) (result v128) (i32x4.add (local.get 0) (v128.const i32x4 1 2 3 4)))
  (func $minus (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))`;
const module = (
  type: string,
  body: string,
): string => `(module (memory 1) (data (i32.const 8) "\\01\\02\\03\\04\\05\\06\\07\\88")
  (table funcref (elem $l)) (func (export "f") ${type} ${body}) ${called})`;

interface Case {
  readonly type: string;
  readonly body: string;
  /** Lines of the source. */
  readonly lines: readonly string[];
  readonly argument: number | bigint;
  readonly result: number | bigint | readonly number[];
}

const cases: Readonly<Record<string, Case>> = {
  "a local is set": {
    type: "(param i32) (result i32)",
    body: "(local.set 0 (call $i (local.get 0))) (i32.mul (local.get 0) (local.get 0))",
    lines: ["i0=F[1](i0,n+2);"],
    argument: 6,
    result: 49,
  },
  "an i64 is set": {
    type: "(param i64) (result i64)",
    body: "(local.set 0 (call $l (local.get 0))) (i64.add (local.get 0) (i64.const 1))",
    lines: ["l0=F[2](l0,h0,n+2);h0=h[0];"],
    argument: 3n,
    result: 0x3_0000_0004n,
  },
  "the result is the function's": {
    type: "(param i64) (result i64)",
    body: "(call_indirect (param i64) (result i64) (local.get 0) (i32.const 0))",
    lines: ["l0=C(l0,h0,n+2);h0=h[0];"],
    argument: 5n,
    result: 0x5_0000_0005n,
  },
  "a double is the function's": {
    type: "(param f64) (result f64)",
    body: "(call $f (local.get 0))",
    lines: ["d0=F[4](d0,n+2);", "return d0;"],
    argument: 5,
    result: -5,
  },
  "the result is used twice": {
    type: "(param i32) (result i32) (local i32)",
    body: "(i32.mul (local.tee 1 (call $i (local.get 0))) (local.get 1))",
    lines: ["i1=F[1](i0,n+2);"],
    argument: 2,
    result: 9,
  },
  "one of two results": {
    type: "(param i64) (result i64)",
    body: "(call $two) (local.set 0) (drop) (local.get 0)",
    lines: ["F[3](n+2);"],
    argument: 0n,
    result: 2n,
  },
  "an i64 is loaded over its address": {
    type: "(param i64) (result i64)",
    body: "(local.set 0 (i64.load (i32.wrap_i64 (local.get 0)))) (i64.xor (local.get 0) (i64.const 1))",
    lines: ["t0=l0>>>0;", "l0=", "V0.getInt32(t0,true);", "h0=", "V0.getInt32(t0+4,true);"],
    argument: 8n,
    result: BigInt.asIntN(64, 0x8807060504030200n),
  },
  "a byte is loaded over its address": {
    type: "(param i64) (result i64)",
    body: "(local.set 0 (i64.load8_s (i32.wrap_i64 (local.get 0)))) (i64.xor (local.get 0) (i64.const 1))",
    lines: ["l0=", "h0=(l0>>31);"],
    argument: 15n,
    result: -119n,
  },
  "a sum stands before a jump table": {
    type: "(param i32) (result i32) (local i32)",
    body: `(local.set 1 (i32.add (local.get 0) (i32.const 10)))
      (block $b (block $a (br_table $a $b (local.get 0))) (return (i32.mul (local.get 1) (i32.const 2)))) (local.get 1)`,
    lines: ["case 0:i1=i0+10|0;", "default:i1=i0+10|0;"],
    argument: 0,
    result: 20,
  },
  "a sum that is the index": {
    type: "(param i32) (result i32) (local i32)",
    body: `(local.set 1 (i32.add (local.get 0) (i32.const -1)))
      (block $b (block $a (br_table $a $b (local.get 1))) (return (i32.const 7))) (local.get 1)`,
    lines: ["i1=i0+(-1)|0;", "case 0:"],
    argument: 1,
    result: 7,
  },
};

/** What looks like one of those, and is none. */
const others: Readonly<Record<string, Case>> = {
  "a local that is no argument is set before a call": {
    type: "(param i32) (result i32) (local i32)",
    body: "(local.set 1 (i32.add (local.get 0) (i32.const 5))) (i32.mul (call $i (local.get 0)) (local.get 1))",
    lines: [],
    argument: 2,
    result: 21,
  },
  "a local is set while arguments wait": {
    type: "(param i32) (result i32) (local i32)",
    body: `(i32.xor (local.get 0) (i32.const 1)) (local.set 1 (i32.mul (local.get 0) (local.get 0))) (local.get 1)
      (call $minus) (local.get 1) (i32.add)`,
    lines: [],
    argument: 4,
    result: 5,
  },
  "another value is set behind a call": {
    type: "(param i32) (result i32) (local i32)",
    body: "(call $i (local.get 0)) (local.set 1 (local.get 0)) (i32.mul (local.get 1))",
    lines: [],
    argument: 3,
    result: 12,
  },
  "the first of two results is set": {
    type: "(param i64) (result i64)",
    body: "(call $two) (drop) (local.set 0) (local.get 0)",
    lines: [],
    argument: 0n,
    result: 1n,
  },
  "a vector is set": {
    type: "(param i32) (result i32) (local v128)",
    body: `(local.set 1 (i32x4.splat (local.get 0))) (local.set 1 (call $v (local.get 1)))
      (i32.mul (i32x4.extract_lane 1 (local.get 1)) (i32x4.extract_lane 3 (local.get 1)))`,
    lines: [],
    argument: 5,
    result: 63,
  },
  "a local that is not returned is set last": {
    type: "(param i32) (result i32) (local i32)",
    body: "(local.set 1 (i32.const 9)) (local.get 0)",
    lines: [],
    argument: 4,
    result: 4,
  },
  "two values are returned": {
    type: "(param i32) (result i32 i32)",
    body: "(i32.add (local.get 0) (i32.const 1)) (i32.const 7)",
    lines: [],
    argument: 4,
    result: [5, 7],
  },
  "a sum stands before a jump table with a value": {
    type: "(param i32) (result i32) (local i32)",
    body: `(block $b (result i32) (block $a (result i32)
        (local.set 1 (i32.add (local.get 0) (i32.const 10))) (local.get 1) (br_table $a $b (local.get 0)))
      (return (i32.mul (i32.const 2)))) (local.get 1) (i32.add)`,
    lines: [],
    argument: 1,
    result: 22,
  },
};

/** A loop over a jump table of so many blocks, some of which fall through to the next, behind a sum that all of them read. */
function interpreter(blocks: number): string {
  const labels = Array.from({ length: blocks }, (_, i) => `$b${i}`);
  const ends = [
    "(local.set $at (local.get $next)) (br $l)",
    "(local.set $at (i32.add (local.get $old) (i32.const 2))) (br $l)",
    "",
  ];
  const bodies = labels.map(
    (_, i) =>
      `) (local.set $hash (i32.add (i32.mul (local.get $hash) (i32.const 31)) (local.get $next))) ${ends[i % 3]}`,
  );
  return `(module (func (export "f") (param $turns i32) (result i32) (local $at i32) (local $old i32) (local $next i32) (local $hash i32)
    (loop $l
      (if (i32.eqz (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))) (then (return (local.get $hash))))
      (local.set $old (i32.xor (local.get $at) (local.get $turns)))
      (local.set $next (i32.add (local.get $old) (i32.const 1)))
      ${labels
        .map((label) => `(block ${label} `)
        .reverse()
        .join("")}
      (br_table ${labels.join(" ")} $l (i32.rem_u (local.get $old) (i32.const ${blocks + 1})))
      ${bodies.join("")}
      (br $l))
    (i32.const 0)))`;
}

for (const blocks of [2, 5, 70]) {
  test(`a loop over a jump table of ${blocks} blocks`, () => {
    const bytes = parse(interpreter(blocks));
    const results = (["interpreter", "compiler"] as const).map((engine) => {
      const f = new Runtime({ engine }).instantiate(bytes).exportedFunction("f")!;
      return [1, 2, 5, 100, 100_000].map((turns) => f.call(turns));
    });
    assert.deepEqual(results[1], results[0]);
  });
}

for (const [name, { type, body, lines, argument, result }] of Object.entries({ ...cases, ...others })) {
  test(name, () => {
    const text = module(type, body);
    const source = sourceOf(text);
    for (const line of lines) assert.ok(source.includes(line), `no ${line} in\n${source.join("\n")}`);
    const f = new Runtime({ engine: "compiler" }).instantiate(parse(text)).exportedFunction("f")!;
    assert.deepEqual(f.call(argument), result);
  });
}
