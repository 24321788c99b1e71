// The list of the interpreter's opcodes, in the order of their numbers. Control that touches frames is written out in the printers.
import { readFileSync } from "node:fs";
import { addressOps, memoryOps } from "./memory.ts";
import { branchOp, fusedOp, numericNames, valueOp } from "./numeric.ts";
import { type CodeOp, secondHalf, word } from "./op.ts";
import { isRare } from "./rare-vectors.ts";
import { referenceOps } from "./references.ts";
import { signatureOf } from "./signature.ts";
import { vectorNumericOps } from "./vector.ts";
import { vectorMoveOps } from "./vector-moves.ts";

/** Opcodes whose code each printer writes itself; the length counts the opcode, 0 for a variable one. */
export const specials: readonly { readonly name: string; readonly length: number }[] = [
  { name: "exit", length: 1 },
  { name: "crossReturn", length: 1 },
  { name: "call", length: 3 },
  { name: "callImport", length: 3 },
  { name: "callIndirect", length: 5 },
  { name: "ret", length: 2 },
  { name: "brTable", length: 0 },
  { name: "rare", length: 0 },
  { name: "aggregate", length: 0 },
  { name: "callRef", length: 3 },
  { name: "tailCall", length: 5 },
  { name: "tailCallImport", length: 4 },
  { name: "tailCallIndirect", length: 6 },
  { name: "tailCallRef", length: 4 },
  { name: "throw", length: 3 },
  { name: "throwRef", length: 2 },
  { name: "hot", length: 4 },
  { name: "compiled", length: 4 },
  { name: "hotLoop", length: 5 },
  { name: "profile", length: 4 },
  { name: "count", length: 4 },
  { name: "countLoop", length: 5 },
];

const moves: readonly CodeOp[] = [
  { name: "mov1", length: 3, body: `${word("$2")} = ${word("$1")}` },
  { name: "mov2", length: 3, body: "x = fp + $1; d = fp + $2; lo = I[x]; I[d + 1] = I[x + 1]; I[d] = lo" },
  { name: "movRef", length: 3, body: "R[fp + $2 >> 1] = R[fp + $1 >> 1]" },
  { name: "const1", length: 3, body: `${word("$2")} = $1` },
  { name: "const2", length: 4, body: "d = fp + $3; I[d] = $1; I[d + 1] = $2" },
  { name: "select1", length: 5, body: `${word("$4")} = ${word("$3")} !== 0 ? ${word("$1")} : ${word("$2")}` },
  {
    name: "select2",
    length: 5,
    body: `x = ${word("$3")} !== 0 ? fp + $1 : fp + $2; d = fp + $4; lo = I[x]; I[d + 1] = I[x + 1]; I[d] = lo`,
  },
  { name: "globalGet1", length: 3, body: `${word("$2")} = G[$1]` },
  { name: "globalGet2", length: 3, body: "d = fp + $2; I[d] = G[$1]; I[d + 1] = G[$1 + 1]" },
  { name: "globalSet1", length: 3, body: `G[$2] = ${word("$1")}` },
  { name: "globalSet2", length: 3, body: "x = fp + $1; G[$2] = I[x]; G[$2 + 1] = I[x + 1]" },
  { name: "memorySize", length: 2, body: `${word("$1")} = limit / 65536` },
  { name: "unreachable", length: 1, body: "@fail(0)" },
  { name: "f32.neg.R", length: 3, body: `${word("$2")} = ${word("$1")} ^ -2147483648` },
  { name: "f32.abs.R", length: 3, body: `${word("$2")} = ${word("$1")} & 2147483647` },
  { name: "f64.neg.R", length: 3, body: "x = fp + $1; d = fp + $2; I[d] = I[x]; I[d + 1] = I[x + 1] ^ -2147483648" },
  { name: "f64.abs.R", length: 3, body: "x = fp + $1; d = fp + $2; I[d] = I[x]; I[d + 1] = I[x + 1] & 2147483647" },
  {
    name: "f32.copysign.RR",
    length: 4,
    body: `${word("$3")} = ${word("$1")} & 2147483647 | ${word("$2")} & -2147483648`,
  },
  {
    name: "f64.copysign.RR",
    length: 4,
    body: "x = fp + $1; y = fp + $2; d = fp + $3; I[d] = I[x]; I[d + 1] = I[x + 1] & 2147483647 | I[y + 1] & -2147483648",
  },
];

const branches: readonly CodeOp[] = [
  { name: "br", length: 2, body: "", condition: "true" },
  { name: "brnz", length: 3, body: "", condition: `${word("$1")} !== 0` },
  { name: "brz", length: 3, body: "", condition: `${word("$1")} === 0` },
  { name: "brAndnz.RK", length: 4, body: "", condition: `(${word("$1")} & $2) !== 0` },
  { name: "brAndz.RK", length: 4, body: "", condition: `(${word("$1")} & $2) === 0` },
];

/** Comparisons of registers that others do with their operands exchanged. */
const isMirrored = (name: string) => /\.g[te](_[su])?$/.test(name);

/** Comparisons whose branch and its opposite both exist among the integer ones. */
const isIntegerCompare = (name: string) => /^i(32|64)\.(eq|ne|[lg][te]_[su])$/.test(name);
const isFloatCompare = (name: string) => /^f(32|64)\.(eq|ne|[lg][te])$/.test(name);

/** Floats have their constants in registers; these of i64 gain little from one in the code. */
const noConstant = /^(f32|f64)|i64\.(div_s|rem_[su]|[gl][et]_[su])$/;

function numericOpcodes(): CodeOp[] {
  const ops: CodeOp[] = [];
  for (const name of numericNames) {
    if (name === "i32.wrap_i64") continue; // the low word is the value
    const { params } = signatureOf(name);
    if (params.length === 1) ops.push(valueOp(name, "R"));
    else {
      if (!isMirrored(name)) ops.push(valueOp(name, "RR"));
      if (!noConstant.test(name)) ops.push(valueOp(name, "RK"));
      if (name === "i32.sub" || name === "i32.shl") ops.push(valueOp(name, "KR"));
    }
    if (isIntegerCompare(name)) ops.push(branchOp(name, "RK"));
    if (isMirrored(name)) continue;
    if (isIntegerCompare(name)) ops.push(branchOp(name, "RR"));
    if (isFloatCompare(name)) ops.push(branchOp(name, "RR"));
    // Not equal is the opposite of equal; a NaN makes the others both false.
    if (isFloatCompare(name) && !/\.(eq|ne)$/.test(name)) ops.push(branchOp(name, "RR", true));
  }
  return ops;
}

/** Opcodes that wait in a function of their own, so that the loop stays under the size up to which V8 optimises it. */
const cold = [
  /^i64\.(clz|ctz|popcnt|div_s|rem_s|div_u\.RR|extend8_s|extend16_s|rotl\.RR|rotr|trunc)/,
  /^i64\.(shl|shr_s|shr_u)\.RR$/,
  /^f(32|64)\.(eq|ne|le)\.RR$/,
  /^address[ET]$|^i64\.(load\.[ST]|store\.[XS]\.R)$|^f64\.(load\.X|store\.[XS]\.R)$/,
  /^i32\.(clz|ctz|popcnt|rotr|trunc_f.*|trunc_sat_f64.*|reinterpret.*|(div|rem)_.\.RK|shl\.KR|rotl\.RR)/,
  /^f(32|64)\.(ceil|floor|trunc|nearest|min|max|copysign|convert_i64_.)/,
  /^i64\.load(8|16)_s|^i32\.load16_s|^memorySize$/,
  /^(movNonNull|ref(IsNull|Eq)|(struct|array)SetRef|array(Len|Get8U|Get16U|GetRef))$/,
];

export function isCold({ name }: { readonly name: string }): boolean {
  return !name.includes("+") && !name.includes("(") && cold.some((pattern) => pattern.test(name));
}

interface Fusions {
  /** `[outer, inner, form of inner, form of outer]`: the inner result is the outer's first operand. */
  readonly trees: readonly (readonly [string, string, string, string])[];
  /** Two opcodes that often follow one another; the first may be such a pair itself. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Those that the switch of vectors does. */
  readonly vectorPairs: readonly (readonly [string, string])[];
  /** More of them for closures, whose number V8 does not limit. */
  readonly closurePairs: readonly (readonly [string, string])[];
  /** Nine tenths of what a Go program begins with: V8 optimises a loop of these. */
  readonly frequent: readonly string[];
}

/** Chosen by counting what the benchmarks and real programs execute; see RATIONALE.md. */
export const fusions: Fusions = JSON.parse(readFileSync("scripts/interpreter/fusions.json", "utf8")) as Fusions;

/** One opcode that does the work of two in sequence. */
function pairOp(first: CodeOp, second: CodeOp): CodeOp {
  const by = first.length - 1;
  const closureBody = `${first.closureBody ?? first.body}; ${secondHalf(second.closureBody ?? second.body, by)}`;
  const op = {
    name: `${first.name}+${second.name}`,
    length: first.length + second.length - 1,
    body: `${first.body}; ${secondHalf(second.body, by)}`,
    closureBody,
  };
  return second.condition === undefined ? op : { ...op, condition: secondHalf(second.condition, by) };
}

/** All come after the scalar ones: the main loop tells them apart by their numbers. */
function vectorCodeOps(): CodeOp[] {
  return [...vectorMoveOps(), ...vectorNumericOps()].map((op) => {
    return { ...op, vector: isRare(op.name) ? "rare" : "hot" };
  });
}

/** Pairs in the order of their halves, so that a table of them has small differences; those of pairs stay at the end. */
function inOrder(pairs: Fusions["pairs"], ops: readonly CodeOp[]): Fusions["pairs"] {
  const places = new Map(ops.map(({ name }, place) => [name, place]));
  const placeOf = ([first, second]: readonly [string, string]): number =>
    places.has(second) ? (places.get(first) ?? Infinity) * ops.length + places.get(second)! : Infinity;
  return [...pairs].sort((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
}

export function codeOps(): CodeOp[] {
  const ops = [...moves, ...branches, ...addressOps, ...referenceOps(), ...memoryOps(), ...numericOpcodes()];
  for (const [outer, inner, innerForm, outerForm] of fusions.trees)
    ops.push(fusedOp(outer, inner, innerForm, outerForm));
  const byName = new Map(ops.map((op) => [op.name, op]));
  const add = ([first, second]: readonly [string, string], closureOnly: boolean, vector?: "hot") => {
    const a = byName.get(first);
    const b = byName.get(second);
    if (a === undefined || b === undefined) throw new Error(`unknown opcode in pair ${first} + ${second}`);
    const pair = { ...pairOp(a, b), closureOnly, ...(vector && { vector }) };
    ops.push(pair);
    byName.set(pair.name, pair);
  };
  for (const pair of inOrder(fusions.pairs, ops)) add(pair, false);
  for (const pair of inOrder(fusions.closurePairs, ops)) add(pair, true);
  for (const op of vectorCodeOps()) {
    ops.push(op);
    byName.set(op.name, op);
  }
  for (const pair of inOrder(fusions.vectorPairs, ops)) add(pair, false, "hot");
  return ops;
}
