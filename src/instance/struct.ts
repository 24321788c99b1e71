// A structure of the store: its fields as entries that engines read and write directly (specification: 4.2.15 Aggregate instances).
import { type DefType, isRef, Num, type ValType } from "../syntax/types.ts";
import { checkLong } from "./meter.ts";

/*
 * A field is one entry (i8, i16, i32, the bits of an f32, a reference), two (i64, low first) or four (v128); those of type f64 are together
 * one, a list. Packed fields hold any int32 with the right low bits. Entries have names and not indices: the structure is then one object
 * of the host's, not an object, an array and its elements.
 */

/** An f64 in a list: its number, or a NaN by itself, which not each host keeps in a number. */
export type Float = number | Float64Array;

/** The first element of each list of f64: V8 keeps a list that began with a fraction as doubles, whatever numbers come into it. */
export const FRACTION = 0.5;

/** What allocating costs an entry or element, in elements that are filled. */
export const ALLOCATION = 8;
/** Entries that every structure has room for. */
export const SMALL_ENTRIES = 4;
/** Entries with names; those from here on are in `rest`. */
export const NAMED_ENTRIES = 8;

/** A structure of at most four entries. To the host it is opaque. */
export class StructInstance {
  readonly type: DefType;
  f0: unknown;
  f1: unknown;
  f2: unknown;
  f3: unknown;

  constructor(type: DefType, f0: unknown, f1: unknown, f2: unknown, f3: unknown) {
    this.type = type;
    this.f0 = f0;
    this.f1 = f1;
    this.f2 = f2;
    this.f3 = f3;
  }
}

/** A structure of more entries. It is made without a constructor that it inherits: V8 takes twice as long for one. */
export class LargeStruct {
  readonly type: DefType;
  f0: unknown;
  f1: unknown;
  f2: unknown;
  f3: unknown;
  f4: unknown;
  f5: unknown;
  f6: unknown;
  f7: unknown;
  readonly rest: unknown[] | undefined;

  /** Of the entries that have names only the last may be missing; `rest` are the others. */
  constructor(
    type: DefType,
    f0: unknown,
    f1: unknown,
    f2: unknown,
    f3: unknown,
    f4: unknown,
    f5?: unknown,
    f6?: unknown,
    f7?: unknown,
    rest?: unknown[],
  ) {
    this.type = type;
    this.f0 = f0;
    this.f1 = f1;
    this.f2 = f2;
    this.f3 = f3;
    this.f4 = f4;
    this.f5 = f5;
    this.f6 = f6;
    this.f7 = f7;
    this.rest = rest;
  }
}
Object.setPrototypeOf(LargeStruct.prototype, StructInstance.prototype);

/** Makes a structure of its entries, which are as many as its type's layout says. */
export function newStruct(type: DefType, entries: readonly unknown[]): StructInstance {
  checkLong(type.fields.length * ALLOCATION);
  const { length, 0: a, 1: b, 2: c, 3: d } = entries;
  if (length <= SMALL_ENTRIES) return new StructInstance(type, a, b, c, d);
  const rest = length > NAMED_ENTRIES ? entries.slice(NAMED_ENTRIES) : undefined;
  return new LargeStruct(type, a, b, c, d, entries[4], entries[5], entries[6], entries[7], rest);
}

/** Makes one whose fields have their default values. */
export function defaultStruct(type: DefType): StructInstance {
  return newStruct(
    type,
    structLayout(type).defaults.map((entry) => (entry === null || entry === 0 ? entry : [...(entry as Float[])])),
  );
}

/** An f64 as a list holds it, and as what fills an array. */
export function floatAt(doubles: Float64Array, at: number): Float {
  const number = doubles[at]!;
  return number === number ? number : doubles.slice(at, at + 1);
}

/** Puts one into an element. */
export function putFloat(doubles: Float64Array, at: number, float: Float): void {
  if (typeof float === "number") doubles[at] = float;
  else doubles.set(float, at);
}

/** The entry at a place. */
export function getEntry(struct: StructInstance, at: number): unknown {
  switch (at) {
    case 0:
      return struct.f0;
    case 1:
      return struct.f1;
    case 2:
      return struct.f2;
    case 3:
      return struct.f3;
    case 4:
      return (struct as LargeStruct).f4;
    case 5:
      return (struct as LargeStruct).f5;
    case 6:
      return (struct as LargeStruct).f6;
    case 7:
      return (struct as LargeStruct).f7;
    default:
      return (struct as LargeStruct).rest![at - NAMED_ENTRIES];
  }
}

/** Writes the entry at a place. */
export function setEntry(struct: StructInstance, at: number, value: unknown): void {
  switch (at) {
    case 0:
      struct.f0 = value;
      return;
    case 1:
      struct.f1 = value;
      return;
    case 2:
      struct.f2 = value;
      return;
    case 3:
      struct.f3 = value;
      return;
    case 4:
      (struct as LargeStruct).f4 = value;
      return;
    case 5:
      (struct as LargeStruct).f5 = value;
      return;
    case 6:
      (struct as LargeStruct).f6 = value;
      return;
    case 7:
      (struct as LargeStruct).f7 = value;
      return;
    default:
      (struct as LargeStruct).rest![at - NAMED_ENTRIES] = value;
  }
}

/** Where the fields of a structure type are. */
export interface StructLayout {
  /** First entry of each field; of an f64 that of the list. */
  readonly at: readonly number[];
  /** The element of the list that each field of type f64 is, 0 for others. */
  readonly element: readonly number[];
  /** The entries of a structure whose fields have their default values. */
  readonly defaults: readonly unknown[];
}

const layouts: (StructLayout | undefined)[] = [];

/** The layout of a structure type, made when first asked for. */
export function structLayout(type: DefType): StructLayout {
  return (layouts[type.id] ??= makeLayout(type));
}

function makeLayout({ fields }: DefType): StructLayout {
  const at: number[] = [];
  const element: number[] = [];
  const defaults: unknown[] = [];
  const list: Float[] = [FRACTION];
  for (const { storage } of fields) {
    const isFloat = storage === Num.F64;
    if (isFloat && list.push(0) === 2) defaults.push(list);
    element.push(isFloat ? list.length - 1 : 0);
    at.push(isFloat ? defaults.indexOf(list) : defaults.length);
    for (let i = isFloat ? 0 : entriesOf(storage); i > 0; i--) defaults.push(isRef(storage) ? null : 0);
  }
  return { at, element, defaults };
}

/** Entries of a value in a structure, where it is no f64, and elements of one in an array. */
export function entriesOf(storage: ValType): number {
  return storage === Num.V128 ? 4 : storage === Num.I64 ? 2 : 1;
}
