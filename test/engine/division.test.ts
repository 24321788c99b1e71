// Takes unsigned i64 divisions next to where quotients change, gives what arithmetic without limits gives, in the forms of dispatch.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm/interpreter";
import { parse } from "zerowasm/text";

const binary = parse(`(module
  (func (export "quotient") (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func (export "remainder") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)))
  (func (export "billions") (param i64) (result i64) (i64.div_u (local.get 0) (i64.const 1000000000))))`);

const divisors = [1n, 3n, 10n, 65537n, 1000000000n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n, 0x1fffffffffn];
const quotients = [0n, 1n, 9n, 0x1fffffn, 0x200001n, 0x7fffffffn, 0x80000001n, 0xfffffffen, 0xffffffffn];

for (const dispatch of ["switch", "closures"] as const) {
  test(`${dispatch}: a dividend just below, at and just above a multiple`, () => {
    const module = new Runtime({ dispatch }).instantiate(binary);
    const call = (name: string, ...args: bigint[]) =>
      BigInt.asUintN(64, module.exportedFunction(name)!.call(...args.map((x) => BigInt.asIntN(64, x))) as bigint);
    for (const divisor of divisors) {
      for (const quotient of quotients) {
        for (const by of [-1n, 0n, 1n]) {
          const dividend = BigInt.asUintN(64, quotient * divisor + by);
          const what = `${dividend} by ${divisor}`;
          assert.equal(call("quotient", dividend, divisor), dividend / divisor, what);
          assert.equal(call("remainder", dividend, divisor), dividend % divisor, what);
          assert.equal(call("billions", dividend), dividend / 1000000000n, what);
        }
      }
    }
  });
}
