// Whole i64 values are elements of an array where they are aligned in memory, and go through the view where they are not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtime } from "zerowasm";
import { parse } from "zerowasm/text";
import { sourceOf } from "./source-of.ts";

const address = "(i32.xor (local.get 0) (local.get 1))";
const printed: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a load into a local",
    `(local.set 2 (i64.load ${address}))`,
    [
      "t0=i0^i1;",
      "t1=t0>>>3|t0<<29;",
      "if(t1>>>0<P0)z[2]=B0[t1>>>0];else z[2]=u(64,u(64,BigInt(",
      "V0.getUint32((t0>>>0)+4,true))<<32n)|BigInt(",
      "V0.getUint32((t0>>>0),true)));",
    ],
  ],
  [
    "a load with an offset, in a sum",
    "(local.set 2 (i64.add (i64.load offset=24 (local.get 0)) (local.get 2)))",
    [
      "t0=i0>>>3|i0<<29;",
      "if(t0>>>0<P0+-3)z[7]=B0[t0+3>>>0];else z[7]=u(64,u(64,BigInt(",
      "V0.getUint32((i0>>>0)+24+4,true))<<32n)|BigInt(",
      "V0.getUint32((i0>>>0)+24,true)));",
      "u2=z[2];",
      "z[2]=u2=u(64,z[7]+u2);",
    ],
  ],
  [
    "a store",
    "(i64.store offset=8 (local.get 0) (i64.mul (local.get 2) (local.get 2)))",
    [
      "t0=i0>>>3|i0<<29;",
      "u2=z[2];",
      "tb1=u(64,u2*u2);",
      "if(t0>>>0<P0+-1)B0[t0+1>>>0]=tb1;else{",
      "z[8]=tb1;",
      "t2=(i0>>>0)+8;",
      "t3=y[16];",
      "V0.setInt32(t2+4,y[17],true);",
      "V0.setInt32(t2,t3,true);",
      "}",
    ],
  ],
  [
    "an offset between the elements",
    "(local.set 2 (i64.load offset=4 (local.get 0)))",
    [
      "t0=(i0>>>0)+4;",
      "z[2]=u2=u(64,u(64,BigInt(",
      "V0.getUint32(t0+4,true))<<32n)|BigInt(",
      "V0.getUint32(t0,true)));",
    ],
  ],
];

for (const [name, statement, lines] of printed) {
  test(`${name}: the source`, () => {
    const source = sourceOf(`(module (memory 1) (func (param i32 i32) (local i64 i64) ${statement}))`, true);
    assert.deepEqual(source.slice(2, -2), lines);
  });
}

/** Copies a word, changed by arithmetic that makes the function one of whole values. */
const copying = [0, 4, 8, 65520, 0xfffffff8]
  .map(
    (offset) => `(func (export "${offset}") (param $from i32) (param $to i32) (local $x i64)
    (loop (local.set $x (i64.load offset=${offset} (local.get $from)))
      (i64.store offset=${offset} (local.get $to) (i64.add (i64.mul (local.get $x) (i64.const 0x9e3779b97f4a7c15))
        (i64.xor (i64.mul (local.get $x) (local.get $x)) (i64.shl (local.get $x) (i64.const 9)))))
      (br_if 0 (i64.eqz (i64.or (i64.xor (local.get $x) (local.get $x)) (i64.const 1))))))`,
  )
  .join("\n");
const places = [0, 8, 16, 3, 15, 65520, 65521, 65527, 65528, 65529, 65536, 131064, 0x7ffffff8, -8, -1, -0x80000000];

/** What each call leaves in the memory, or its trap with the place. */
function outcomes(engine: "compiler" | "interpreter", grow: number, functions: string): unknown[] {
  const instance = new Runtime({ engine, eager: true }).instantiate(
    parse(`(module (memory (export "m") 1) ${functions})`),
  );
  const memory = instance.exportedMemory("m")!;
  const bytes = Uint8Array.from({ length: 65536 }, (_, i) => i * 7 + (i >> 5));
  const results: unknown[] = [];
  for (const name of ["0", "4", "8", "65520", "4294967288"]) {
    const copy = instance.exportedFunction(name)!;
    if (grow > 0 && name === "8") memory.grow(grow);
    for (const from of places) {
      for (const to of places) {
        memory.write(0, bytes);
        try {
          copy.call(from, to);
          results.push([name, from, to]);
        } catch (error) {
          const { message, wasmStack } = error as Error & { wasmStack: readonly { offset: number }[] };
          results.push([name, from, to, message, wasmStack[0]!.offset]);
        }
        results.push(
          [
            name,
            from,
            to,
            Buffer.from(memory.read(0, 48)!).toString("hex"),
            Buffer.from(memory.read(65504, 32)!).toString("hex"),
          ].join(" "),
        );
      }
    }
  }
  return results;
}

/** The same, with a memory that grows by a page in each call, before what is copied the second time. */
const growing = copying.replaceAll("(i64.store", "(drop (memory.grow (i32.const 1))) (i64.store");
/** The same without loops, and with more arithmetic: where its module's code makes a memory grow such a function takes the view anew in each call. */
const straight = copying
  .replaceAll("(loop", "(block")
  .replaceAll("(br_if 0", "(drop")
  .replaceAll(
    "(i64.store",
    `${"(local.set $x (i64.add (i64.mul (local.get $x) (i64.const 7)) (local.get $x)))".repeat(12)} (i64.store`,
  );
const changing = '(func (export "grow") (drop (memory.grow (i32.const 1))))';

for (const [name, grow, functions] of [
  ["the memory stays", 0, copying],
  ["the memory grows between calls", 1, copying],
  ["the memory grows in a call", 0, growing],
  ["the memory may grow", 1, straight + changing],
] as const) {
  test(`the same as in the interpreter: ${name}`, () => {
    assert.deepEqual(outcomes("compiler", grow, functions), outcomes("interpreter", grow, functions));
  });
}

test("words of a memory that may grow are elements too, taken anew where it has grown", () => {
  const source = sourceOf(
    `(module (memory 1) (func (param i32) (local i64)
      (local.set 1 (i64.load (local.get 0)))
      (drop (memory.grow (local.get 0)))
      (local.set 1 (i64.load (local.get 0)))))`,
    true,
  ).join("\n");
  const taken = "V0=M0.view,B0=M0.lanes.u64,P0=B0.length;";
  assert.deepEqual(source.split(taken).length, 3);
  assert.equal(source.match(/<P0\)z\[1\]=B0\[/g)?.length, 2);
});
