// A module while its sections are read.
import type { Feature } from "../syntax/features.ts";
import type {
  CustomSection,
  ElementSegment,
  Encoding,
  Export,
  Global,
  Import,
  MemoryType,
  Table,
} from "../syntax/module.ts";
import type { DefType, TypeId } from "../syntax/types.ts";
import { DataTable } from "./data-segments.ts";
import type { TypeSpace } from "./value-types.ts";

/** The parts of a module, as yet open. `groupSize` is that of the recursion group being read. */
export interface Draft extends TypeSpace {
  readonly types: DefType[];
  readonly typePositions: number[];
  readonly imports: Import[];
  readonly functions: number[];
  readonly tables: Table[];
  readonly memories: MemoryType[];
  readonly globals: Global[];
  readonly tags: TypeId[];
  readonly exports: Export[];
  readonly elements: ElementSegment[];
  readonly customSections: CustomSection[];
  readonly encodings: Encoding[];
  /** 1 for a function named outside of the bodies; see `declaredOf`. */
  declared: Uint8Array | undefined;
  /** Imports of each kind, by `ExternKind`. */
  readonly imported: [number, number, number, number, number];
  start: number | undefined;
  dataCount: number | undefined;
  data: DataTable;
  bodyStart: Uint32Array;
  bodyEnd: Uint32Array;
}

/** A module of nothing. */
export function emptyDraft(): Draft {
  return {
    types: [],
    groupSize: 0,
    typePositions: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    tags: [],
    exports: [],
    elements: [],
    customSections: [],
    encodings: [],
    declared: undefined,
    imported: [0, 0, 0, 0, 0],
    start: undefined,
    dataCount: undefined,
    data: new DataTable(0),
    bodyStart: new Uint32Array(0),
    bodyEnd: new Uint32Array(0),
  };
}

/** Notes that something is encoded as a feature has brought it; the first of each feature is enough. */
export function note({ encodings }: Draft, feature: Feature, what: string, position: number): void {
  if (!encodings.some((known) => known.feature === feature)) encodings.push({ feature, what, position });
}

/** By function, 1 for one named outside of the bodies; to be asked for after the sections that tell how many functions there are. */
export function declaredOf(draft: Draft): Uint8Array {
  draft.declared ??= new Uint8Array(draft.functions.length);
  return draft.declared;
}
