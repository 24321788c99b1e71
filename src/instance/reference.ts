// Takes a reference, tells whether it is of a type: the test at run time and at the host's border (specification: 4.2.1 Values, 4.5.1 Value typing).
import { defType, FIRST_DEFINED, Heap, type HeapType, heapOf, isNullable, type ValType } from "../syntax/types.ts";
import { ArrayInstance } from "./array.ts";
import { ExceptionInstance, ForeignException } from "./exception.ts";
import { FunctionInstance } from "./function.ts";
import { StructInstance } from "./struct.ts";

/*
 * Null is `null`. A reference to a structure, array or function is the object itself. An i31 is a number: an integer from -2^30 to
 * 2^30 - 1, so that equal ones are `===`. Every other value is the host's: an `externref`, or an `anyref` without further type. What
 * crosses between the two by `any.convert_extern` or `extern.convert_any` stays as it is.
 */

/** Whether a value may stand where a reference of this type is asked for. */
export function matchesRef(type: ValType, value: unknown): boolean {
  return value === null ? isNullable(type) : isOfHeap(heapOf(type), value);
}

/** Whether a value that is not null is of a heap type. */
function isOfHeap(heap: HeapType, value: unknown): boolean {
  if (heap >= FIRST_DEFINED) return isOfType(heap, value);
  switch (heap) {
    case Heap.Any:
    case Heap.Extern:
      return true;
    case Heap.Eq:
      return value instanceof StructInstance || value instanceof ArrayInstance || isI31(value);
    case Heap.I31:
      return isI31(value);
    case Heap.Struct:
      return value instanceof StructInstance;
    case Heap.Array:
      return value instanceof ArrayInstance;
    case Heap.Func:
      return value instanceof FunctionInstance;
    case Heap.Exn:
      return value instanceof ExceptionInstance || value instanceof ForeignException;
    default: // the types without values
      return false;
  }
}

function isOfType(id: HeapType, value: unknown): boolean {
  if (value instanceof StructInstance || value instanceof ArrayInstance) {
    return value.type.id === id || value.type.display[defType(id).display.length - 1] === id;
  }
  return value instanceof FunctionInstance && value.signature.display[defType(id).display.length - 1] === id;
}

/** Whether a value is an i31. */
export function isI31(value: unknown): boolean {
  return typeof value === "number" && (value << 1) >> 1 === value;
}

/** What a host gives for a reference type, in words. */
export function expectedReference(type: ValType): string {
  const heap = heapOf(type);
  const orNull = isNullable(type) ? " or null" : "";
  switch (heap) {
    case Heap.Extern:
    case Heap.Any:
      return isNullable(type) ? "any value" : "any value but null";
    case Heap.Func:
      return `an exported function${orNull}`;
    case Heap.Exn:
      return `an exception${orNull}`;
    case Heap.I31:
      return `an integer from -2^30 to 2^30 - 1${orNull}`;
    default:
      return heap >= FIRST_DEFINED ? `a value of exactly that type${orNull}` : `a reference of the guest's${orNull}`;
  }
}

/** A reference in words, for messages. */
export function describeReference(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  if (value instanceof FunctionInstance) return `the function "${value.definition.name}"`;
  if (value instanceof ExceptionInstance) return "an exception";
  if (value instanceof StructInstance) return "a structure";
  if (value instanceof ArrayInstance) return "an array of the guest's";
  const kind = typeof value;
  return kind === "object" ? "an object" : `a ${kind}`;
}
