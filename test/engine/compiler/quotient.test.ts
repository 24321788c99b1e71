// An unsigned quotient by a constant is the upper half of a product.
import assert from "node:assert/strict";
import { test } from "node:test";
import { quotient } from "#dist/engine/compiler/quotient.js";
import { Writer } from "#dist/engine/compiler/writer.js";

type Divide = (x: bigint, u: typeof BigInt.asUintN) => bigint;

function divisionBy(divisor: bigint): Divide | null {
  const writer = new Writer(false);
  const source = quotient(writer, "x", divisor);
  const body = `${writer.declarations()}${writer.lines.join("\n")}return ${source}`;
  return source === null ? null : (new Function("x", "u", body) as Divide);
}

const top = 2n ** 64n - 1n;
const powers = [1n, 5n, 31n, 32n, 33n, 52n, 63n].map((by) => 2n ** by);
const divisors = [
  ...powers,
  ...[3n, 5n, 6n, 10n, 11n, 60n, 100n, 641n, 1000n, 3600n, 65537n, 1_000_000n, 1_000_000_000n, 6_700_417n],
  ...[2n ** 32n - 1n, 2n ** 32n + 1n, 10n ** 19n, top - 1n, top],
];

for (const divisor of divisors) {
  test(`by ${divisor}`, () => {
    const divide = divisionBy(divisor);
    // Where the factor would have 65 bits, hosts divide.
    if (divide === null) return assert.equal(divisor % 2n, 1n);
    const around = [1n, 2n, 3n, 1n << 32n, top / divisor, top / divisor / 2n].flatMap((times) =>
      [-1n, 0n, 1n].map((by) => BigInt.asUintN(64, times * divisor + by)),
    );
    for (const x of [0n, top, top >> 1n, 0x9e3779b97f4a7c15n, ...powers, ...around]) {
      assert.equal(divide(x, BigInt.asUintN), x / divisor, `${x} by ${divisor}`);
    }
  });
}

test("by 7: no factor of 64 bits is near enough", () => assert.equal(divisionBy(7n), null));

test("by a number of nine decimal digits: the source", () => {
  const writer = new Writer(false);
  assert.equal(
    quotient(writer, "u1", 1_000_000_000n),
    "u(64,u(64,u(64,u(64,tb2*288230376n)+u(64,tb3>>32n))+u(64,u(64,u(64,tb1*288230376n)+u(64,tb3&4294967295n))>>32n))>>25n)",
  );
  assert.deepEqual(writer.lines, [
    "tb0=u(64,u1>>1n);",
    "tb1=u(64,tb0&4294967295n);",
    "tb2=u(64,tb0>>32n);",
    "tb3=u(64,u(64,tb2*651596979n)+u(64,u(64,tb1*651596979n)>>32n));",
  ]);
});
