// Takes a module's exports, gives `(export …)` (specification: 6.6.12 Exports).
import { ExternKind } from "../../syntax/module.ts";
import { quoted } from "./literals.ts";
import type { ModuleScope } from "./scope.ts";

/** Exports as fields, or inside of what they export. */
export interface Exports {
  /** Lines of the module. */
  readonly fields: readonly string[];
  /** What stands behind the name of a definition: ` (export "a")`, or nothing. */
  inline(kind: ExternKind, index: number): string;
}

/** The order in which definitions are printed. */
const printed = [ExternKind.Table, ExternKind.Memory, ExternKind.Tag, ExternKind.Global, ExternKind.Func];

/** Exports stand inside of definitions where that keeps their order; an import cannot hold them. */
export function exportsOf(scope: ModuleScope): Exports {
  const { exports } = scope.module;
  const count = countsOf(scope);
  const isInline = exports.every(({ kind, index }, i) => {
    if (index < count[kind].imported || index >= count[kind].all) return false;
    if (i === 0) return true;
    const before = exports[i - 1];
    const step = printed.indexOf(kind) - printed.indexOf(before.kind);
    return step > 0 || (step === 0 && index >= before.index);
  });
  if (!isInline) return { fields: exports.map((one) => fieldOf(scope, one)), inline: () => "" };
  const texts = new Map<number, string>();
  const keyOf = (kind: ExternKind, index: number): number => index * printed.length + kind;
  for (const { name, kind, index } of exports) {
    const key = keyOf(kind, index);
    texts.set(key, `${texts.get(key) ?? ""} (export ${quoted(name)})`);
  }
  return { fields: [], inline: (kind, index) => texts.get(keyOf(kind, index)) ?? "" };
}

function countsOf({ module }: ModuleScope): readonly { readonly imported: number; readonly all: number }[] {
  return [
    { imported: module.importedFunctions, all: module.functions.length },
    { imported: module.importedTables, all: module.tables.length },
    { imported: module.importedMemories, all: module.memories.length },
    { imported: module.importedGlobals, all: module.globals.length },
    { imported: module.importedTags, all: module.tags.length },
  ];
}

function fieldOf(
  { ids }: ModuleScope,
  { name, kind, index }: { name: string; kind: ExternKind; index: number },
): string {
  const [word, space] = [
    ["func", ids.functions],
    ["table", ids.tables],
    ["memory", ids.memories],
    ["global", ids.globals],
    ["tag", ids.tags],
  ][kind] as ["func", typeof ids.functions];
  return `  (export ${quoted(name)} (${word} ${space.use(index)}))`;
}
