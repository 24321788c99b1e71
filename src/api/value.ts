// The values and value types that cross between host and guest (specification: 4.2.1 Values).
import type { ExportedFunction } from "./function.ts";

/** A value type as the text format spells it; references to defined types print as `(ref null type 0)`. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref" | (string & {});

/**
 * A value: i32, f32 and f64 are numbers, i64 a bigint, v128 sixteen bytes, funcref an exported function or null,
 * externref and anyref anything (null is the null reference). An i31ref is an integer from -2^30 to 2^30 - 1. Structures and arrays of
 * guests are opaque objects: to be kept, compared by `===` and given back.
 */
export type WasmValue = number | bigint | Uint8Array | ExportedFunction | null | unknown;

/** What a function gives back: nothing, its one result, or an array of several. */
export type WasmResult = WasmValue | readonly WasmValue[] | undefined;

/** Parameter and result types of a function. */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** The TypeScript type of a value of one value type. */
export type ValueOf<T extends ValueType> = T extends "i32" | "f32" | "f64"
  ? number
  : T extends "i64"
    ? bigint
    : T extends "v128"
      ? Uint8Array
      : T extends "funcref"
        ? ExportedFunction | null
        : unknown;
