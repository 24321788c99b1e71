// Takes a module's imports and where they come from, gives externs of the right types (specification: 3.3.16 External types, 4.7.2 Instantiation).
import { ExternKind, type ExternType, type Import, type Limits, type ValidatedModule } from "../syntax/module.ts";
import { matchesHeap, matchesVal } from "../syntax/types.ts";
import { type Extern, typeOfExtern } from "./extern.ts";
import { incompatibleImport } from "./link-error.ts";

/** Gives what an import stands for, or throws the LinkError of an unknown import. */
export type Resolve = (want: Import) => Extern;

/** The externs of all imports, in order. Throws a LinkError for the first that is missing or does not match. */
export function link(module: ValidatedModule, resolve: Resolve): readonly Extern[] {
  return module.imports.map((want) => {
    const extern = resolve(want);
    const actual = typeOfExtern(extern);
    if (!matchesExtern(actual, want.extern)) throw incompatibleImport(want, actual);
    return extern;
  });
}

/** Whether what is there may stand for what is asked for. */
export function matchesExtern(actual: ExternType, wanted: ExternType): boolean {
  switch (wanted.kind) {
    case ExternKind.Func:
      return actual.kind === ExternKind.Func && matchesHeap(actual.type, wanted.type);
    case ExternKind.Tag:
      return actual.kind === ExternKind.Tag && actual.type === wanted.type;
    case ExternKind.Table:
      return (
        actual.kind === ExternKind.Table &&
        actual.type.element === wanted.type.element &&
        actual.type.index64 === wanted.type.index64 &&
        matchesLimits(actual.type.limits, wanted.type.limits)
      );
    case ExternKind.Memory:
      return (
        actual.kind === ExternKind.Memory &&
        actual.type.shared === wanted.type.shared &&
        actual.type.index64 === wanted.type.index64 &&
        actual.type.pageSizeLog2 === wanted.type.pageSizeLog2 &&
        matchesLimits(actual.type.limits, wanted.type.limits)
      );
    case ExternKind.Global: {
      if (actual.kind !== ExternKind.Global || actual.type.mutable !== wanted.type.mutable) return false;
      // A variable is written as well as read, so its type may not vary.
      return wanted.type.mutable
        ? actual.type.type === wanted.type.type
        : matchesVal(actual.type.type, wanted.type.type);
    }
  }
}

function matchesLimits(actual: Limits, wanted: Limits): boolean {
  if (actual.min < wanted.min) return false;
  return wanted.max === undefined || (actual.max !== undefined && actual.max <= wanted.max);
}
