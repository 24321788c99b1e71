// Takes the options of a compilation, gives the builtins and string constants that they ask for (JavaScript API: WebAssemblyCompileOptions).
import { type Extern, type FunctionInstance, GlobalInstance } from "../embedding.ts";
import { ExternKind, type Import } from "../syntax/module.ts";
import { Heap, matchesHeap, Ref, refType } from "../syntax/types.ts";
import { CompileError } from "./errors.ts";
import type { Provide } from "./imports.ts";
import { stringBuiltin } from "./js-string.ts";
import { dictionary, sequence } from "./web-idl.ts";

/** The sets of builtins there are. */
const builtinSets: ReadonlyMap<string, (name: string) => FunctionInstance | undefined> = new Map([
  ["js-string", stringBuiltin],
]);
/** Stands before a set's name where its functions are imported. */
const PREFIX = "wasm:";

/** What a module's compilation was asked for. */
export interface CompileOptions {
  /** Sets of builtins, known and unknown. */
  readonly builtins: readonly string[];
  /** The module whose globals are their own names, as strings. */
  readonly importedStringConstants: string | undefined;
}

/** Reads the options. Throws a TypeError, or what a getter throws. */
export function compileOptions(value: unknown): CompileOptions {
  const options = dictionary(value, "the options of a compilation");
  const { builtins } = options;
  const names = builtins === undefined ? [] : sequence(builtins, "builtins").map(text);
  const { importedStringConstants: constants } = options;
  return {
    builtins: names,
    importedStringConstants: constants === undefined || constants === null ? undefined : text(constants),
  };
}

/** What gives a module's imports without being asked for by name. Throws a CompileError where one of them is of another type. */
export function providerOf(options: CompileOptions, imports: readonly Import[]): Provide {
  const { builtins, importedStringConstants } = options;
  if (new Set(builtins).size < builtins.length) throw new CompileError("a set of builtins is named twice");
  const provided = new Map<Import, Extern>();
  for (const want of imports) {
    const extern = want.module === importedStringConstants ? constantOf(want) : builtinOf(want, builtins);
    if (extern !== undefined) provided.set(want, extern);
  }
  return (want) => provided.get(want);
}

function constantOf(want: Import): Extern {
  const { extern, name } = want;
  if (extern.kind === ExternKind.Global && !extern.type.mutable) {
    const { type } = extern.type;
    if (type === Ref.ExternNull || type === refType(Heap.Extern, false)) return GlobalInstance.of(extern.type, name);
  }
  return refuse(want, "an immutable global of strings");
}

function builtinOf(want: Import, enabled: readonly string[]): Extern | undefined {
  const set = enabled.find((name) => want.module === PREFIX + name);
  const builtin = set === undefined ? undefined : builtinSets.get(set)?.(want.name);
  if (builtin === undefined) return undefined;
  const { extern } = want;
  const isOfType = extern.kind === ExternKind.Func && matchesHeap(builtin.type, extern.type);
  return isOfType ? builtin : refuse(want, "a function of the builtin's type");
}

function refuse({ module, name }: Import, expected: string): never {
  throw new CompileError(`import "${module}" "${name}" is not ${expected}`);
}

// Strings of Unicode scalar values: what is no pair of surrogates is replaced.
function text(value: unknown): string {
  // Of a symbol no text is made: that is a TypeError.
  return `${value}`.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
