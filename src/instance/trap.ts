// The specification's trap messages, each written once (specification: 4.2.2 Results; the wording is the test suite's).
import { Trap } from "../api/errors.ts";

/** What a guest did wrong. */
export const enum TrapCode {
  Unreachable = 0,
  DivideByZero = 1,
  IntegerOverflow = 2,
  InvalidConversion = 3,
  MemoryBounds = 4,
  TableBounds = 5,
  UndefinedElement = 6,
  UninitializedElement = 7,
  IndirectCallType = 8,
  CallStack = 9,
  NullReference = 10,
  CastFailure = 11,
  NullFunction = 12,
  NullArray = 13,
  NullStruct = 14,
  NullI31 = 15,
  ArrayBounds = 16,
  UnalignedAtomic = 17,
  NullException = 18,
  ArrayTooLarge = 19,
  ExpectedShared = 20,
  // Of metered guests: no rule of the specification's.
  FuelExhausted = 21,
  DeadlineExceeded = 22,
  Aborted = 23,
}

const messages: { readonly [K in TrapCode]: string } = {
  [TrapCode.Unreachable]: "unreachable",
  [TrapCode.DivideByZero]: "integer divide by zero",
  [TrapCode.IntegerOverflow]: "integer overflow",
  [TrapCode.InvalidConversion]: "invalid conversion to integer",
  [TrapCode.MemoryBounds]: "out of bounds memory access",
  [TrapCode.TableBounds]: "out of bounds table access",
  [TrapCode.UndefinedElement]: "undefined element",
  [TrapCode.UninitializedElement]: "uninitialized element",
  [TrapCode.IndirectCallType]: "indirect call type mismatch",
  [TrapCode.CallStack]: "call stack exhausted",
  [TrapCode.NullReference]: "null reference",
  [TrapCode.CastFailure]: "cast failure",
  [TrapCode.NullFunction]: "null function reference",
  [TrapCode.NullArray]: "null array reference",
  [TrapCode.NullStruct]: "null structure reference",
  [TrapCode.NullI31]: "null i31 reference",
  [TrapCode.ArrayBounds]: "out of bounds array access",
  [TrapCode.UnalignedAtomic]: "unaligned atomic",
  [TrapCode.NullException]: "null exception reference",
  [TrapCode.ArrayTooLarge]: "requested new array is too large",
  [TrapCode.ExpectedShared]: "expected shared memory",
  [TrapCode.FuelExhausted]: "fuel exhausted",
  [TrapCode.DeadlineExceeded]: "deadline exceeded",
  [TrapCode.Aborted]: "aborted",
};

/** A trap to be thrown. */
export function trapOf(code: TrapCode, options: ErrorOptions): Trap {
  return new Trap(messages[code], options);
}

/** Ends the guest's computation. Never inlined into hot code: the throw site is here. */
export function trap(code: TrapCode, detail?: number): never {
  const message = messages[code];
  throw new Trap(detail === undefined ? message : `${message} ${detail}`);
}
