// The types of the language as small integers, and the store that makes equal types one integer (specification: 2.3 Types, 3.1.2 Defined types).
import { assertNever } from "../util/assert.ts";

/**
 * A value type: `I32`…`V128`, or a reference `heap type << 2 | nullable << 1` (always ≥ 8).
 * Type indices are replaced by canonical type ids, so two value types are equal when the integers are.
 */
export type ValType = number;

/** A heap type: one of the abstract `Heap` ids, or the canonical id of a defined type (≥ `FIRST_DEFINED`). */
export type HeapType = number;

/** The canonical id of a defined type; the same type has the same id in every module of the process. */
export type TypeId = number;

export const enum Num {
  Bottom = 0,
  I32 = 1,
  I64 = 2,
  F32 = 3,
  F64 = 4,
  V128 = 5,
  /** Packed storage types: only in fields. */
  I8 = 6,
  I16 = 7,
}

export const enum Heap {
  Any = 2,
  Eq = 3,
  I31 = 4,
  Struct = 5,
  Array = 6,
  None = 7,
  Func = 8,
  NoFunc = 9,
  Extern = 10,
  NoExtern = 11,
  Exn = 12,
  NoExn = 13,
  /** The bottom of every hierarchy: what an unreachable `ref.as_non_null` gives. */
  Bottom = 14,
}

export const FIRST_DEFINED = 16;

export const enum Ref {
  FuncNull = 34, // (Heap.Func << 2) | 2
  ExternNull = 42, // (Heap.Extern << 2) | 2
  ExnNull = 50, // (Heap.Exn << 2) | 2
}

export function refType(heap: HeapType, nullable: boolean): ValType {
  return (heap << 2) | (nullable ? 2 : 0);
}

export function isRef(type: ValType): boolean {
  return type >= 8;
}

/** Whether a field of this type is packed. */
export function isPacked(storage: ValType): boolean {
  return storage === Num.I8 || storage === Num.I16;
}

/** The value type of a field: packed ones have the values of an i32. */
export function unpacked(storage: ValType): ValType {
  return isPacked(storage) ? Num.I32 : storage;
}

export function isNullable(type: ValType): boolean {
  return (type & 2) !== 0;
}

export function heapOf(type: ValType): HeapType {
  return type >> 2;
}

/** How many slots of 8 bytes a value of a type fills. */
export function slotsOf(type: ValType): number {
  return type === Num.V128 ? 2 : 1;
}

/** How many values of these types fill. */
export function slotsOfAll(types: readonly ValType[]): number {
  let slots = 0;
  for (let i = 0; i < types.length; i++) slots += slotsOf(types[i]!);
  return slots;
}

export const enum CompositeKind {
  Func = 0,
  Struct = 1,
  Array = 2,
}

export interface FieldType {
  readonly storage: ValType; // Num.I8 and Num.I16 allowed
  readonly mutable: boolean;
}

/** One defined type: a member of a recursion group, with every type reference canonical. */
export interface DefType {
  readonly id: TypeId;
  readonly kind: CompositeKind;
  readonly final: boolean;
  /** Ids of all supertypes, the root first, the type itself last: `a` is below `b` when `a.display[b.depth] === b.id`. */
  readonly display: readonly TypeId[];
  readonly params: readonly ValType[]; // functions
  readonly results: readonly ValType[]; // functions
  readonly fields: readonly FieldType[]; // structs; arrays have one
}

/** A member of a recursion group before interning: a reference to a member of its own group is by `recHeap`. */
export interface SubType {
  readonly kind: CompositeKind;
  readonly final: boolean;
  readonly supertype: TypeId | undefined; // canonical, or `recHeap(member)`
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
  readonly fields: readonly FieldType[];
}

/** The heap type that stands for member `index` of the recursion group being defined (negative until interned). */
export function recHeap(index: number): HeapType {
  return -1 - index;
}

const definedTypes: DefType[] = [];
const groups = new Map<string, readonly TypeId[]>();

/** The defined type with a canonical id. */
export function defType(id: TypeId): DefType {
  return definedTypes[id - FIRST_DEFINED]!;
}

/**
 * Interns a recursion group (specification: 3.1.3 Rolling and unrolling): the ids are the same for an equal group of any module.
 * Members refer to one another by `recHeap`.
 */
export function internGroup(members: readonly SubType[]): readonly TypeId[] {
  const key = members.map(groupKey).join(";");
  const known = groups.get(key);
  if (known !== undefined) return known;
  const base = FIRST_DEFINED + definedTypes.length;
  const close = (heap: HeapType): HeapType => (heap < 0 ? base - 1 - heap : heap);
  const closeVal = (type: ValType): ValType => (type < 0 ? (close(type >> 2) << 2) | (type & 2) : type);
  const ids: TypeId[] = [];
  for (const member of members) {
    const id = base + ids.length;
    const above = member.supertype === undefined ? [] : defType(close(member.supertype)).display;
    definedTypes.push({
      id,
      kind: member.kind,
      final: member.final,
      display: [...above, id],
      params: member.params.map(closeVal),
      results: member.results.map(closeVal),
      fields: member.fields.map((field) => ({ storage: closeVal(field.storage), mutable: field.mutable })),
    });
    ids.push(id);
  }
  groups.set(key, ids);
  return ids;
}

function groupKey(member: SubType): string {
  const head = `${member.kind}${member.final ? "f" : "o"}${member.supertype ?? ""}`;
  const fields = member.fields.map((field) => (field.mutable ? "m" : "c") + field.storage);
  return `${head}(${member.params.join()})(${member.results.join()})(${fields.join()})`;
}

/** The canonical id of a function type. */
export function funcType(params: readonly ValType[], results: readonly ValType[]): TypeId {
  return internGroup([
    { kind: CompositeKind.Func, final: true, supertype: undefined, params, results, fields: [] },
  ])[0]!;
}

/** Whether one heap type is below another (specification: 3.3.3 Heap types). */
export function matchesHeap(sub: HeapType, sup: HeapType): boolean {
  if (sub === sup || sub === Heap.Bottom) return true;
  if (sup >= FIRST_DEFINED) {
    if (sub >= FIRST_DEFINED) return defType(sub).display[defType(sup).display.length - 1] === sup;
    return sub === (defType(sup).kind === CompositeKind.Func ? Heap.NoFunc : Heap.None);
  }
  if (sub >= FIRST_DEFINED) {
    const kind = defType(sub).kind;
    switch (kind) {
      case CompositeKind.Func:
        return sup === Heap.Func;
      case CompositeKind.Struct:
        return sup === Heap.Struct || sup === Heap.Eq || sup === Heap.Any;
      case CompositeKind.Array:
        return sup === Heap.Array || sup === Heap.Eq || sup === Heap.Any;
      default:
        return assertNever(kind);
    }
  }
  switch (sup) {
    case Heap.Any:
      return sub === Heap.Eq || sub === Heap.I31 || sub === Heap.Struct || sub === Heap.Array || sub === Heap.None;
    case Heap.Eq:
      return sub === Heap.I31 || sub === Heap.Struct || sub === Heap.Array || sub === Heap.None;
    case Heap.I31:
    case Heap.Struct:
    case Heap.Array:
      return sub === Heap.None;
    case Heap.Func:
      return sub === Heap.NoFunc;
    case Heap.Extern:
      return sub === Heap.NoExtern;
    case Heap.Exn:
      return sub === Heap.NoExn;
    default:
      return false;
  }
}

/** Whether one value type is below another (specification: 3.3.5 Value types). */
export function matchesVal(sub: ValType, sup: ValType): boolean {
  if (sub === sup || sub === Num.Bottom) return true;
  if (sub < 8 || sup < 8) return false;
  return (isNullable(sup) || !isNullable(sub)) && matchesHeap(heapOf(sub), heapOf(sup));
}

/** Whether a value type has a default value. */
export function isDefaultable(type: ValType): boolean {
  return type < 8 || isNullable(type);
}

const withDefaults = new Set<TypeId>();

/** The first field of a type that has no default value. Fields are looked at once: a few bytes of code may ask about thousands. */
export function fieldWithoutDefault({ id, fields }: DefType): FieldType | undefined {
  if (withDefaults.has(id)) return undefined;
  const found = fields.find(({ storage }) => !isDefaultable(storage));
  if (found === undefined) withDefaults.add(id);
  return found;
}

const numNames = ["unknown", "i32", "i64", "f32", "f64", "v128", "i8", "i16"];
/** The text format's spelling of abstract heap types. */
export const heapNames: Readonly<Record<number, string>> = {
  [Heap.Any]: "any",
  [Heap.Eq]: "eq",
  [Heap.I31]: "i31",
  [Heap.Struct]: "struct",
  [Heap.Array]: "array",
  [Heap.None]: "none",
  [Heap.Func]: "func",
  [Heap.NoFunc]: "nofunc",
  [Heap.Extern]: "extern",
  [Heap.NoExtern]: "noextern",
  [Heap.Exn]: "exn",
  [Heap.NoExn]: "noexn",
  [Heap.Bottom]: "bot",
};

/** The text format's spelling of a value type: `i32`, `funcref`, `(ref null 3)`. Defined types print their canonical id. */
export function typeName(type: ValType): string {
  if (type < 8) return numNames[type]!;
  const heap = heapOf(type);
  const name = heapNames[heap];
  if (name !== undefined && isNullable(type))
    return heap === Heap.None
      ? "nullref"
      : heap === Heap.NoFunc
        ? "nullfuncref"
        : heap === Heap.NoExtern
          ? "nullexternref"
          : heap === Heap.NoExn
            ? "nullexnref"
            : `${name}ref`;
  return `(ref ${isNullable(type) ? "null " : ""}${name ?? `type ${heap - FIRST_DEFINED}`})`;
}

/** The text format's spelling of a function type: `(i32 i64) -> (f64)`. */
export function signatureName(id: TypeId): string {
  const type = defType(id);
  return `(${type.params.map(typeName).join(" ")}) -> (${type.results.map(typeName).join(" ")})`;
}
