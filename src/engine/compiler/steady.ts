// Takes the facts of validation, gives the functions that no memory grows under: they may hold on to its view (specification: 4.2.9 Memory instances).
import { ExternKind, Fact, type ValidatedModule } from "../../syntax/module.ts";
import { CompositeKind, isRef } from "../../syntax/types.ts";

/** Tells of a module's functions whether a memory may get another buffer while one runs. */
export class Steadiness {
  readonly #module: ValidatedModule;
  /** What a function has to have, to hold on to a view: a loop, where the module's code makes a memory grow. */
  readonly #needed: number;
  /** Whether neither the module's code nor any other can make a memory grow while its code runs. */
  readonly #always: boolean;

  constructor(module: ValidatedModule) {
    this.#module = module;
    this.#needed = module.facts.some((facts) => facts & Fact.Grow) ? Fact.Loop : 0;
    this.#always = this.#needed === 0 && isClosed(module);
  }

  /**
   * Whether no memory grows while a function runs. Where one does between calls, the function is compiled again, and V8 gives up all that calls it:
   * that is worth it for a loop.
   */
  isSteady(index: number): boolean {
    if (this.#always) return true;
    const facts = this.#module.facts[index - this.#module.importedFunctions]!;
    return (facts & (Fact.Call | Fact.Grow | this.#needed)) === this.#needed;
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
