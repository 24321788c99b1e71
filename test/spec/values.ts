// Takes constants and result patterns of scripts, calls functions with exact bits and compares what they give.
import type { ExportedFunction, WasmValue } from "zerowasm";
import { ArrayInstance } from "#dist/instance/array.js";
import { StructInstance } from "#dist/instance/struct.js";
import type { Literal, Nan, Pattern } from "#dist/text/script-values.js";

/** A result: numbers and vectors as bits, references as they are. */
type Result =
  | { readonly type: "i32" | "f32"; readonly bits: number }
  | { readonly type: "i64" | "f64"; readonly bits: bigint }
  | { readonly type: "v128"; readonly bytes: Uint8Array }
  | { readonly type: "ref"; readonly value: unknown };

const scratch = new DataView(new ArrayBuffer(16));
const numeric = new Set(["i32", "i64", "f32", "f64", "v128"]);

const hostValues = new Map<number, object>();

/** The value of the host that scripts call by a number; the same one each time. */
function hostValue(number: number): object {
  let value = hostValues.get(number);
  if (value === undefined) hostValues.set(number, (value = { number }));
  return value;
}

/** Calls a function with constants. */
export function callWith(f: ExportedFunction, args: readonly Literal[]): readonly Result[] {
  const { params, results } = f.definition;
  if (params.length !== args.length) throw new TypeError(`${params.length} parameters, ${args.length} arguments`);
  const isRaw = [...params, ...results].every((type) => numeric.has(type));
  return isRaw ? callRaw(f, args) : callWithReferences(f, args);
}

// References cannot cross as bits, so that beside them the payload of a NaN is up to the host.
function callWithReferences(f: ExportedFunction, args: readonly Literal[]): readonly Result[] {
  const value = f.call(...args.map(valueOfLiteral));
  const { results } = f.definition;
  const values: readonly unknown[] = results.length === 0 ? [] : results.length === 1 ? [value] : (value as unknown[]);
  return values.map((one, i) => resultOf(results[i]!, one));
}

function callRaw(f: ExportedFunction, args: readonly Literal[]): readonly Result[] {
  const { params, results } = f.definition;
  const stack = new BigUint64Array(Math.max(slots(params), slots(results)));
  let at = 0;
  for (const [i, arg] of args.entries()) {
    if (arg.type !== params[i]) throw new TypeError(`parameter ${i} is of type ${params[i]}, not ${arg.type}`);
    if (arg.type === "v128") {
      stack[at++] = viewOf(arg.bytes).getBigUint64(0, true);
      stack[at++] = viewOf(arg.bytes).getBigUint64(8, true);
    } else if ("bits" in arg) stack[at++] = BigInt.asUintN(arg.type.endsWith("32") ? 32 : 64, BigInt(arg.bits));
  }
  f.callRaw(stack);
  at = 0;
  return (results as readonly string[]).map((type): Result => {
    const bits = stack[at++]!;
    if (type === "i32") return { type, bits: Number(BigInt.asIntN(32, bits)) };
    if (type === "f32") return { type, bits: Number(BigInt.asUintN(32, bits)) };
    if (type === "i64") return { type, bits: BigInt.asIntN(64, bits) };
    if (type === "f64") return { type, bits };
    const bytes = new Uint8Array(16);
    viewOf(bytes).setBigUint64(0, bits, true);
    viewOf(bytes).setBigUint64(8, stack[at++]!, true);
    return { type: "v128", bytes };
  });
}

function slots(types: readonly string[]): number {
  return types.reduce((count, type) => count + (type === "v128" ? 2 : 1), 0);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function valueOfLiteral(literal: Literal): WasmValue {
  switch (literal.type) {
    case "f32":
      scratch.setUint32(0, literal.bits);
      return scratch.getFloat32(0);
    case "f64":
      scratch.setBigUint64(0, literal.bits);
      return scratch.getFloat64(0);
    case "v128":
      return literal.bytes;
    case "null":
      return null;
    case "extern":
    case "host":
      return hostValue(literal.number);
    default:
      return literal.bits;
  }
}

/** The bits of a value. */
export function resultOf(type: string, value: WasmValue): Result {
  switch (type) {
    case "i32":
      return { type, bits: value as number };
    case "i64":
      return { type, bits: value as bigint };
    case "f32":
      scratch.setFloat32(0, value as number);
      return { type, bits: scratch.getUint32(0) };
    case "f64":
      scratch.setFloat64(0, value as number);
      return { type, bits: scratch.getBigUint64(0) };
    case "v128":
      return { type, bytes: value as Uint8Array };
    default:
      return { type: "ref", value };
  }
}

/** Whether a result is what the script says. */
export function matches(pattern: Pattern, result: Result): boolean {
  if (pattern.type === "either") return pattern.options.some((option) => matches(option, result));
  if (pattern.type === "ref") return result.type === "ref" && matchesReference(pattern, result.value);
  if (pattern.type !== result.type) return false;
  if (pattern.type === "v128") return matchesVector(pattern, (result as { bytes: Uint8Array }).bytes);
  const { bits } = result as { bits: number | bigint };
  if (pattern.bits === "canonical" || pattern.bits === "arithmetic") {
    return pattern.type === "f32" ? isNan32(bits as number, pattern.bits) : isNan64(bits as bigint, pattern.bits);
  }
  return pattern.bits === bits;
}

function isNan32(bits: number, nan: Nan): boolean {
  return nan === "canonical" ? (bits & 0x7fff_ffff) === 0x7fc0_0000 : (bits & 0x7fc0_0000) === 0x7fc0_0000;
}

function isNan64(bits: bigint, nan: Nan): boolean {
  const quiet = 0x7ff8_0000_0000_0000n;
  return nan === "canonical" ? (bits & 0x7fff_ffff_ffff_ffffn) === quiet : (bits & quiet) === quiet;
}

function matchesVector({ bytes, nans }: Pattern & { type: "v128" }, got: Uint8Array): boolean {
  const width = 16 / nans.length;
  return nans.every((nan, lane) => {
    const start = lane * width;
    if (nan === undefined) return bytes.subarray(start, start + width).every((byte, i) => byte === got[start + i]);
    const view = viewOf(got);
    return width === 4 ? isNan32(view.getUint32(start, true), nan) : isNan64(view.getBigUint64(start, true), nan);
  });
}

function matchesReference({ kind, number }: Pattern & { type: "ref" }, value: unknown): boolean {
  switch (kind) {
    case "null":
      return value === null;
    case "func":
      return typeof (value as ExportedFunction | null)?.callRaw === "function";
    case "i31":
      return typeof value === "number" && (number === undefined || number === value);
    case "struct":
      return value instanceof StructInstance;
    case "array":
      return value instanceof ArrayInstance;
    case "eq":
      return typeof value === "number" || value instanceof StructInstance || value instanceof ArrayInstance;
    default:
      return value !== null && (number === undefined || value === hostValue(number));
  }
}

/** A pattern in words. */
export function patternText(pattern: Pattern): string {
  if (pattern.type === "either") return pattern.options.map(patternText).join(" or ");
  if (pattern.type === "ref") return `ref.${pattern.kind} ${pattern.number ?? ""}`.trim();
  if (pattern.type === "v128") return `v128 ${hex(pattern.bytes)} ${pattern.nans.filter(Boolean).join(" ")}`.trim();
  return `${pattern.type} ${typeof pattern.bits === "string" ? `nan:${pattern.bits}` : bitsText(pattern)}`;
}

/** A result in words. */
export function resultText(result: Result): string {
  if (result.type === "ref") return result.value === null ? "ref.null" : `a reference (${typeof result.value})`;
  return result.type === "v128" ? `v128 ${hex(result.bytes)}` : `${result.type} ${bitsText(result)}`;
}

function bitsText({ type, bits }: { type: string; bits: unknown }): string {
  const number = bits as number | bigint;
  return type.startsWith("f") ? `0x${number.toString(16)}` : String(number);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
