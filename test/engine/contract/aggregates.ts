// Structures and arrays: what is put into a field or an element comes out of it, and nothing comes out of null or beyond the end.
import assert from "node:assert/strict";
import test from "node:test";
import { Trap, type WasmValue } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

const vector = Uint8Array.from({ length: 16 }, (_, i) => 255 - i);

/** A storage type, the suffixes of its instructions that read, and what each gives for a value. */
const storages: readonly {
  readonly storage: string;
  readonly type: string;
  readonly zero: unknown;
  readonly reads: Readonly<Record<string, readonly (readonly [put: unknown, got: unknown])[]>>;
}[] = [
  {
    storage: "i8",
    type: "i32",
    zero: 0,
    reads: {
      get_s: [
        [200, -56],
        [0x17f, 127],
      ],
      get_u: [
        [200, 200],
        [-1, 255],
        [0x17f, 127],
      ],
    },
  },
  {
    storage: "i16",
    type: "i32",
    zero: 0,
    reads: {
      get_s: [
        [40000, -25536],
        [0x17fff, 32767],
      ],
      get_u: [
        [40000, 40000],
        [-1, 65535],
      ],
    },
  },
  {
    storage: "i32",
    type: "i32",
    zero: 0,
    reads: {
      get: [
        [-5, -5],
        [2 ** 31 - 1, 2 ** 31 - 1],
        [-(2 ** 31), -(2 ** 31)],
      ],
    },
  },
  {
    storage: "i64",
    type: "i64",
    zero: 0n,
    reads: {
      get: [
        [-(2n ** 63n), -(2n ** 63n)],
        [0x1_0000_0002n, 0x1_0000_0002n],
      ],
    },
  },
  {
    storage: "f32",
    type: "f32",
    zero: 0,
    reads: {
      get: [
        [0.5, 0.5],
        [-0, -0],
        [Number.NaN, Number.NaN],
      ],
    },
  },
  {
    storage: "f64",
    type: "f64",
    zero: 0,
    reads: {
      get: [
        [0.1, 0.1],
        [-0, -0],
        [1e300, 1e300],
      ],
    },
  },
  { storage: "v128", type: "v128", zero: new Uint8Array(16), reads: { get: [[vector, vector]] } },
  {
    storage: "anyref",
    type: "anyref",
    zero: null,
    reads: {
      get: [
        [vector, vector],
        [null, null],
        [undefined, undefined],
      ],
    },
  },
];

const structs = ({ storage, type, reads }: (typeof storages)[number]) => `
  (type $small (struct (field (mut ${storage}))))
  (type $large (struct (field i32) (field i64) (field externref) (field (mut ${storage})) (field f64) (field v128) (field (mut ${storage}))))
  (global $s (mut (ref null $small)) (ref.null none))
  (global $l (mut (ref null $large)) (ref.null none))
  (func (export "new") (param ${type}) (local $v v128)
    (global.set $s (struct.new $small (local.get 0)))
    (global.set $l (struct.new $large (i32.const 1) (i64.const 2) (ref.null noextern) (local.get 0) (f64.const 3)
      (local.get $v) (local.get 0))))
  (func (export "new_default")
    (global.set $s (struct.new_default $small))
    (global.set $l (struct.new_default $large)))
  (func (export "set") (param ${type})
    (struct.set $small 0 (global.get $s) (local.get 0))
    (struct.set $large 3 (global.get $l) (local.get 0))
    (struct.set $large 6 (global.get $l) (local.get 0)))
  ${Object.keys(reads)
    .map(
      (get) => `(func (export "${get}") (result ${type} ${type} ${type})
        (struct.${get} $small 0 (global.get $s))
        (struct.${get} $large 3 (global.get $l))
        (struct.${get} $large 6 (global.get $l)))`,
    )
    .join("\n")}`;

const arrays = ({ storage, type, reads }: (typeof storages)[number]) => `
  (type $a (array (mut ${storage})))
  (global $a (mut (ref null $a)) (ref.null none))
  (func (export "new") (param ${type}) (global.set $a (array.new $a (local.get 0) (i32.const 40))))
  (func (export "new_default") (global.set $a (array.new_default $a (i32.const 40))))
  (func (export "set") (param ${type})
    (global.set $a (array.new_fixed $a 3 (local.get 0) (local.get 0) (local.get 0)))
    (array.set $a (global.get $a) (i32.const 1) (local.get 0)))
  (func (export "fill") (param ${type})
    (array.fill $a (global.get $a) (i32.const 1) (local.get 0) (i32.const 2)))
  ${Object.keys(reads)
    .map(
      (get) => `(func (export "${get}") (result ${type} ${type} ${type})
        (array.${get} $a (global.get $a) (i32.const 0))
        (array.${get} $a (global.get $a) (i32.const 1))
        (array.${get} $a (global.get $a) (i32.sub (array.len (global.get $a)) (i32.const 1))))`,
    )
    .join("\n")}`;

export function aggregates(newRuntime: NewRuntime): void {
  const instantiate = (text: string) => newRuntime().instantiate(parse(`(module ${text})`));

  test("what is read is all that is written, and from where it stands", () => {
    const module = instantiate(`(type $wide (struct (field (mut i64)) (field (mut v128))))
      (type $longs (array (mut i64))) (type $vectors (array (mut v128)))
      (func (export "fields") (result i32 i32 i64) (local $x i64) (local $y i32) (local $v v128) (local $z i32) (local $s (ref null $wide))
        (local.set $y (i32.const 5)) (local.set $z (i32.const 6))
        (local.set $s (struct.new $wide (i64.const -1) (v128.const i64x2 -1 -1)))
        (local.set $x (struct.get $wide 0 (local.get $s))) (local.set $v (struct.get $wide 1 (local.get $s)))
        (local.get $y) (local.get $z) (i64.add (local.get $x) (i64x2.extract_lane 1 (local.get $v))))
      (func (export "elements") (result i32 i32 i64) (local $x i64) (local $y i32) (local $v v128) (local $z i32)
        (local.set $y (i32.const 5)) (local.set $z (i32.const 6))
        (local.set $x (array.get $longs (array.new $longs (i64.const -1) (i32.const 2)) (i32.const 0)))
        (local.set $v (array.get $vectors (array.new $vectors (v128.const i64x2 -1 -1) (i32.const 2)) (i32.const 0)))
        (local.get $y) (local.get $z) (i64.add (local.get $x) (i64x2.extract_lane 1 (local.get $v))))
      (func (export "scalar") (param i32 i32 i32) (result i32) (i31.get_s (ref.i31 (local.get 2))))`);
    const call = (name: string, ...args: number[]): unknown => module.exportedFunction(name)!.call(...args);
    assert.deepEqual(call("fields"), [5, 6, -2n]);
    assert.deepEqual(call("elements"), [5, 6, -2n]);
    assert.equal(call("scalar", 1, 2, 3), 3);
  });

  for (const [what, source] of [
    ["structure", structs],
    ["array", arrays],
  ] as const) {
    for (const row of storages) {
      test(`${what} of ${row.storage}`, () => {
        const module = instantiate(source(row));
        const call = (name: string, ...args: unknown[]) => module.exportedFunction(name)!.call(...args);
        for (const [get, pairs] of Object.entries(row.reads)) {
          call("new_default");
          assert.deepEqual(call(get), [row.zero, row.zero, row.zero]);
          for (const [put, got] of pairs) {
            for (const write of ["new", "set"]) {
              call("new_default");
              call(write, put);
              assert.deepEqual(call(get), [got, got, got], `${write} and ${get} of ${String(put)}`);
            }
          }
        }
      });
    }
  }

  test("fields of type f64 keep each bit, and are where those of a supertype are", () => {
    const types = `
      (type $point (sub (struct (field (mut i32)) (field (mut f64)) (field i64) (field (mut f64)))))
      (type $more (sub $point (struct (field (mut i32)) (field (mut f64)) (field i64) (field (mut f64))
        (field (mut externref)) (field (mut f64)) (field v128) (field i32) (field f64))))`;
    const nan = "(f64.const nan:0x4000000000001)";
    const runtime = newRuntime();
    const owner = runtime.instantiate(
      parse(`(module ${types}
      (global (export "more") (ref $point)
        (struct.new $more (i32.const 1) (f64.const -nan) (i64.const 2) (f64.const 0.25) (ref.null extern) ${nan}
          (v128.const i64x2 3 4) (i32.const 5) (f64.const -0)))
      (global (export "none") (ref $point) (struct.new_default $more))
      (func (export "made") (param i64 i64) (result (ref $point))
        (struct.new $more (i32.const 6) (f64.reinterpret_i64 (local.get 0)) (i64.const 7)
          (f64.reinterpret_i64 (local.get 1)) (ref.null extern) (f64.const 8)
          (v128.const i64x2 3 4) (i32.const 9) (f64.const nan))))`),
    );
    const user = runtime.instantiate(
      parse(`(module ${types}
        (import "owner" "more" (global $more (ref $point))) (import "owner" "none" (global $none (ref $point)))
        (import "owner" "made" (func $made (param i64 i64) (result (ref $point))))
        (func $bits (param $p (ref $point)) (result i32 i64 i64 i64 i64 i32 i64) (local $m (ref null $more))
          (local.set $m (ref.cast (ref $more) (local.get $p)))
          (struct.get $point 0 (local.get $p))
          (i64.reinterpret_f64 (struct.get $point 1 (local.get $p)))
          (struct.get $point 2 (local.get $p))
          (i64.reinterpret_f64 (struct.get $point 3 (local.get $p)))
          (i64.reinterpret_f64 (struct.get $more 5 (local.get $m)))
          (struct.get $more 7 (local.get $m))
          (i64.reinterpret_f64 (struct.get $more 8 (local.get $m))))
        (func (export "more") (result i32 i64 i64 i64 i64 i32 i64) (call $bits (global.get $more)))
        (func (export "none") (result i32 i64 i64 i64 i64 i32 i64) (call $bits (global.get $none)))
        (func (export "made") (param i64 i64) (result i32 i64 i64 i64 i64 i32 i64)
          (call $bits (call $made (local.get 0) (local.get 1))))
        (func (export "set") (param i64 f64) (result i32 i64 i64 i64 i64 i32 i64)
          (struct.set $point 1 (global.get $none) (f64.reinterpret_i64 (local.get 0)))
          (struct.set $point 3 (global.get $none) (f64.sqrt (local.get 1)))
          (struct.set $more 5 (ref.cast (ref $more) (global.get $none))
            (struct.get $point 1 (global.get $none)))
          (call $bits (global.get $none))))`),
      { imports: { owner } },
    );
    const call = (name: string, ...args: WasmValue[]) => user.exportedFunction(name)!.call(...args);
    const [negative, payload, signalling] = [0xfff8n << 48n, 0x7ffc_0000_0000_0001n, 0x7ff0_0000_0000_0003n];
    const signed = (bits: bigint) => BigInt.asIntN(64, bits);
    const minusZero = signed(1n << 63n);
    assert.deepEqual(call("more"), [1, signed(negative), 2n, 0x3fd0n << 48n, 0x7ff4_0000_0000_0001n, 5, minusZero]);
    assert.deepEqual(call("none"), [0, 0n, 0n, 0n, 0n, 0, 0n]);
    for (const bits of [negative, payload, signalling, 0x7ff8n << 48n, 0x4000_0000_0000_0001n, 0n, 1n]) {
      assert.deepEqual(call("made", bits, payload), [6, signed(bits), 7n, payload, 0x4020n << 48n, 9, 0x7ff8n << 48n]);
      assert.deepEqual(call("set", bits, 4), [0, signed(bits), 0n, 0x4000n << 48n, signed(bits), 0, 0n]);
    }
  });

  test("a fill writes its range and nothing else", () => {
    const module = instantiate(arrays(storages[3]!));
    module.exportedFunction("new")!.call(7n);
    module.exportedFunction("fill")!.call(2n ** 40n);
    assert.deepEqual(module.exportedFunction("get")!.call(), [7n, 2n ** 40n, 7n]);
  });

  test("floats keep the bits of NaNs in fields and elements", () => {
    const module = instantiate(`
      (type $s (struct (field f32) (field f64)))
      (type $a (array (mut f64)))
      (func (export "run") (param $count i32) (result i32 i64 i64 i64) (local $s (ref $s)) (local $a (ref $a)) (local $x f64)
        (local.set $s (struct.new $s (f32.const nan:0x200001) (f64.const -nan:0x4000000000001)))
        (local.set $a (array.new $a (f64.const nan:0x4000000000002) (local.get $count)))
        (local.set $x (array.get $a (local.get $a) (i32.const 1)))
        (array.set $a (local.get $a) (i32.const 0) (local.get $x))
        (i32.reinterpret_f32 (struct.get $s 0 (local.get $s)))
        (i64.reinterpret_f64 (struct.get $s 1 (local.get $s)))
        (i64.reinterpret_f64 (array.get $a (local.get $a) (i32.const 1)))
        (i64.reinterpret_f64 (array.get $a (local.get $a) (i32.const 0))))`);
    // Many doubles are elements of the host's.
    for (const count of [2, 8, 9, 100]) {
      const [a, b, ...elements] = module.exportedFunction("run")!.call(count) as [number, bigint, bigint, bigint];
      assert.deepEqual([a, BigInt.asUintN(64, b)], [0x7fa00001, 0xfff4000000000001n]);
      assert.deepEqual(elements, [0x7ff4000000000002n, 0x7ff4000000000002n]);
    }
  });

  test("elements of type f64 keep each bit, however they are written and however many there are", () => {
    const module = instantiate(`
      (type $a (array (mut f64)))
      (data $d "\\01\\00\\00\\00\\00\\00\\f0\\ff")
      (global $fixed (ref $a) (array.new_fixed $a 2 (f64.const 1) (f64.const nan:0x4000000000005)))
      (func (export "run") (param $count i32) (param $bits i64) (result i64 i64 i64 i64 i64 i64 i64)
        (local $a (ref $a)) (local $b (ref $a)) (local $last i32) (local $x f64)
        (local.set $last (i32.sub (local.get $count) (i32.const 1)))
        (local.set $x (f64.reinterpret_i64 (local.get $bits)))
        (local.set $a (array.new $a (local.get $x) (local.get $count)))
        (local.set $b (array.new_default $a (local.get $count)))
        (array.fill $a (local.get $b) (i32.const 1) (local.get $x) (i32.sub (local.get $count) (i32.const 2)))
        (i64.reinterpret_f64 (array.get $a (local.get $a) (local.get $last)))
        (i64.reinterpret_f64 (array.get $a (local.get $b) (i32.sub (local.get $last) (i32.const 1))))
        (i64.reinterpret_f64 (array.get $a (local.get $b) (local.get $last)))
        (array.copy $a $a (local.get $b) (i32.const 2) (local.get $b) (i32.const 1) (i32.sub (local.get $count) (i32.const 2)))
        (i64.reinterpret_f64 (array.get $a (local.get $b) (local.get $last)))
        (array.init_data $a $d (local.get $b) (i32.const 3) (i32.const 0) (i32.const 1))
        (i64.reinterpret_f64 (array.get $a (local.get $b) (i32.const 3)))
        (i64.reinterpret_f64 (array.get $a (array.new_fixed $a 2 (f64.const 2) (local.get $x)) (i32.const 1)))
        (i64.reinterpret_f64 (array.get $a (global.get $fixed) (i32.const 1))))`);
    for (const count of [4, 8, 9, 33, 64, 65, 1000]) {
      for (const bits of [
        0x4000_0000_0000_0001n,
        0x7ff0_0000_0000_0003n,
        0x7ff8_0000_0000_0000n,
        0x7ffc_0000_0000_0001n,
      ]) {
        const expected = [bits, bits, 0n, bits, -0xf_ffff_ffff_ffffn, bits, 0x7ff4_0000_0000_0005n];
        assert.deepEqual(module.exportedFunction("run")!.call(count, bits), expected);
      }
    }
  });

  test("arrays share nothing, whatever their length", () => {
    const module = instantiate(`
      (type $8 (array (mut i8))) (type $16 (array (mut i16))) (type $64 (array (mut i64))) (type $f (array (mut f64)))
      (func (export "run") (param $count i32) (result i32 i32 i64 f64)
        (local $a (ref $8)) (local $b (ref $16)) (local $c (ref $64)) (local $d (ref $f))
        (local.set $a (array.new_default $8 (local.get $count))) (local.set $b (array.new $16 (i32.const 7) (local.get $count)))
        (local.set $c (array.new_default $64 (local.get $count))) (local.set $d (array.new_default $f (local.get $count)))
        (array.fill $8 (local.get $a) (i32.const 0) (i32.const -1) (local.get $count))
        (array.fill $64 (local.get $c) (i32.const 0) (i64.const -1) (local.get $count))
        (array.get_u $8 (array.new_default $8 (local.get $count)) (i32.sub (local.get $count) (i32.const 1)))
        (array.get_u $16 (local.get $b) (i32.sub (local.get $count) (i32.const 1)))
        (array.get $64 (local.get $c) (i32.const 0))
        (array.get $f (local.get $d) (i32.const 0)))`);
    for (let count = 1; count < 600; count += 13) {
      assert.deepEqual(module.exportedFunction("run")!.call(count), [0, 7, -1n, 0]);
    }
  });

  test("an array of references holds the host's arrays of numbers as they are", () => {
    const module = instantiate(`
      (type $a (array (mut externref)))
      (func (export "run") (param externref) (result externref externref externref) (local $a (ref $a))
        (local.set $a (array.new $a (local.get 0) (i32.const 3)))
        (array.fill $a (local.get $a) (i32.const 1) (local.get 0) (i32.const 2))
        (array.get $a (local.get $a) (i32.const 0))
        (array.get $a (local.get $a) (i32.const 2))
        (array.get $a (array.new_fixed $a 2 (ref.null extern) (local.get 0)) (i32.const 1)))`);
    const given = Float64Array.of(1);
    for (const got of module.exportedFunction("run")!.call(given) as unknown[]) assert.equal(got, given);
  });

  test("nothing is read from null, beyond the end, or from a segment that was dropped", () => {
    const module = instantiate(`
      (type $s (struct (field (mut i32)) (field (mut i64)) (field (mut i8)) (field (mut anyref))))
      (type $a (array (mut i32))) (type $b (array (mut i8))) (type $r (array (mut anyref))) (type $w (array (mut i64)))
      (data $d "abcdefgh")
      (elem $e i31ref (ref.i31 (i32.const 1)))
      (func (export "null structure reference get") (drop (struct.get $s 0 (ref.null $s))))
      (func (export "null structure reference wide") (drop (struct.get $s 1 (ref.null $s))))
      (func (export "null structure reference packed") (drop (struct.get_u $s 2 (ref.null $s))))
      (func (export "null structure reference reference") (drop (struct.get $s 3 (ref.null $s))))
      (func (export "null structure reference set") (struct.set $s 0 (ref.null $s) (i32.const 1)))
      (func (export "null structure reference set wide") (struct.set $s 1 (ref.null $s) (i64.const 1)))
      (func (export "null array reference get") (drop (array.get $a (ref.null $a) (i32.const 0))))
      (func (export "null array reference len") (drop (array.len (ref.null array))))
      (func (export "null array reference fill") (array.fill $a (ref.null $a) (i32.const 9) (i32.const 0) (i32.const 9)))
      (func (export "null array reference copy")
        (array.copy $a $a (array.new_default $a (i32.const 1)) (i32.const 9) (ref.null $a) (i32.const 0) (i32.const 9)))
      (func (export "null array reference init") (array.init_data $b $d (ref.null $b) (i32.const 0) (i32.const 9) (i32.const 9)))
      (memory 1)
      (func (export "out of bounds memory access before fill")
        (array.fill $a (ref.null $a) (i32.const 0) (i32.const 0) (i32.load (i32.const -1))))
      (func (export "out of bounds memory access before copy")
        (array.copy $a $a (ref.null $a) (i32.const 0) (ref.null $a) (i32.const 0) (i32.load (i32.const -1))))
      (func (export "out of bounds memory access before init")
        (array.init_data $b $d (ref.null $b) (i32.load (i32.const -1)) (i32.const 0) (i32.const 0)))
      (func (export "null i31 reference get") (drop (i31.get_s (ref.null i31))))
      (func (export "out of bounds array access get") (drop (array.get $a (array.new_default $a (i32.const 1)) (i32.const 1))))
      (func (export "out of bounds array access wide") (drop (array.get $w (array.new_default $w (i32.const 1)) (i32.const 1))))
      (func (export "out of bounds array access packed") (drop (array.get_u $b (array.new_default $b (i32.const 1)) (i32.const -1))))
      (func (export "out of bounds array access reference") (drop (array.get $r (array.new_default $r (i32.const 1)) (i32.const 1))))
      (func (export "out of bounds array access set") (array.set $a (array.new_default $a (i32.const 0)) (i32.const 0) (i32.const 1)))
      (func (export "out of bounds array access fill")
        (array.fill $a (array.new_default $a (i32.const 4)) (i32.const 2) (i32.const 0) (i32.const -1)))
      (func (export "out of bounds array access init")
        (array.init_data $b $d (array.new_default $b (i32.const 1)) (i32.const 0) (i32.const 0) (i32.const 2)))
      (func (export "out of bounds memory access new") (drop (array.new_data $w $d (i32.const 1) (i32.const 1))))
      (func (export "out of bounds memory access huge") (drop (array.new_data $w $d (i32.const 0) (i32.const -1))))
      (func (export "out of bounds memory access dropped") (data.drop $d) (drop (array.new_data $b $d (i32.const 0) (i32.const 1))))
      (func (export "out of bounds table access new") (drop (array.new_elem $r $e (i32.const 0) (i32.const 2))))
      (func (export "out of bounds table access dropped") (elem.drop $e) (drop (array.new_elem $r $e (i32.const 0) (i32.const 1))))
      (func (export "requested new array is too large") (drop (array.new $a (i32.const 1) (i32.const -1))))
      (func (export "requested new array is too large reference") (drop (array.new_default $r (i32.const -1))))`);
    for (const name of module.exportNames) {
      assert.throws(
        () => module.exportedFunction(name)!.call(),
        (error) => error instanceof Trap && name.startsWith(error.message) && error.wasmStack.length === 1,
        name,
      );
    }
  });

  test("a read that waits sees what was there before a write", () => {
    const module = instantiate(`
      (type $s (struct (field (mut i32)) (field (mut i64))))
      (type $a (array (mut i32)))
      (func (export "field") (result i32 i32) (local $s (ref $s))
        (local.set $s (struct.new $s (i32.const 1) (i64.const 0)))
        (struct.get $s 0 (local.get $s))
        (struct.set $s 0 (local.get $s) (i32.const 2))
        (struct.get $s 0 (local.get $s)))
      (func (export "element") (result i32 i32) (local $a (ref $a))
        (local.set $a (array.new $a (i32.const 1) (i32.const 3)))
        (array.get $a (local.get $a) (i32.const 1))
        (array.fill $a (local.get $a) (i32.const 0) (i32.const 2) (i32.const 2))
        (array.get $a (local.get $a) (i32.const 1)))
      (func $write (param (ref $s)) (struct.set $s 0 (local.get 0) (i32.const 2)))
      (func (export "call") (result i32 i32) (local $s (ref $s))
        (local.set $s (struct.new $s (i32.const 1) (i64.const 0)))
        (struct.get $s 0 (local.get $s))
        (call $write (local.get $s))
        (struct.get $s 0 (local.get $s)))
      (func (export "local") (result i32 i32) (local $s (ref null $s))
        (local.set $s (struct.new $s (i32.const 1) (i64.const 0)))
        (struct.get $s 0 (local.get $s))
        (local.set $s (struct.new $s (i32.const 2) (i64.const 0)))
        (struct.get $s 0 (local.get $s)))`);
    for (const name of module.exportNames) assert.deepEqual(module.exportedFunction(name)!.call(), [1, 2], name);
  });

  test("elements come from segments and from other arrays", () => {
    const module = instantiate(`
      (type $b (array (mut i8))) (type $w (array (mut i64))) (type $i (array (mut i31ref))) (type $e (array (mut eqref)))
      (data $d "\\01\\02\\03\\04\\05\\06\\07\\08\\09")
      (elem $n i31ref (ref.i31 (i32.const 10)) (ref.i31 (i32.const 20)) (ref.null i31))
      (func (export "data") (result i64 i32) (local $b (ref $b))
        (array.get $w (array.new_data $w $d (i32.const 1) (i32.const 1)) (i32.const 0))
        (local.set $b (array.new_default $b (i32.const 4)))
        (array.init_data $b $d (local.get $b) (i32.const 1) (i32.const 6) (i32.const 3))
        (array.copy $b $b (local.get $b) (i32.const 0) (local.get $b) (i32.const 1) (i32.const 3))
        (array.get_u $b (local.get $b) (i32.const 3)))
      (func (export "elements") (result eqref eqref i32) (local $i (ref $i)) (local $e (ref $e))
        (local.set $i (array.new_elem $i $n (i32.const 1) (i32.const 2)))
        (local.set $e (array.new $e (ref.i31 (i32.const 5)) (i32.const 4)))
        (array.copy $e $i (local.get $e) (i32.const 2) (local.get $i) (i32.const 0) (i32.const 2))
        (array.init_elem $e $n (local.get $e) (i32.const 0) (i32.const 0) (i32.const 1))
        (array.get $e (local.get $e) (i32.const 0))
        (array.get $e (local.get $e) (i32.const 2))
        (ref.is_null (array.get $e (local.get $e) (i32.const 3))))`);
    assert.deepEqual(module.exportedFunction("data")!.call(), [0x0908070605040302n, 9]);
    assert.deepEqual(module.exportedFunction("elements")!.call(), [10, 20, 1]);
  });
}
