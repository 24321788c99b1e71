// Takes a module and an object of imports, gives what each import stands for (JavaScript API: read the imports).
import { type Extern, GlobalInstance, MemoryInstance, TableInstance, TagInstance } from "../embedding.ts";
import { ExternKind, type Import } from "../syntax/module.ts";
import { Num, type ValType } from "../syntax/types.ts";
import { toWebAssembly } from "./convert.ts";
import { LinkError } from "./errors.ts";
import { functionOf } from "./exported-function.ts";
import { hostFunction } from "./host-function.ts";
import { externOf } from "./object-cache.ts";
import { suspendingFunction, suspendingOf } from "./suspending.ts";
import { isObject } from "./web-idl.ts";

/** Gives a value for an import without asking the object of imports; undefined where it has none. */
export type Provide = (want: Import) => Extern | undefined;

/** Reads the imports, in order. Throws a TypeError or a LinkError, or what a getter throws. */
export function readImports(imports: readonly Import[], object: unknown, provide: Provide): Extern[] {
  if (imports.length > 0 && object === undefined) throw new TypeError("the module has imports, and none are given");
  let functions = 0;
  return imports.map((want) => {
    const provided = provide(want);
    if (provided !== undefined) return provided;
    const module = (object as Record<string, unknown>)[want.module];
    if (!isObject(module)) throw new TypeError(`the imports of "${want.module}" are not an object`);
    const value = (module as Record<string, unknown>)[want.name];
    return importOf(value, want, want.extern.kind === ExternKind.Func ? functions++ : 0);
  });
}

const nouns = {
  [ExternKind.Func]: "a function",
  [ExternKind.Table]: "a table",
  [ExternKind.Memory]: "a memory",
  [ExternKind.Global]: "a global or a value of its type",
  [ExternKind.Tag]: "a tag",
} as const;

function importOf(value: unknown, want: Import, functionIndex: number): Extern {
  const { extern } = want;
  const found = externOf(value);
  switch (extern.kind) {
    case ExternKind.Func: {
      const suspending = suspendingOf(value);
      if (suspending !== undefined) return suspendingFunction(suspending, extern.type, functionIndex, labelOf(want));
      if (typeof value !== "function") break;
      return functionOf(value) ?? hostFunction(value as () => unknown, extern.type, functionIndex, labelOf(want));
    }
    case ExternKind.Global:
      if (found instanceof GlobalInstance) return found;
      return globalOf(value, extern.type.type) ?? refuse(want);
    case ExternKind.Memory:
      if (found instanceof MemoryInstance) return found;
      break;
    case ExternKind.Table:
      if (found instanceof TableInstance) return found;
      break;
    case ExternKind.Tag:
      if (found instanceof TagInstance) return found;
  }
  return refuse(want);
}

function labelOf({ module, name }: Import): string {
  return `${module}.${name}`;
}

function refuse({ module, name, extern }: Import): never {
  throw new LinkError(`import "${module}" "${name}" is not ${nouns[extern.kind]}`);
}

/** A constant of a value; undefined where the value does not fit. */
function globalOf(value: unknown, type: ValType): GlobalInstance | undefined {
  const isOther = type === Num.I64 ? typeof value !== "bigint" : type < 8 && typeof value !== "number";
  if (isOther || type === Num.V128) return undefined;
  try {
    return GlobalInstance.of({ type, mutable: false }, toWebAssembly(value, type));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
