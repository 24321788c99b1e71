// Takes a validated module, tells under which of its functions a host may be called: those may be suspended (specification: 4.6.5 Function calls).
import { callsOf } from "../../ir/calls.ts";
import { Fact, hasSharedMemory, type ValidatedModule } from "../../syntax/module.ts";
import { isRef, matchesHeap, type TypeId } from "../../syntax/types.ts";
import { takesNoFunctions } from "./steady.ts";

/** So many functions are followed from one; past that it is taken to leave the module. */
const MAX_FOLLOWED = 2000;

/** The call graph of a module, as far as it was asked for. */
export class Leaving {
  readonly #module: ValidatedModule;
  /** What is known of functions and types. */
  readonly #functions = new Map<number, boolean>();
  readonly #types = new Map<TypeId, boolean>();
  /** Whether no function of another module can be called through a table or a reference, but for those that are imported. */
  readonly #isSealed: boolean;
  /** Whether a function that calls nothing may wait for all that. */
  readonly #isShared: boolean;

  constructor(module: ValidatedModule) {
    this.#module = module;
    this.#isSealed = isSealed(module);
    this.#isShared = hasSharedMemory(module);
  }

  /** Whether a function calls what is not of the module, or may do so further down. */
  function(index: number): boolean {
    const known = this.#functions.get(index);
    if (known !== undefined) return known;
    const cameFrom = new Map<number, number>([[index, index]]);
    for (const one of cameFrom.keys()) {
      if (!this.#follow(one, cameFrom) && cameFrom.size <= MAX_FOLLOWED) continue;
      this.#functions.set(index, true);
      for (let at = one; at !== index; at = cameFrom.get(at)!) this.#functions.set(at, true);
      return true;
    }
    for (const one of cameFrom.keys()) this.#functions.set(one, false);
    return false;
  }

  /** Whether a call through a table or a reference may do so. */
  type(id: TypeId): boolean {
    if (!this.#isSealed) return true;
    let known = this.#types.get(id);
    if (known === undefined) {
      known = this.#referredTo(id).some((index) => this.function(index));
      this.#types.set(id, known);
    }
    return known;
  }

  /** Adds what a function calls to the functions that are followed; or tells that it leaves. */
  #follow(index: number, cameFrom: Map<number, number>): boolean {
    const { importedFunctions, facts } = this.#module;
    if (index < importedFunctions || this.#functions.get(index) === true) return true;
    const isLeaf = (facts[index - importedFunctions]! & Fact.Call) === 0 && !this.#isShared;
    if (isLeaf || this.#functions.get(index) === false) return false;
    const { functions, types, waits } = callsOf(this.#module, index);
    if (waits || (types.size > 0 && !this.#isSealed)) return true;
    const add = (callee: number): void => {
      if (!cameFrom.has(callee)) cameFrom.set(callee, index);
    };
    functions.forEach(add);
    for (const id of types) this.#referredTo(id).forEach(add);
    return false;
  }

  /** Functions of a type that a reference may be of. */
  #referredTo(id: TypeId): number[] {
    const { declared, functions, types } = this.#module;
    const found: number[] = [];
    declared.forEach((isDeclared, index) => {
      if (isDeclared === 1 && matchesHeap(types[functions[index]!]!.id, id)) found.push(index);
    });
    return found;
  }
}

function isSealed(module: ValidatedModule): boolean {
  const { importedGlobals, types, globals } = module;
  return (
    takesNoFunctions(module) &&
    globals.every(({ type }, index) => index >= importedGlobals || !isRef(type.type)) &&
    !types.some(({ results }) => results.some(isRef))
  );
}
