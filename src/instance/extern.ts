// What can be imported and exported: a function, table, memory, global or tag of the store (specification: 4.2.5 External addresses).
import type { ExternDefinition } from "../api/module.ts";
import { ExternKind, type ExternType } from "../syntax/module.ts";
import { typeName } from "../syntax/types.ts";
import { FunctionInstance } from "./function.ts";
import { GlobalInstance } from "./global.ts";
import { MemoryInstance } from "./memory.ts";
import { TableInstance } from "./table.ts";
import { TagInstance } from "./tag.ts";
import { functionTypeOf } from "./value-type.ts";

/** Anything that can be imported and exported. */
export type Extern = FunctionInstance | TableInstance | MemoryInstance | GlobalInstance | TagInstance;

/** Whether a value is something of a store. */
export function isExtern(value: unknown): value is Extern {
  return (
    value instanceof FunctionInstance ||
    value instanceof MemoryInstance ||
    value instanceof GlobalInstance ||
    value instanceof TableInstance ||
    value instanceof TagInstance
  );
}

/** The type of an extern as it is now: a memory or table has grown to what is its least size today. */
export function typeOfExtern(extern: Extern): ExternType {
  if (extern instanceof FunctionInstance) return { kind: ExternKind.Func, type: extern.type };
  if (extern instanceof TagInstance) return { kind: ExternKind.Tag, type: extern.type };
  if (extern instanceof GlobalInstance) return { kind: ExternKind.Global, type: extern.type };
  const { type } = extern;
  if (extern instanceof TableInstance) {
    return { kind: ExternKind.Table, type: { ...extern.type, limits: { min: extern.length, max: type.limits.max } } };
  }
  return { kind: ExternKind.Memory, type: { ...extern.type, limits: { min: extern.pages, max: type.limits.max } } };
}

/** The definition of anything but a function, for the host. */
export function externDefinition(type: Exclude<ExternType, { kind: ExternKind.Func }>): ExternDefinition {
  switch (type.kind) {
    case ExternKind.Memory: {
      const { limits, shared, index64 } = type.type;
      return { kind: "memory", min: limits.min, max: limits.max, shared, index64 };
    }
    case ExternKind.Table: {
      const { limits, element, index64 } = type.type;
      return { kind: "table", type: typeName(element), min: limits.min, max: limits.max, index64 };
    }
    case ExternKind.Global:
      return { kind: "global", type: typeName(type.type.type), mutable: type.type.mutable };
    case ExternKind.Tag:
      return { kind: "tag", params: functionTypeOf(type.type).params };
  }
}
