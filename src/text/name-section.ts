// Takes the identifiers of a module, gives the name section (specification: A.6.1 Name section; its extension for all other kinds).
import { Writer } from "../binary/encode.ts";
import { encodeUtf8 } from "../util/utf8-lossy.ts";
import type { Spaces } from "./spaces.ts";

type Names = ReadonlyMap<number, string>;

/** Names inside of functions, by function index. */
export interface FunctionNames {
  readonly locals: Map<number, Names>;
  readonly labels: Map<number, Names>;
}

/** The contents of the name section; of no bytes where nothing has a name. */
export function encodeNames(module: string | undefined, spaces: Spaces, { locals, labels }: FunctionNames): Uint8Array {
  const out = new Writer();
  if (module !== undefined) {
    out.byte(0);
    const name = new Writer();
    name.name(module);
    out.appendSized(name);
  }
  writeNames(out, 1, spaces.functions.ids);
  writeNested(out, 2, locals);
  writeNested(out, 3, labels);
  writeNames(out, 4, spaces.types.space.ids);
  writeNames(out, 5, spaces.tables.ids);
  writeNames(out, 6, spaces.memories.ids);
  writeNames(out, 7, spaces.globals.ids);
  writeNames(out, 8, spaces.elements.ids);
  writeNames(out, 9, spaces.data.ids);
  writeNested(out, 10, new Map(spaces.types.namedFields()));
  writeNames(out, 11, spaces.tags.ids);
  return out.view();
}

function writeNames(out: Writer, id: number, names: Names): void {
  if (names.size === 0) return;
  const body = new Writer();
  writeMap(body, names);
  out.byte(id);
  out.appendSized(body);
}

function writeNested(out: Writer, id: number, all: ReadonlyMap<number, Names>): void {
  if (all.size === 0) return;
  const body = new Writer();
  body.u32(all.size);
  for (const [index, names] of all) {
    body.u32(index);
    writeMap(body, names);
  }
  out.byte(id);
  out.appendSized(body);
}

// A name map is in order of the indices, which annotations may break in ours.
function writeMap(out: Writer, names: Names): void {
  out.u32(names.size);
  for (const [index, name] of [...names].sort(([a], [b]) => a - b)) {
    out.u32(index);
    out.sized(encodeUtf8(name));
  }
}
