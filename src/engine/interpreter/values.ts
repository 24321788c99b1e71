// Takes values of the host, gives registers, and the way back; a slot is two words, a v128 two slots (specification: 4.2.1 Values).
import type { WasmValue } from "../../api/value.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { hostResults } from "../../instance/host-call.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { matchesRef } from "../../instance/reference.ts";
import { argumentError } from "../../instance/signature.ts";
import { readValue, writeValue } from "../../instance/value.ts";
import { isRef, Num, slotsOfAll, type ValType } from "../../syntax/types.ts";
import { D, F, I, R } from "./registers.ts";

/** Words that values of these types fill in a frame. */
export function slotWords(types: readonly ValType[]): number {
  return 2 * slotsOfAll(types);
}

/** Writes the arguments of a call to its frame at word `at`. */
export function writeArguments(f: FunctionInstance, args: readonly WasmValue[], at: number): void {
  const { params } = f.signature;
  for (let i = 0; i < params.length; i++) {
    const type = params[i]!;
    const value = args[i];
    if (type === Num.I32 && typeof value === "number") I[at] = value;
    else if (type === Num.F64 && typeof value === "number") D[at >> 1] = value;
    else if (isRef(type)) {
      if (!matchesRef(type, value)) throw argumentError(f, i, value);
      writeReference(at, value);
    } else if (!writeValue(type, value, I, at)) throw argumentError(f, i, value);
    at += type === Num.V128 ? 4 : 2;
  }
}

/** Writes what a host function gave, or its promise settled to, as the results of the call at word `at`. */
export function writeResults(f: FunctionInstance, caller: ModuleInstance, at: number, value: unknown): void {
  const types = f.signature.results;
  const results = hostResults(f, caller, value);
  for (let i = 0; i < types.length; i++) {
    const type = types[i]!;
    if (isRef(type)) writeReference(at, results[i]);
    else writeValue(type, results[i], I, at);
    at += type === Num.V128 ? 4 : 2;
  }
}

/** Writes a reference to the slot at word `at`. */
export function writeReference(at: number, value: unknown): void {
  while (R.length <= at >> 1) R.push(null);
  R[at >> 1] = value;
}

/** The values of these types from word `at`. */
export function readValues(types: readonly ValType[], at: number): WasmValue[] {
  const values: WasmValue[] = [];
  for (const type of types) {
    values.push(readRegister(type, at));
    at += type === Num.V128 ? 4 : 2;
  }
  return values;
}

export function readRegister(type: ValType, at: number): WasmValue {
  switch (type) {
    case Num.I32:
      return I[at];
    case Num.F32:
      return F[at];
    case Num.F64:
      return D[at >> 1];
    default:
      return isRef(type) ? R[at >> 1] : readValue(type, I, at);
  }
}
