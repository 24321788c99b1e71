// Takes what a module's functions refer to, gives the names under which the generated code has it, and the statements that bind them.

import { type Stmt, StmtKind } from "../../ir/tree.ts";
import { functionType, type ValidatedModule } from "../../syntax/module.ts";
import { type DefType, defType, Num, type TypeId, type ValType } from "../../syntax/types.ts";
import { waitSize, waitType } from "../../syntax/waits.ts";
import { Constants } from "./constants.ts";
import { prefersElements } from "./elements.ts";
import { Globals } from "./globals.ts";
import type { Leaving } from "./leaving.ts";
import { Memories } from "./memory-views.ts";
import { SharedArrays } from "./shared-arrays.ts";
import type { Steadiness } from "./steady.ts";
import type { SuspensionSites } from "./suspend.ts";
import { hasCodes } from "./table-codes.ts";
import { applier } from "./tail-calls.ts";

/** V8 begins to note types after turns of a loop as long as eight times the function, in bytecode; an empty turn has 22 bytes of it. These are turns for each character of source. */
const EMPTY_TURNS = 0.6;

/** A longer function begins without empty turns: with them V8 makes baseline code of what runs only once. */
const MAX_SPUN_LENGTH = 4000;

/** Turns round a whole function in one of its first calls, and in all of these: see `wholeTurns`. */
const TURNS_OF_CALL = 100;
const WHOLE_TURNS = 200_000;

/** Where each type of a module is among its types: made once, as there may be a million, and each chunk asks. */
const typeIndices = new WeakMap<readonly DefType[], ReadonlyMap<TypeId, number>>();

/** Names are a letter and an index: nothing of the binary's text is in generated code. */
export class ModuleNames {
  readonly module: ValidatedModule;
  readonly arrays: SharedArrays = new SharedArrays();
  readonly globals: Globals;
  readonly memories: Memories;
  readonly constants: Constants = new Constants();
  /** What has a name, and what it is. */
  readonly #named = new Map<string, string>();
  /** Functions of the chunk that are called in tail calls or make them, and whether they do the latter. */
  readonly bodies: Map<number, boolean> = new Map();
  /** Functions outside the chunk that it calls. */
  readonly callees: Set<number> = new Set();
  readonly #own: Set<number>;
  /** Whether a function that is called is to come into the chunk. */
  joins: (index: number) => boolean = () => false;
  /** The chunk's functions, in the order in which they are printed. */
  readonly joined: number[] = [];
  readonly #left = new Set<number>();
  /** Of functions that may be suspended: their calls. */
  readonly suspensions: SuspensionSites[] = [];
  readonly asynchronous: boolean;
  /** Functions that begin with a look at their memories: each has a variable for the form that takes its place. */
  readonly outdated: Set<number> = new Set();
  /** Functions that begin with empty turns, see `firstTurns`, or count until they are hot; and how many turns. */
  readonly turns: Map<number | string, number> = new Map();
  /** Functions that are printed twice: see twin.ts. */
  readonly twins: Set<number> = new Set();
  /** Tells under which functions no memory grows; null where that is not made use of. */
  readonly steadiness: Steadiness | null;
  readonly #leaving: Leaving | null;

  /** Greatest number of guest frames. */
  readonly maxCallDepth: number;

  constructor(
    module: ValidatedModule,
    maxCallDepth: number,
    own: Set<number>,
    asynchronous: boolean,
    steadiness: Steadiness | null = null,
    leaving: Leaving | null = null,
  ) {
    this.steadiness = steadiness;
    this.#leaving = leaving;
    this.asynchronous = asynchronous;
    this.#own = own;
    this.module = module;
    this.maxCallDepth = maxCallDepth;
    this.globals = new Globals(module, this.arrays);
    this.memories = new Memories(module);
  }

  /** Whether a function may be suspended, so that it is printed in the form for that. */
  mayBeSuspended(index: number): boolean {
    return this.asynchronous && (this.#leaving === null || this.#leaving.function(index));
  }

  /** Whether a call may be. */
  isSite({ kind, n }: Stmt): boolean {
    if (this.#leaving === null || n < 0) return true;
    return kind === StmtKind.Call ? this.#leaving.function(n) : this.#leaving.type(n);
  }

  /** The type of a function, or of an instruction that waits. */
  typeOf(functionIndex: number): DefType {
    if (functionIndex < 0) return waitType(waitSize(functionIndex));
    return functionType(this.module, functionIndex);
  }

  resultsOf(functionIndex: number): readonly ValType[] {
    return this.typeOf(functionIndex).results;
  }

  /** The type of what a statement calls. */
  callTypeOf({ kind, n }: Stmt): DefType {
    return kind === StmtKind.Call ? this.typeOf(n) : defType(n);
  }

  /** What is called for a function: one of the chunk by its own name. */
  functionName(index: number): string {
    if (this.#own.has(index)) return `w${index}`;
    if (index < 0) return this.#name(`N${-index}`, `link(functionAt(${index}))`);
    if (this.joins(index)) {
      this.#own.add(index);
      this.joined.push(index);
      return `w${index}`;
    }
    this.callees.add(index);
    return index < this.module.importedFunctions ? `w${index}` : `F[${index}]`;
  }

  /** Takes a function out of the chunk: it turned out that it cannot be compiled. What calls it by its name finds a stand-in there. */
  leave(index: number): void {
    this.#own.delete(index);
    this.callees.add(index);
    this.#left.add(index);
  }

  table(index: number): string {
    return this.#name(`T${index}`, `E.tables[${index}].elements`);
  }

  /** The list of the code of a table's functions of a type; null where there is none. */
  codes(table: number, id: TypeId): string | null {
    if (!hasCodes(this.module, table)) return null;
    const index = this.#typeIndex(id);
    return this.#name(`C${table}_${index}`, `codes(${table},${index})`);
  }

  /** The object of a table, for what changes its length. */
  tableObject(index: number): string {
    return this.#name(`O${index}`, `E.tables[${index}]`);
  }

  tag(index: number): string {
    return this.#name(`E${index}`, `E.tags[${index}]`);
  }

  /** A function's object. */
  functionObject(index: number): string {
    return this.#name(`P${index}`, `functionAt(${index})`);
  }

  /** What is called in a function's place by a tail call: it may give the callee of its own tail call instead of results. */
  bodyName(index: number): string {
    if (!this.bodies.has(index)) this.bodies.set(index, false);
    return `b${index}`;
  }

  /** Calls a function of a type with the arguments that stand in the arrays for results. */
  applier(id: TypeId): string {
    const index = this.#typeIndex(id);
    return this.#name(`A${index}`, applier(this.module.types[index]!.params));
  }

  isOwn(index: number): boolean {
    return this.#own.has(index);
  }

  /** The object of a type. */
  definedType(id: TypeId): string {
    const index = this.#typeIndex(id);
    return this.#name(`Z${index}`, `E.types[${index}]`);
  }

  /** The canonical number of a type, by its index in the module: the number is the process's that runs the code, and source may outlive it. */
  typeName(id: TypeId): string {
    const index = this.#typeIndex(id);
    return this.#name(`Y${index}`, `E.types[${index}].id`);
  }

  #name(name: string, source: string): string {
    this.#named.set(name, source);
    return name;
  }

  #typeIndex(id: TypeId): number {
    const { types } = this.module;
    let indices = typeIndices.get(types);
    if (indices === undefined)
      typeIndices.set(types, (indices = new Map(types.map((type, index) => [type.id, index]))));
    return indices.get(id)!;
  }

  /** The property of a function that is called through a table or a reference. */
  get code(): string {
    return this.asynchronous ? "suspending" : "code";
  }

  /**
   * Empty turns at the beginning of a function's first call, until V8 notes the types of what it computes. Otherwise it would optimise the function
   * while its loop runs, knowing nothing of what is before the loop, and give up at the next call: from then on only the loop would be optimised, by
   * itself, with variables of unknown types. JavaScriptCore does no such thing.
   */
  firstTurns(index: number): string {
    if (prefersElements()) return "";
    this.turns.set(index, 0);
    return `while(J${index}>0)J${index}--;`;
  }

  /**
   * Turns round a whole function at its first calls, which end before its body: each counts for as many bytes as the function has, so that V8 optimises
   * it soon. Before that, and in Maglev's code, of which V8 wants 3,000 times the function, it makes an object of each i64.
   */
  wholeTurns(index: number | string): string {
    this.turns.set(index, WHOLE_TURNS);
    return `let j=0;if(J${index}>0){J${index}-=j=${TURNS_OF_CALL}}`;
  }

  /** Says how long a function is, in characters of source, once that is known: it tells how many its empty turns are, if it has any. */
  setFirstTurns(index: number, length: number): void {
    if (this.turns.get(index) === 0)
      this.turns.set(index, length > MAX_SPUN_LENGTH ? 0 : Math.ceil(length * EMPTY_TURNS));
  }

  /**
   * Counts down calls and turns of a function, and goes on elsewhere once it is hot, if there is such a form. A turn of more statements counts for
   * more: in one of a hash's rounds all run, in one of an interpreter's only what is behind a jump.
   */
  countdown(index: number, turns: number, body: readonly Stmt[], onward: string, least = 0, each = 1): string {
    this.turns.set(index, turns);
    // A turn of n times 16 statements of its own list counts for n² more; a statement that computes a vector is as long as 16.
    const length = body.reduce((sum, { a }) => sum + (a?.type === Num.V128 ? 16 : 1), 0);
    return `if((J${index}-=${each + (length >> 4) ** 2})<${least}){${onward}J${index}=1e9}`;
  }

  /** Statements after the functions: those without tail calls have no body apart. */
  endings(): string {
    return [...this.bodies].map(([index, isApart]) => (isApart ? "" : `const b${index}=w${index};`)).join("");
  }

  /** Statements that take from `E` what the functions refer to. */
  bindings(): string {
    const lines = [this.globals.bindings(), this.memories.bindings(), this.constants.bindings()];
    for (const index of this.outdated) lines.push(`let S${index};`);
    for (const [index, count] of this.turns) lines.push(`var J${index}=${count};`);
    for (const [name, source] of this.#named) lines.push(`const ${name}=${source};`);
    for (const index of this.callees) {
      if (index < this.module.importedFunctions || this.#left.has(index)) lines.push(`const w${index}=F[${index}];`);
    }
    return lines.join("");
  }
}
