// Takes a constant divisor, gives an unsigned 64-bit quotient as a product's upper half (specification: 4.3.2 Integer operations).
import type { Writer } from "./writer.ts";

/** What stands for a division: `((x >> before) * factor >> 64) >> after`. */
interface Product {
  readonly before: bigint;
  readonly factor: bigint;
  readonly after: bigint;
}

/** A factor is exact for all dividends if it is too large by no more than what their bits allow (Granlund and Montgomery, 1994). */
function productFor(divisor: bigint): Product | null {
  for (let before = 0n; before === 0n || (divisor >> (before - 1n)) % 2n === 0n; before++) {
    const odd = divisor >> before;
    for (let after = 0n; ; after++) {
      const power = 1n << (64n + after);
      const factor = (power + odd - 1n) / odd;
      if (factor >> 64n !== 0n) break;
      if (factor * odd - power <= 1n << (after + before)) return { before, factor, after };
    }
  }
  return null;
}

/** The quotient of a whole i64 by a constant; null if no factor of 64 bits is near enough. V8 divides with more checks than work. */
export function quotient(writer: Writer, dividend: string, divisor: bigint): string | null {
  const product = productFor(divisor);
  if (product === null) return null;
  const { before, factor, after } = product;
  const x = before === 0n ? dividend : writer.nameWide(`u(64,${dividend}>>${before}n)`);
  const low = writer.nameWide(`u(64,${x}&4294967295n)`);
  const high = writer.nameWide(`u(64,${x}>>32n)`);
  const [a, b] = [`${factor & 0xffffffffn}n`, `${factor >> 32n}n`];
  const middle = writer.nameWide(`u(64,u(64,${high}*${a})+u(64,u(64,${low}*${a})>>32n))`);
  const carry = `u(64,u(64,u(64,${low}*${b})+u(64,${middle}&4294967295n))>>32n)`;
  return `u(64,u(64,u(64,u(64,${high}*${b})+u(64,${middle}>>32n))+${carry})>>${after}n)`;
}
