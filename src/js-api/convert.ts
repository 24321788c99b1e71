// Takes values of JavaScript, gives values of a type, and the way back (JavaScript API: ToWebAssemblyValue, ToJSValue).
import { FunctionInstance, matchesRef } from "../embedding.ts";
import { isNullable, Num, Ref, typeName, type ValType } from "../syntax/types.ts";
import { exportedFunction, functionOf } from "./exported-function.ts";
import { exportedObject, referentOf } from "./gc-object.ts";
import { isExternal } from "./value-types.ts";

/** Converts a value to one of a type. Throws a TypeError where that cannot be, or what the value's own methods throw. */
export function toWebAssembly(value: unknown, type: ValType): unknown {
  switch (type) {
    case Num.I32:
      return (value as number) | 0;
    case Num.I64:
      return BigInt.asIntN(64, value as bigint);
    case Num.F32:
      return Math.fround(value as number);
    case Num.F64:
      return +(value as number);
    case Ref.ExternNull:
      return referentOf(value);
    default:
      return toReference(value, type);
  }
}

/** Converts what a function is called with, in its list. */
export function toArguments(args: unknown[], params: readonly ValType[]): unknown[] {
  // Made longer by values: one that is by its length has holes, which V8 would make other code for.
  if (args.length > params.length) args.length = params.length;
  for (let i = 0; i < params.length; i++) args[i] = toWebAssembly(args[i], params[i]);
  return args;
}

function toReference(value: unknown, type: ValType): unknown {
  const reference = referenceOf(value, type);
  if (reference === null ? isNullable(type) : matchesRef(type, reference)) return reference;
  throw new TypeError(`a value of type ${typeName(type)} was expected`);
}

function referenceOf(value: unknown, type: ValType): unknown {
  if (value === null) return null;
  if (isExternal(type)) return referentOf(value);
  if (typeof value === "function") return functionOf(value) ?? value;
  // An i31 has no negative zero.
  return value === 0 ? 0 : referentOf(value);
}

/** Converts a value of a type to one of JavaScript's. */
export function toJavaScript(value: unknown, type: ValType): unknown {
  if (type < 8 || typeof value !== "object" || value === null) return value;
  return value instanceof FunctionInstance ? exportedFunction(value) : exportedObject(value);
}
