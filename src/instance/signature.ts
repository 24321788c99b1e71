// Takes what crosses a function's border, holds it to the function's type, or says in words why it does not fit (specification: 4.7.3 Invocation).
import type { WasmValue } from "../api/value.ts";
import { isRef, Num, slotsOfAll } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import type { FunctionInstance } from "./function.ts";
import { describeReference } from "./reference.ts";
import { matchesType, mismatch } from "./value.ts";

/** How messages call a function: `function "add"`, `host function "env.log"`. */
export function functionLabel(f: FunctionInstance): string {
  if (f.host !== null) return `host function "${f.host.label}"`;
  const { name, index } = f.definition;
  return name === "" ? `function ${index}` : `function "${name}"`;
}

/** Whether a function's parameters are the same in compiled code as in JavaScript, i32, f64 and references: by type id. */
const plain: boolean[] = [];

/** Whether all parameters of a function are the same in compiled code as in JavaScript. */
export function takesPlain(f: FunctionInstance): boolean {
  return (plain[f.type] ??= f.signature.params.every((t) => t === Num.I32 || t === Num.F64 || isRef(t)));
}

/** Throws a TypeError where a call gives too few or too many arguments. */
export function checkCount(f: FunctionInstance, given: number): void {
  const wanted = f.signature.params.length;
  if (given !== wanted) throw new TypeError(`${functionLabel(f)} takes ${counted(wanted, "argument")}, got ${given}`);
}

/** Throws a TypeError where an argument does not fit its type. */
export function checkArguments(f: FunctionInstance, args: readonly WasmValue[]): void {
  const { params } = f.signature;
  for (let i = 0; i < params.length; i++) if (!matchesType(params[i], args[i])) throw argumentError(f, i, args[i]);
}

/** Why argument `index` does not fit. */
export function argumentError(f: FunctionInstance, index: number, value: WasmValue): TypeError {
  const type = f.signature.params[index];
  return new TypeError(`argument ${index} of ${functionLabel(f)} is of type ${mismatch(type, value)}`);
}

/** Why result `index` of a host function does not fit. */
export function resultError(f: FunctionInstance, index: number, value: WasmValue): TypeError {
  const type = f.signature.results[index];
  return new TypeError(`result ${index} of ${functionLabel(f)} is of type ${mismatch(type, value)}`);
}

/** Why a host function with several results gave something that is no list of them. */
export function resultCountError(f: FunctionInstance, value: unknown): TypeError {
  const got = Array.isArray(value) ? `an array of ${value.length}` : describeReference(value);
  return new TypeError(`${functionLabel(f)} gives ${f.signature.results.length} results as an array, got ${got}`);
}

/** Slots that a raw call of a type needs, by type id; -1 where a reference would have to cross. */
const rawSlots: number[] = [];

/** Throws where a reference would have to cross a raw call or the stack is no such array (TypeError), or is too short (RangeError). */
export function checkRaw(f: FunctionInstance, stack: BigUint64Array): void {
  const slots = (rawSlots[f.type] ??= countSlots(f));
  if (slots < 0) throw new TypeError(`${functionLabel(f)} has references, which cannot cross a raw call`);
  // What is read of another array would be no bits, and what is written to it lost.
  if (stack?.[Symbol.toStringTag] !== "BigUint64Array")
    throw new TypeError(`${functionLabel(f)} is called with a BigUint64Array, got ${describeReference(stack)}`);
  if (stack.length < slots) {
    throw new RangeError(`${functionLabel(f)} needs a stack of ${counted(slots, "slot")}, got ${stack.length}`);
  }
}

function countSlots({ signature: { params, results } }: FunctionInstance): number {
  if (params.some(isRef) || results.some(isRef)) return -1;
  return Math.max(slotsOfAll(params), slotsOfAll(results));
}
