// Takes the opcode table, gives the numeric and memory instructions by what they result in, with letters for types (see node.mjs).
import { opcodeTable } from "../../../dist/syntax/opcodes.js";
import { unsigned } from "./node.mjs";

const letters = { i32: "i", i64: "l", f32: "f", f64: "d", v128: "v", addr: "a" };
const immediates = new Map(
  [
    ["i32.add", ""],
    ["i64x2.extract_lane", "lane2"],
    ["i32x4.extract_lane", "lane4"],
    ["i16x8.extract_lane_s", "lane8"],
    ["i8x16.extract_lane_s", "lane16"],
    ["i8x16.shuffle", "shuffle"],
    ["i32.load8_s", "memory0"],
    ["i32.load16_s", "memory1"],
    ["i32.load", "memory2"],
    ["i64.load", "memory3"],
    ["v128.load", "memory4"],
    ["v128.load8_lane", "memory0 lane16"],
    ["v128.load16_lane", "memory1 lane8"],
    ["v128.load32_lane", "memory2 lane4"],
    ["v128.load64_lane", "memory3 lane2"],
  ].map(([name, kind]) => [opcodeTable[name][1], kind]),
);

const choosesNan =
  /^f\d\d(?:x\d)?\.(?:relaxed_\w+|ceil|floor|trunc|nearest|sqrt|add|sub|mul|div|min|max|demote_f64(?:x2_zero)?|promote(?:_low)?_f32(?:x4)?)$/;
const compares = /^f\d\d(?:x\d)?\.(?:eq|ne|lt|gt|le|ge)$|\.trunc_/;
/** Gives a NaN as it came. */
const passes = /^f\d\d(?:x\d)?\.(?:neg|abs|copysign|pmin|pmax|splat|extract_lane|replace_lane)$/;

/** The letter of a float or vector one of whose NaNs an engine may choose. */
const loose = (letter, lanes) => ({ f: "F", d: "D", v: lanes === "64" ? "W" : "V" })[letter] ?? letter;

/** Width of the lanes that an instruction reads as floats. */
const lanesRead = (name) => /_f(\d\d)/.exec(name)?.[1] ?? /^f(\d\d)/.exec(name)?.[1];
const lanesMade = (name) => /^f(\d\d)/.exec(name)?.[1];

/** The rows of one instruction: what passes a NaN on is there twice. */
function rowsOf(name, [code, imm, signature]) {
  const [params, result] = signature.split("->").map((side) => side.trim().split(" "));
  const row = { name, code: bytesOf(code), immediate: immediates.get(imm), result: letters[result[0]] ?? "" };
  row.params = params.map((type) => letters[type]).join("");
  row.isShift = /shl|shr|rot/.test(name);
  row.isDivision = /^i..\.(?:div|rem)/.test(name);
  const loosened = (letter) => loose(letter, lanesRead(name));
  const allLoose = [...row.params].map(loosened).join("");
  if (choosesNan.test(name)) return [{ ...row, params: allLoose, result: loose(row.result, lanesMade(name)) }];
  if (compares.test(name)) return [{ ...row, params: allLoose }];
  if (!passes.test(name)) return [row];
  // The sign of a NaN would be told.
  const ofLoose = name.endsWith("copysign") ? allLoose[0] + row.params[1] : allLoose;
  return [row, { ...row, params: ofLoose, result: loosened(row.result) }];
}

function bytesOf(code) {
  if (code < 0x100) return [code];
  const bits = code < 0x10000 ? 8 : 12;
  return [code >> bits, ...unsigned(code & ((1 << bits) - 1))];
}

/** What has other operands than numbers, or is of proposals (see proposals.mjs). */
const left = /atomic|const$|^memory|^ref|128$|wide/;
/** What an engine may choose. */
const relaxed = /relaxed/;
/** Conversions that trap: see `reckless`. */
const traps = /\.trunc_f/;
const mayTrap = /\.trunc_f|^i..\.(?:div|rem)/;

const everything = Object.entries(opcodeTable)
  .filter(([name, [, imm, signature]]) => signature !== null && immediates.has(imm) && !left.test(name))
  .flatMap(([name, row]) => rowsOf(name, row))
  .filter(({ params, result }) => params !== "" && !params.includes("undefined") && result !== undefined);
const all = everything.filter(({ name }) => !relaxed.test(name));

/** What an expression of a type may be: of an exact one also what chooses a NaN, which is made one and the same then. */
function operatorsOf(rows, others) {
  const table = {};
  for (const type of "ilfdvFDVW") {
    const plain = rows.filter(({ name, params }) => params[0] !== "a" && !traps.test(name));
    const own = plain.filter(({ result }) => result === type);
    const more = plain.filter(({ result }) => result !== "" && others[type]?.includes(result));
    const trapping = rows.filter(({ name, result }) => result === type && mayTrap.test(name));
    table[type] = { own: own.length === 0 ? more : own, all: [...own, ...more], trapping };
  }
  return table;
}

const others = { f: "F", d: "D", v: "VW", F: "f", D: "d" };
export const operators = operatorsOf(all, { ...others, V: "v", W: "v" });
/** With those of relaxed vectors. */
export const operatorsOfOurs = operatorsOf(everything, { ...others, V: "v", W: "v" });
/** The same for a host that has one NaN for all: none is told from others, and no words become floats of a vector. */
export const operatorsOfOneNan = operatorsOf(
  all.filter(({ name, params, result }) => {
    if (/[VW]/.test(params + result) || /^f.*x.*\./.test(name)) return false;
    return !passes.test(name) || /[FD]/.test(result);
  }),
  others,
);
export const loads = Object.fromEntries(
  [..."ilfdv"].map((type) => [type, all.filter(({ result, params }) => result === type && params[0] === "a")]),
);
export const stores = all.filter(({ result, params }) => result === "" && params[0] === "a");

/** Atomic accesses; `size` is how many bytes each is aligned to. */
export const atomics = Object.entries(opcodeTable)
  .filter(([name]) => /^i\d\d\.atomic/.test(name))
  .flatMap(([name, row]) => rowsOf(name, row))
  .map((row) => ({ ...row, size: 2 ** Number(row.immediate[6]) }));
