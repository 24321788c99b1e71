// Takes the doors of the namespace, looks what each can do: the same, by the engines that it has.
import assert from "node:assert/strict";
import test from "node:test";
import * as main from "zerowasm/js-api";
import * as interpreter from "zerowasm/js-api/interpreter";
import * as interpreterFile from "zerowasm/js-api/interpreter/min";
import * as jitless from "zerowasm/js-api/jitless";
import * as mainFile from "zerowasm/js-api/min";
import { parse } from "zerowasm/text";

const binary = parse(`(module
  (func (export "f") (param i32) (result i32)
    (i8x16.extract_lane_u 3 (i8x16.add (i8x16.splat (local.get 0)) (i8x16.splat (i32.const 3))))))`);
const doors = {
  "js-api": main,
  "js-api/min": mainFile,
  "js-api/interpreter": interpreter,
  "js-api/interpreter/min": interpreterFile,
  "js-api/jitless": jitless,
};

for (const [name, { WebAssembly, createWebAssembly }] of Object.entries(doors)) {
  const engines = /^js-api(?:\/min)?$/.test(name) ? ["auto", "interpreter", "compiler"] : ["auto", "interpreter"];
  for (const engine of engines as ("auto" | "interpreter" | "compiler")[]) {
    test(`${name} runs a guest by ${engine}`, () => {
      const own = createWebAssembly({ engine });
      const { f } = new own.Instance(new own.Module(binary)).exports as { f: (n: number) => number };
      for (let i = 0; i < 3000; i++) assert.equal(f(i), (i + 3) & 255);
    });
  }
  test(`${name} has a namespace of its own`, () => {
    assert.notEqual(createWebAssembly(), WebAssembly);
    assert.ok(WebAssembly.validate(binary));
  });
}

/** A bit of everything: single files shorten names of fields, and generated code must not be left with the long ones. */
const everything = parse(`(module
  (type $unary (func (param i32) (result i32)))
  (type $pair (struct (field $a (mut i32)) (field $b (mut i64)) (field f64)))
  (type $shorts (array (mut i16)))
  (tag $e (export "e") (param i32 i64)) (memory (export "memory") 1) (data $d "\\01\\02\\03\\04\\05\\06\\07\\08")
  (table $t 2 funcref) (elem (i32.const 0) $one $two)
  (func $one (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func $two (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $throws (export "thrown") (param i32) (throw $e (local.get 0) (i64.const 0x123456789)))
  (func (export "caught") (param i32) (result i32 i64)
    (block $h (result i32 i64) (try_table (catch $e $h) (call $throws (local.get 0))) (unreachable)))
  (func (export "rethrown") (param i32)
    (block $h (result exnref) (try_table (catch_all_ref $h) (call $throws (local.get 0))) (unreachable)) (throw_ref))
  (func (export "aggregates") (param i32) (result i32) (local $x (ref null $pair)) (local $y (ref null $shorts))
    (local.set $x (struct.new $pair (local.get 0) (i64.const 7) (f64.const 1.5)))
    (struct.set $pair $b (local.get $x) (i64.extend_i32_s (local.get 0)))
    (local.set $y (array.new $shorts (local.get 0) (i32.const 10)))
    (array.fill $shorts (local.get $y) (i32.const 2) (i32.const 3) (i32.const 3))
    (i32.add (array.get_u $shorts (local.get $y) (i32.const 4)) (i32.wrap_i64 (struct.get $pair $b (local.get $x)))))
  (func (export "bulk") (param i32) (result i64)
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 8)) (memory.copy (i32.const 100) (i32.const 16) (i32.const 8))
    (memory.fill (i32.const 104) (local.get 0) (i32.const 2)) (i64.load (i32.const 100)))
  (func (export "indirect") (param i32) (result i32)
    (call_indirect $t (type $unary) (local.get 0) (i32.and (local.get 0) (i32.const 3))))
  (func (export "wide") (param $n i32) (result i64) (local $h i64)
    (loop $l
      (local.set $h (i64.mul (i64.rotl (i64.xor (local.get $h) (i64.load (local.get $n))) (i64.const 13)) (i64.const 0x9e3779b97f4a7c15)))
      (i64.store (local.get $n) (i64.div_u (local.get $h) (i64.const 1000)))
      (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 8))) (i32.const 800))))
    (local.get $h))
  (func $down (export "tail") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (return_call $down (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 5))))
  (func (export "floats") (param i32) (result i32) (local f32)
    (f32.store (i32.const 0) (f32.reinterpret_i32 (i32.add (local.get 0) (i32.const 0x7fa00000))))
    (local.set 1 (f32.load (i32.const 0))) (drop (f32.add (local.get 1) (local.get 1))) (i32.reinterpret_f32 (local.get 1)))
  (func (export "lanes") (param i32) (result i32)
    (i32x4.extract_lane 2 (f32x4.convert_i32x4_s (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 12 13 14 15
      (i32x4.splat (local.get 0)) (v128.load (i32.const 16)))))))`);

/** What it does with an argument, each function twice, as a host sees it. */
function seen({ createWebAssembly }: typeof main, engine: "interpreter" | "compiler"): string[] {
  const own = createWebAssembly({ engine });
  const { exports } = new own.Instance(new own.Module(everything));
  const { e, memory, ...functions } = exports as Record<string, (n: number) => unknown>;
  const lines: string[] = [];
  for (const [name, f] of Object.entries(functions))
    for (const n of [1, 6]) {
      try {
        lines.push(`${name}(${n}): ${f(n)}`);
      } catch (error) {
        const isThrown = error instanceof own.Exception;
        lines.push(`${name}(${n}): ${isThrown ? [0, 1].map((i) => error.getArg(e as never, i)) : error}`);
      }
    }
  (memory as unknown as { grow(pages: number): number }).grow(1);
  lines.push(`${functions.wide!(1)} ${functions.bulk!(3)}`);
  return lines;
}

test("single files do what the rooms do", () => {
  const rooms = seen(main, "interpreter");
  assert.equal(rooms.length, 21);
  assert.ok(rooms.includes("thrown(6): 6,4886718345"), rooms.join("; "));
  assert.deepEqual(seen(main, "compiler"), rooms);
  for (const engine of ["interpreter", "compiler"] as const) assert.deepEqual(seen(mainFile, engine), rooms, engine);
  assert.deepEqual(seen(interpreterFile, "interpreter"), rooms);
});

const nested = parse(`(module
  (import "m" "host" (func $host))
  (func (export "inner") unreachable)
  (func (export "outer") (call $host)))`);

/** The guest's functions in the stack of a trap that passed a host function between two calls of the guest. */
function framesSeen({ createWebAssembly }: typeof main, engine: "interpreter" | "compiler"): string[] {
  const own = createWebAssembly({ engine });
  const guest = new own.Instance(new own.Module(nested), { m: { host: () => inner!() } });
  const { inner, outer } = guest.exports as Record<string, () => void>;
  try {
    outer!();
  } catch (error) {
    return ((error as Error).stack ?? "").match(/\w+ \(wasm-function\[\d+\]/g) ?? [];
  }
  return [];
}

test("single files tell the same frames of nested calls as the rooms do", () => {
  const rooms = framesSeen(main, "interpreter");
  assert.equal(rooms[0], "inner (wasm-function[1]");
  for (const engine of ["interpreter", "compiler"] as const)
    for (const door of [main, mainFile]) assert.deepEqual(framesSeen(door, engine), rooms, engine);
});

test("closures are where the door has them", () => {
  const run = ({ createWebAssembly }: typeof jitless) => {
    const own = createWebAssembly({ engine: "interpreter", dispatch: "closures" });
    const { f } = new own.Instance(new own.Module(binary)).exports as { f: (n: number) => number };
    return f(4);
  };
  assert.equal(run(jitless), 7);
  for (const door of [main, interpreter]) assert.throws(() => run(door), /dispatch "switch" or "auto"/);
});
