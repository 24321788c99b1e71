// The interpreter's opcodes for loads and stores, by address form: R register, X sum of two registers, S register plus a shifted one.
import { type CodeOp, double, word } from "./op.ts";

interface Access {
  readonly size: number;
  /** Statements that move between memory at `x` and the register `$d` (or, for a store, the value `$v`). */
  readonly move: (register: string) => string;
}

const address: Readonly<Record<string, { operands: number; source: string }>> = {
  R: { operands: 2, source: `x = (${word("$1")} >>> 0) + $2; ` },
  X: { operands: 3, source: `x = (${word("$1")} + ${word("$2")} >>> 0) + $3; ` },
  S: { operands: 4, source: `x = (${word("$1")} + (${word("$2")} << $3) >>> 0) + $4; ` },
};

const toWord =
  (read: string) =>
  (d: string): string =>
    `${word(d)} = ${read}`;
const toPair =
  (read: string, high: string) =>
  (d: string): string =>
    `lo = ${read}; d = fp + ${d}; I[d] = lo; I[d + 1] = ${high}`;

const loads: Readonly<Record<string, Access>> = {
  "i32.load": { size: 4, move: toWord("V.getInt32(x, true)") },
  "i32.load8_s": { size: 1, move: toWord("V.getInt8(x)") },
  "i32.load8_u": { size: 1, move: toWord("V.getUint8(x)") },
  "i32.load16_s": { size: 2, move: toWord("V.getInt16(x, true)") },
  "i32.load16_u": { size: 2, move: toWord("V.getUint16(x, true)") },
  "i64.load": { size: 8, move: toPair("V.getInt32(x, true)", "V.getInt32(x + 4, true)") },
  // A NaN goes by words: a host may change its bits as a number.
  "f64.load": {
    size: 8,
    move: (d) =>
      `v = V.getFloat64(x, true); if (v === v) ${double(d)} = v; else { d = fp + ${d}; I[d] = V.getInt32(x, true); I[d + 1] = V.getInt32(x + 4, true); }`,
  },
  "i64.load8_s": { size: 1, move: toPair("V.getInt8(x)", "lo >> 31") },
  "i64.load8_u": { size: 1, move: toPair("V.getUint8(x)", "0") },
  "i64.load16_s": { size: 2, move: toPair("V.getInt16(x, true)", "lo >> 31") },
  "i64.load16_u": { size: 2, move: toPair("V.getUint16(x, true)", "0") },
  "i64.load32_s": { size: 4, move: toPair("V.getInt32(x, true)", "lo >> 31") },
  "i64.load32_u": { size: 4, move: toPair("V.getInt32(x, true)", "0") },
};

const stores: Readonly<Record<string, Access>> = {
  "i32.store": { size: 4, move: (v) => `V.setInt32(x, ${v}, true)` },
  "i32.store8": { size: 1, move: (v) => `V.setInt8(x, ${v})` },
  "i32.store16": { size: 2, move: (v) => `V.setInt16(x, ${v}, true)` },
};

const wideStores: Readonly<Record<string, Access>> = {
  "i64.store": { size: 8, move: (v) => `d = fp + ${v}; V.setInt32(x, I[d], true); V.setInt32(x + 4, I[d + 1], true)` },
  "f64.store": {
    size: 8,
    move: (v) =>
      `v = ${double(v)}; if (v === v) V.setFloat64(x, v, true); else { d = fp + ${v}; V.setInt32(x, I[d], true); V.setInt32(x + 4, I[d + 1], true); }`,
  },
};

/** Loads common enough to have every address form. */
const common = new Set(["i32.load", "i32.load8_u", "i32.load8_s", "i32.load16_u", "i64.load", "f64.load"]);

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
  };
}

const same = (token: string): string => token;

export function memoryOps(): CodeOp[] {
  const ops: CodeOp[] = [];
  for (const [name, access] of Object.entries(loads)) {
    for (const form of common.has(name) ? ["R", "X", "S"] : ["R"]) ops.push(accessOp(name, form, access, same));
  }
  for (const form of ["R", "X", "S"]) {
    for (const [name, access] of Object.entries(stores)) {
      ops.push(accessOp(name, form, access, word, ".R"));
      if (form !== "S") ops.push(accessOp(name, form, access, same, ".K"));
    }
    for (const [name, access] of Object.entries(wideStores)) ops.push(accessOp(name, form, access, same, ".R"));
  }
  return ops;
}
