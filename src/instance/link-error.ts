// Takes what a module asked for and what there was, gives the LinkError in words (the first two are the test suite's).
import { LinkError } from "../api/errors.ts";
import { ExternKind, type ExternType, type Import, type Limits } from "../syntax/module.ts";
import { signatureName, typeName } from "../syntax/types.ts";
import { counted } from "../util/count.ts";

/** A memory or table is larger than it may be, or than the host has room for: to JavaScript a matter of its own. */
export class AllocationError extends LinkError {}

/** Nothing is there under the import's name. */
export function unknownImport(want: Import, reason: string): LinkError {
  return new LinkError(`unknown import: ${nameOf(want)}, ${externName(want.extern)}: ${reason}`);
}

/** What is there is of another type. */
export function incompatibleImport(want: Import, actual: ExternType): LinkError {
  let wanted = externName(want.extern);
  let found = externName(actual);
  if (wanted === found && "type" in want.extern && want.extern.kind === ExternKind.Func) {
    // The same signature and yet another type: it differs in its recursion group or supertypes.
    wanted += ` of type ${want.extern.type}`;
    found += ` of type ${(actual as typeof want.extern).type}`;
  }
  return new LinkError(`incompatible import type: ${nameOf(want)} should be ${wanted}, and is ${found}`);
}

/** A value of the host's cannot stand for the import. */
export function incompatibleValue(want: Import, found: string): LinkError {
  return new LinkError(
    `incompatible import type: ${nameOf(want)} should be ${externName(want.extern)}, and is ${found}`,
  );
}

function nameOf(want: Import): string {
  return `"${want.module}"."${want.name}"`;
}

function externName(type: ExternType): string {
  switch (type.kind) {
    case ExternKind.Func:
      return `a function ${signatureName(type.type)}`;
    case ExternKind.Tag:
      return `a tag ${signatureName(type.type)}`;
    case ExternKind.Global:
      return `${type.type.mutable ? "a mutable" : "an immutable"} global of type ${typeName(type.type.type)}`;
    case ExternKind.Table:
      return `a ${type.type.index64 ? "64-bit " : ""}table of ${limitsName(type.type.limits, "element")} of type ${typeName(type.type.element)}`;
    case ExternKind.Memory: {
      const { shared, index64, limits, pageSizeLog2 } = type.type;
      const unit = pageSizeLog2 === 16 ? "" : ` of ${counted(2 ** pageSizeLog2, "byte")}`;
      return `a ${shared ? "shared " : ""}${index64 ? "64-bit " : ""}memory of ${limitsName(limits, "page")}${unit}`;
    }
  }
}

function limitsName({ min, max }: Limits, noun: string): string {
  return max === undefined ? `at least ${counted(min, noun)}` : `${min} to ${counted(max, noun)}`;
}
