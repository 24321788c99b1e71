// The interpreter's opcodes for loads and stores by address form: R a register, K a register plus a constant, X the sum of two
// registers, S a register plus a shifted one, T a shifted register plus a constant, A a constant.
import { type CodeOp, double, word } from "./op.ts";

interface Access {
  readonly size: number;
  /** Statements that move between memory at `x` and the register `$d` (or, for a store, the value `$v`). */
  readonly move: (register: string) => string;
  /** The same for closures, checks included: without a JIT a typed array is several times faster than a DataView. */
  readonly closureMove?: (register: string) => string;
}

const address: Readonly<Record<string, { operands: number; source: string }>> = {
  R: { operands: 2, source: `x = (${word("$1")} >>> 0) + $2; ` },
  K: { operands: 3, source: `x = (${word("$1")} + $2 >>> 0) + $3; ` },
  X: { operands: 3, source: `x = (${word("$1")} + ${word("$2")} >>> 0) + $3; ` },
  S: { operands: 4, source: `x = (${word("$1")} + (${word("$2")} << $3) >>> 0) + $4; ` },
  T: { operands: 4, source: `x = ((${word("$1")} << $2) + $3 >>> 0) + $4; ` },
  A: { operands: 1, source: "x = $1; " },
};

const toWord =
  (read: string) =>
  (d: string): string =>
    `${word(d)} = ${read}`;
const toPair =
  (read: string, high: string) =>
  (d: string): string =>
    `lo = ${read}; d = fp + ${d}; I[d] = lo; I[d + 1] = ${high}`;

/** Moves words between `M32` and registers where the address is aligned, else by the plain way. */
const aligned =
  (size: number, words: (register: string) => string, move: (register: string) => string) =>
  (register: string): string =>
    `if ((x & 3) === 0 && x <= limit - ${size}) { ${words(register)} } else { @check(${size}); ${move(register)} }`;

const wordLoad = toWord("V.getInt32(x, true)");
const pairLoad = toPair("V.getInt32(x, true)", "V.getInt32(x + 4, true)");
const loadTwoWords = (d: string): string => `d = fp + ${d}; y = x >>> 2; I[d] = M32[y]; I[d + 1] = M32[y + 1]`;
const wordStore = (v: string): string => `V.setInt32(x, ${v}, true)`;
const pairStore = (v: string): string => `d = fp + ${v}; V.setInt32(x, I[d], true); V.setInt32(x + 4, I[d + 1], true)`;
const storeTwoWords = (v: string): string => `d = fp + ${v}; y = x >>> 2; M32[y] = I[d]; M32[y + 1] = I[d + 1]`;

const loads: Readonly<Record<string, Access>> = {
  "i32.load": { size: 4, move: wordLoad, closureMove: aligned(4, (d) => `${word(d)} = M32[x >>> 2]`, wordLoad) },
  "i32.load8_s": { size: 1, move: toWord("V.getInt8(x)") },
  "i32.load8_u": { size: 1, move: toWord("V.getUint8(x)"), closureMove: (d) => `@check(1); ${word(d)} = M8[x]` },
  "i32.load16_s": { size: 2, move: toWord("V.getInt16(x, true)") },
  "i32.load16_u": { size: 2, move: toWord("V.getUint16(x, true)") },
  "i64.load": { size: 8, move: pairLoad, closureMove: aligned(8, loadTwoWords, pairLoad) },
  // A NaN goes by words: a host may change its bits as a number.
  "f64.load": {
    size: 8,
    move: (d) =>
      `v = V.getFloat64(x, true); if (v === v) ${double(d)} = v; else { d = fp + ${d}; I[d] = V.getInt32(x, true); I[d + 1] = V.getInt32(x + 4, true); }`,
    closureMove: aligned(8, loadTwoWords, pairLoad),
  },
  "i64.load8_s": { size: 1, move: toPair("V.getInt8(x)", "lo >> 31") },
  "i64.load8_u": { size: 1, move: toPair("V.getUint8(x)", "0") },
  "i64.load16_s": { size: 2, move: toPair("V.getInt16(x, true)", "lo >> 31") },
  "i64.load16_u": { size: 2, move: toPair("V.getUint16(x, true)", "0") },
  "i64.load32_s": { size: 4, move: toPair("V.getInt32(x, true)", "lo >> 31") },
  "i64.load32_u": { size: 4, move: toPair("V.getInt32(x, true)", "0") },
};

const stores: Readonly<Record<string, Access>> = {
  "i32.store": { size: 4, move: wordStore, closureMove: aligned(4, (v) => `M32[x >>> 2] = ${v}`, wordStore) },
  "i32.store8": { size: 1, move: (v) => `V.setInt8(x, ${v})`, closureMove: (v) => `@check(1); M8[x] = ${v}` },
  "i32.store16": { size: 2, move: (v) => `V.setInt16(x, ${v}, true)` },
};

const wideStores: Readonly<Record<string, Access>> = {
  "i64.store": { size: 8, move: pairStore, closureMove: aligned(8, storeTwoWords, pairStore) },
  "f64.store": {
    size: 8,
    move: (v) =>
      `v = ${double(v)}; if (v === v) V.setFloat64(x, v, true); else { d = fp + ${v}; V.setInt32(x, I[d], true); V.setInt32(x + 4, I[d + 1], true); }`,
    closureMove: aligned(8, storeTwoWords, pairStore),
  },
};

/** Address forms of the accesses common enough to have more than R. */
const loadForms: Readonly<Record<string, string>> = {
  "i32.load": "RKXSTA",
  "i32.load8_u": "RKXST",
  "i32.load8_s": "RX",
  "i32.load16_u": "RXS",
  "i64.load": "RKXST",
  "f64.load": "RKXST",
};

const storeForms: Readonly<Record<string, string>> = {
  "i32.store": "RKXSTA",
  "i32.store8": "RKX",
  "i32.store16": "RX",
  "i64.store": "RKXS",
  "f64.store": "RKXST",
};

/** Address forms of stores of a constant. */
const constantForms = "RA";

function accessOp(
  name: string,
  form: string,
  access: Access,
  register: (token: string) => string,
  suffix = "",
): CodeOp {
  const { operands, source } = address[form]!;
  const token = `$${operands + 1}`;
  return {
    name: `${name}.${form}${suffix}`,
    length: operands + 2,
    body: `${source}@check(${access.size}); ${access.move(register(token))}`,
    ...(access.closureMove && { closureBody: source + access.closureMove(register(token)) }),
  };
}

const same = (token: string): string => token;

const beyond = "!== 0) @fail(4); ";
/** Of an addition to the low word `al` that gave `lo`. */
const carry = "((lo ^ -2147483648) < (al ^ -2147483648) | 0)";
const base = (at: string): string => `x = fp + ${at}; al = I[x]; `;
/** The high word of `bl` after a shift, given the high word before. */
const shifted = (shift: string, high: string): string => `((${high}) << ${shift} | bl >>> 1 >>> ~${shift})`;

/**
 * What makes one word of an i64 address, or traps where it is no less than 2^32: an access in its form R follows. C only checks a
 * register, K adds a constant, E a shifted index, T is a shifted index plus a constant. An index is a word that is extended by its sign where
 * `Extension` is -1, by zeros where it is 0; with E, where it is 1, a register of two words.
 */
export const addressOps: readonly CodeOp[] = [
  { name: "addressC", length: 2, body: `if (I[fp + $1 + 1] ${beyond}` },
  {
    name: "addressK",
    length: 4,
    body: `${base("$1")}lo = al + $2 | 0; if ((I[x + 1] + ($2 >> 31) + ${carry} | 0) ${beyond}${word("$3")} = lo`,
  },
  {
    name: "addressE",
    length: 6,
    body: `${base("$1")}y = fp + $2; bl = I[y]; lo = al + (bl << $3) | 0; if ((I[x + 1] + ${shifted("$3", "$4 > 0 ? I[y + 1] : bl >> 31 & $4")} + ${carry} | 0) ${beyond}${word("$5")} = lo`,
  },
  {
    name: "addressT",
    length: 6,
    body: `al = $4; bl = ${word("$1")}; lo = al + (bl << $2) | 0; if (((al >> 31) + ${shifted("$2", "bl >> 31 & $3")} + ${carry} | 0) ${beyond}${word("$5")} = lo`,
  },
];

export function memoryOps(): CodeOp[] {
  const ops: CodeOp[] = [];
  for (const [name, access] of Object.entries(loads)) {
    for (const form of loadForms[name] ?? "R") ops.push(accessOp(name, form, access, same));
  }
  for (const [name, forms] of Object.entries(storeForms)) {
    const narrow = stores[name];
    for (const form of forms) ops.push(accessOp(name, form, narrow ?? wideStores[name]!, narrow ? word : same, ".R"));
    for (const form of narrow ? constantForms : "")
      if (forms.includes(form)) ops.push(accessOp(name, form, narrow!, same, ".K"));
  }
  return ops;
}
