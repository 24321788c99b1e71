// The interpreter's opcodes that have a better way than the template of their instruction, by name (specification: 4.3 Numerics).
import type { NumericOp } from "../../src/num/op.ts";
import { single, word } from "./op.ts";

/** Of dividends that give a quotient of one word: the quotient with its fraction in `u`. Both round, by less than 2^-20 together. */
const oneWord =
  "bh === 0 && (ah >>> 0) < (bl >>> 0) && (u = ((ah >>> 0) * 4294967296 + (al >>> 0)) / (bl >>> 0), " +
  "(ah >>> 0) < 2097152 || (v = u - Math.floor(u)) > 2e-6 && v < 0.999998)";

/** A condition, and the value where it holds: what remains are the guards and the template. */
interface Shortcut {
  readonly when: string;
  readonly value: NumericOp["value"];
}

export const shortcuts: Readonly<Record<string, Shortcut>> = {
  "i64.div_u": { when: oneWord, value: { lo: "u | 0", hi: "0" } },
  "i64.rem_u": { when: oneWord, value: { lo: "al - Math.imul(u | 0, bl) | 0", hi: "0" } },
};

/** The words of an operand, exchanged where the constant `bl` moves by a word and more: nothing is left to predict. */
const exchanged = "x = fp + $1; bl = $2; y = bl >>> 5 & 1; al = I[x + y]; ah = I[x + (y ^ 1)]; ";

/** A call of the general function would make an object of the number. */
const saturated = (limits: string, general: string): string =>
  `u = ${single("$1")}; ${word("$2")} = ${limits} ? u | 0 : ${general}(u)`;

export const bodies: Readonly<Record<string, string>> = {
  "i64.rotl.RK": `${exchanged}d = fp + $4; I[d] = al << bl | ah >>> 1 >>> ~bl; I[d + 1] = ah << bl | al >>> 1 >>> ~bl`,
  "i32.trunc_sat_f32_s.R": saturated("u > -2147483648 && u < 2147483648", "i32SatS"),
  "i32.trunc_sat_f32_u.R": saturated("u > 0 && u < 4294967295", "i32SatU"),
};
