// Gives the binaries of the program's guests.
import { readFileSync } from "node:fs";
import { parse } from "../../dist/bundled/text.js";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root));
const expected = JSON.parse(read("bench/kernels/expected.json"));
const names = [
  "fib",
  "xxh64",
  "sha512",
  "biquad",
  "raster",
  "mandelbrot",
  "crc32",
  "bulk",
  "bintrees",
  "indirect",
  "vm",
  "chacha_simd",
];

const traps = parse(`(module
  (memory 1) (table $t 3 funcref) (elem (i32.const 0) $none) (type $unary (func (param i32) (result i32)))
  (type $point (struct (field i32))) (func $none)
  (func (export "unreachable") (param i32) (unreachable))
  (func (export "divide") (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 0)))
  (func (export "overflow") (param i32) (result i32) (i32.div_s (i32.const 0x80000000) (i32.sub (i32.const 0) (local.get 0))))
  (func (export "divide64") (param i32) (result i64) (i64.rem_u (i64.extend_i32_s (local.get 0)) (i64.const 0)))
  (func (export "truncate") (param i32) (result i32) (i32.trunc_f64_s (f64.div (f64.convert_i32_s (local.get 0)) (f64.const 0))))
  (func (export "load8") (param i32) (result i32) (i32.load8_u (i32.mul (local.get 0) (i32.const 65536))))
  (func (export "load32") (param i32) (result i32) (i32.load (i32.sub (i32.const 65532) (i32.sub (i32.const 1) (local.get 0)))))
  (func (export "load64") (param i32) (result i64) (i64.load (i32.mul (local.get 0) (i32.const 65529))))
  (func (export "loadf") (param i32) (result f64) (f64.load offset=65530 (local.get 0)))
  (func (export "lanes") (param i32) (result i32) (i32x4.extract_lane 0 (v128.load offset=65530 (local.get 0))))
  (func (export "store") (param i32) (i32.store offset=0xffffffff (local.get 0) (i32.const 1)))
  (func (export "fill") (param i32) (memory.fill (i32.const 65535) (i32.const 1) (i32.add (local.get 0) (i32.const 1))))
  (func (export "signature") (param i32) (result i32)
    (call_indirect $t (type $unary) (local.get 0) (i32.mul (i32.const 3) (i32.sub (local.get 0) (i32.const 1)))))
  (func (export "uninitialized") (param i32) (result i32) (call_indirect $t (type $unary) (local.get 0) (i32.const 1)))
  (func (export "null") (param i32) (result i32) (struct.get $point 0 (ref.null $point)))
  (func (export "cast") (param i32) (result i32) (i31.get_s (ref.cast (ref i31) (struct.new $point (local.get 0))))))`);

const deep = parse(`(module
  (func $back (import "env" "back") (param i32) (result i32))
  (func $down (export "down") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0))))
  (func $wide (export "wide") (param i32) (result i64) (local i64 i64 f64 f32)
    (local.set 1 (i64.extend_i32_s (local.get 0))) (local.set 3 (f64.convert_i32_s (local.get 0)))
    (if (result i64) (local.get 0)
      (then (i64.add (i64.add (local.get 1) (call $wide (i32.sub (local.get 0) (i32.const 1)))) (i64.trunc_f64_s (local.get 3))))
      (else (i64.const 0))))
  (func (export "through") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 1) (call $back (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0))))
  (func $tail (export "tail") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (return_call $tail (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 5)))))`);

/** A bit of everything that is not in the kernels. */
const everything = parse(read("test/hosts/everything.wat").toString());

const kernels = (names, size) =>
  Object.fromEntries(
    names.map((name) => [name, { binary: read(`bench/kernels/${name}.wasm`), ...expected[name][size] }]),
  );

export const modules = {
  kernels: kernels(names, "tiny"),
  timed: kernels(["fib", "crc32", "sha512", "nbody", "matmul", "quicksort", "bintrees", "vm"], "small"),
  hello: read("examples/hello/hello.wasm"),
  everything,
  traps,
  deep,
};
