// A decoded module: what the decoder gives, the validator checks, and everything after reads (specification: 2.5 Modules).
import type { Feature } from "./features.ts";
import type { DefType, TypeId, ValType } from "./types.ts";

export const enum ExternKind {
  Func = 0,
  Table = 1,
  Memory = 2,
  Global = 3,
  Tag = 4,
}

/** What each `ExternKind` is called, in messages and by JavaScript. */
export const externNouns = ["function", "table", "memory", "global", "tag"] as const;

/** Limits in units of the memory's page, or of table elements. 64-bit limits are clamped to 2^53 - 1, which no host can allocate. */
export interface Limits {
  readonly min: number;
  readonly max: number | undefined;
}

export interface TableType {
  readonly limits: Limits;
  readonly element: ValType;
  readonly index64: boolean;
}

export interface MemoryType {
  readonly limits: Limits;
  readonly index64: boolean;
  readonly shared: boolean;
  /** Base-2 logarithm of the page size: 16, or 0 with custom page sizes. */
  readonly pageSizeLog2: number;
}

export interface GlobalType {
  readonly type: ValType;
  readonly mutable: boolean;
}

/** What an import or an export denotes. Functions and tags carry the canonical id of their function type. */
export type ExternType =
  | { readonly kind: ExternKind.Func; readonly type: TypeId }
  | { readonly kind: ExternKind.Table; readonly type: TableType }
  | { readonly kind: ExternKind.Memory; readonly type: MemoryType }
  | { readonly kind: ExternKind.Global; readonly type: GlobalType }
  | { readonly kind: ExternKind.Tag; readonly type: TypeId };

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly extern: ExternType;
  readonly position: number; // byte offset in the binary, for errors; so below
}

export interface Export {
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
  readonly position: number;
}

/**
 * One instruction of a constant expression. `value` is, by opcode: i32.const a number; i64.const a bigint (signed);
 * f32.const the bits as a number; f64.const the bits as a bigint; v128.const 16 bytes; global.get and ref.func an index;
 * ref.null a heap type; struct and array instructions the canonical type id (`count` for array.new_fixed).
 */
export interface ConstInstr {
  readonly op: number; // Op
  readonly value: number | bigint | Uint8Array;
  readonly count?: number;
  readonly offset: number; // byte offset of the opcode
}

export type ConstExpr = readonly ConstInstr[];

export interface Table {
  readonly type: TableType;
  readonly init: ConstExpr | undefined; // undefined: null references
  readonly position: number;
}

export interface Global {
  readonly type: GlobalType;
  readonly init: ConstExpr;
  readonly position: number;
}

export const enum SegmentMode {
  Active = 0,
  Passive = 1,
  Declarative = 2,
}

export interface ElementSegment {
  readonly mode: SegmentMode;
  readonly type: ValType;
  readonly table: number;
  readonly offset: ConstExpr | undefined;
  /** Function indices (the short form), or one expression an element. */
  readonly functions: Uint32Array | undefined;
  readonly expressions: readonly ConstExpr[] | undefined;
  readonly position: number;
}

export interface DataSegment {
  readonly mode: SegmentMode.Active | SegmentMode.Passive;
  readonly memory: number;
  readonly offset: ConstExpr | undefined;
  /** The offset where it is just one `i32.const`: cheaper than `offset`, which is then made when asked for. */
  readonly plainOffset: number | undefined;
  readonly start: number; // byte range in `bytes`
  readonly end: number;
  readonly position: number;
}

/**
 * The data segments without an object for each, which the collector would pay for: Go's modules have 100,000. `at` makes one, to be thrown away.
 */
export interface DataSegments {
  readonly length: number;
  at(index: number): DataSegment;
  /** The segments that are not plain, which have kind 0 and a plain offset; made once. */
  readonly others: readonly DataSegment[];
}

export interface CustomSection {
  readonly name: string;
  readonly start: number; // byte range of the contents, the name excluded
  readonly end: number;
}

/** A place where the binary is encoded as version 1.0 does not know it; of most, nothing else in the module tells. */
export interface Encoding {
  readonly feature: Feature;
  readonly what: string;
  readonly position: number;
}

/** Index spaces hold imports first. All byte offsets are into `bytes`. */
export interface Module {
  readonly bytes: Uint8Array;
  readonly types: readonly DefType[]; // type index → its canonical type
  readonly imports: readonly Import[];
  readonly importedFunctions: number;
  readonly importedTables: number;
  readonly importedMemories: number;
  readonly importedGlobals: number;
  readonly importedTags: number;
  /** Type index of each function, imports first. */
  readonly functions: Uint32Array;
  readonly tables: readonly Table[]; // imported ones have no init
  readonly memories: readonly MemoryType[];
  readonly globals: readonly Global[]; // imported ones have an empty init
  readonly tags: readonly TypeId[];
  readonly exports: readonly Export[];
  readonly start: number | undefined;
  readonly elements: readonly ElementSegment[];
  readonly dataSegments: DataSegments;
  readonly dataCount: number | undefined;
  /** Byte range of each body, from the local declarations to after the last `end`; the first is of function `importedFunctions`. */
  readonly bodyStart: Uint32Array;
  readonly bodyEnd: Uint32Array;
  /** 1 for each function that `ref.func` may name inside a body (it occurs in an element segment, export or global). */
  readonly declared: Uint8Array;
  readonly customSections: readonly CustomSection[];
  /** What the sections, but for the bodies, are encoded with: the first place of each feature that was noted. */
  readonly encodings: readonly Encoding[];
  /** Byte offset of each section's contents by section id; 0 where there is none. */
  readonly sections: Uint32Array;
  /** Byte offset of each type's definition. */
  readonly typePositions: Uint32Array;
  /** Whether its functions are translated so that they count what they do. */
  readonly isMetered?: boolean;
  /** Whether they tell a profiler. */
  readonly isProfiled?: boolean;
}

/** What validation learned of a function's body, as bits of `ValidatedModule.facts`. */
export const enum Fact {
  Loop = 1,
  Call = 2,
  TailCall = 4,
  References = 8,
  Vector = 16,
  /** Has a `memory.grow`. */
  Grow = 32,
}

/** A module that keeps every rule of validation: the validator gives the module it got, with these facts. */
export interface ValidatedModule extends Module {
  /** `Fact` bits of each body, the first is of function `importedFunctions`. */
  readonly facts: Uint8Array;
}

/** Whether a global's value lives in another instance and can change there. */
export function isSharedGlobal({ globals, importedGlobals }: Module, index: number): boolean {
  return index < importedGlobals && globals[index]!.type.mutable;
}

/** The type of a function by its index. */
export function functionType({ types, functions }: Module, index: number): DefType {
  return types[functions[index]!]!;
}

/** How long a function's body is. */
export function bodyBytes({ bodyStart, bodyEnd, importedFunctions }: Module, index: number): number {
  return bodyEnd[index - importedFunctions]! - bodyStart[index - importedFunctions]!;
}

/** Whether other threads may have one of the memories. */
export function hasSharedMemory({ memories }: Module): boolean {
  return memories.some(({ shared }) => shared);
}
