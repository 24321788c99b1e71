// Takes the facts of validation, gives the functions that no memory grows under: they may hold on to its view (specification: 4.2.8 Memory instances).
import { ExternKind, Fact, type ValidatedModule } from "../../syntax/module.ts";
import { CompositeKind, isRef } from "../../syntax/types.ts";

/** Tells of a module's functions whether a memory may get another buffer while one runs. */
export class Steadiness {
  readonly #module: ValidatedModule;
  /** Whether neither the module's code nor any other can make a memory grow while its code runs. */
  readonly #always: boolean;

  constructor(module: ValidatedModule) {
    this.#module = module;
    this.#always = module.facts.every((facts) => (facts & Fact.Grow) === 0) && isClosed(module);
  }

  /** Whether no memory grows while a function runs. */
  isSteady(index: number): boolean {
    if (this.#always) return true;
    const facts = this.#module.facts[index - this.#module.importedFunctions]!;
    return (facts & (Fact.Call | Fact.Grow)) === 0;
  }
}

/** Whether a module's functions call none but each other: it gets no function from outside, in whatever way. */
function isClosed(module: ValidatedModule): boolean {
  return module.importedFunctions === 0 && module.importedGlobals === 0 && takesNoFunctions(module);
}

/** Whether functions from outside come through no table and no parameter. */
export function takesNoFunctions({ importedTables, exports, types, globals }: ValidatedModule): boolean {
  return (
    importedTables === 0 &&
    exports.every(
      ({ kind, index }) =>
        kind !== ExternKind.Table && !(kind === ExternKind.Global && isRef(globals[index]!.type.type)),
    ) &&
    types.every(({ kind, params }) => kind === CompositeKind.Func && !params.some(isRef))
  );
}
