// Takes what a module's functions refer to, gives the names under which the generated code has it, and the statements that bind them.

import { slotsOf } from "../../ir/operands.ts";
import { type Expr, type Stmt, StmtKind } from "../../ir/tree.ts";
import { f32FromBits, f64FromBits, XD, XI } from "../../num/float-bits.ts";
import { functionType, type ValidatedModule } from "../../syntax/module.ts";
import { type DefType, defType, isRef, Num, type TypeId, type ValType } from "../../syntax/types.ts";
import { waitSize, waitType } from "../../syntax/waits.ts";
import { prefersElements } from "./elements.ts";
import type { FunctionEmitter } from "./emit.ts";
import { floatBits, fromWords } from "./floats.ts";
import type { Leaving } from "./leaving.ts";
import { pair } from "./pair.ts";
import type { Steadiness } from "./steady.ts";
import type { SuspensionSites } from "./suspend.ts";
import { applier } from "./tail-calls.ts";
import { value } from "./value.ts";
import { vectorResult, words } from "./vector.ts";
import { int, type Pair } from "./writer.ts";

/** V8 begins to note types after turns of a loop as long as eight times the function, in bytecode; an empty turn has 22 bytes of it. */
const EMPTY_TURNS = 0.6;

/** Names are a letter and an index: nothing of the binary's text is in generated code. */
export class ModuleNames {
  readonly module: ValidatedModule;
  readonly arrays: SharedArrays = new SharedArrays();
  readonly globals: Globals;
  readonly memories: Memories;
  readonly constants: Constants = new Constants();
  readonly #tables = new Set<number>();
  /** Types by their index in the module: canonical numbers are the process's, and source may outlive it. */
  readonly #types = new Set<number>();
  #typeIndices: ReadonlyMap<TypeId, number> | undefined;
  readonly #waits = new Set<number>();
  readonly #tags = new Set<number>();
  readonly #functionObjects = new Set<number>();
  /** Types of the functions that are called in tail calls. */
  readonly #appliers = new Set<number>();
  /** Functions of the chunk that are called in tail calls or make them, and whether they do the latter. */
  readonly bodies: Map<number, boolean> = new Map();
  readonly #tableObjects = new Set<number>();
  readonly #definedTypes = new Set<number>();
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
  /** Functions that begin with empty turns, see `firstTurns`, or count until they are hot; and how many turns for each character of their source. */
  readonly turns: Map<number, number> = new Map();
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

  typeWith(id: TypeId): DefType {
    return defType(id);
  }

  resultsOf(functionIndex: number): readonly ValType[] {
    return this.typeOf(functionIndex).results;
  }

  paramsOf(stmt: Stmt): readonly ValType[] {
    return stmt.kind === StmtKind.Call ? this.typeOf(stmt.n).params : defType(stmt.n).params;
  }

  /** What is called for a function: one of the chunk by its own name. */
  functionName(index: number): string {
    if (this.#own.has(index)) return `w${index}`;
    if (index < 0) {
      this.#waits.add(index);
      return `N${-index}`;
    }
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
    this.#tables.add(index);
    return `T${index}`;
  }

  /** The object of a table, for what changes its length. */
  tableObject(index: number): string {
    this.#tableObjects.add(index);
    return `O${index}`;
  }

  tag(index: number): string {
    this.#tags.add(index);
    return `E${index}`;
  }

  /** A function's object. */
  functionObject(index: number): string {
    this.#functionObjects.add(index);
    return `P${index}`;
  }

  /** What is called in a function's place by a tail call: it may give the callee of its own tail call instead of results. */
  bodyName(index: number): string {
    if (!this.bodies.has(index)) this.bodies.set(index, false);
    return `b${index}`;
  }

  /** Calls a function of a type with the arguments that stand in the arrays for results. */
  applier(id: TypeId): string {
    const index = this.#typeIndex(id);
    this.#appliers.add(index);
    return `A${index}`;
  }

  isOwn(index: number): boolean {
    return this.#own.has(index);
  }

  /** The object of a type. */
  definedType(id: TypeId): string {
    const index = this.#typeIndex(id);
    this.#definedTypes.add(index);
    return `Z${index}`;
  }

  /** The canonical number of a type, as the process has it that runs the code. */
  typeName(id: TypeId): string {
    const index = this.#typeIndex(id);
    this.#types.add(index);
    return `Y${index}`;
  }

  #typeIndex(id: TypeId): number {
    this.#typeIndices ??= new Map(this.module.types.map((type, index) => [type.id, index]));
    return this.#typeIndices.get(id)!;
  }

  /** The property of a function that is called through a table or a reference. */
  get code(): string {
    return this.asynchronous ? "suspending" : "code";
  }

  /** Returns what stands in the slots from 0, as one statement. */
  returnStatement(e: FunctionEmitter): string {
    const { writer } = e;
    const results = this.resultsOf(e.index);
    const type = results[0];
    if (type === undefined) return "return;";
    if (results.length === 1) {
      if (type === Num.V128) return `{${vectorResult(e, 0, 0)}return;}`;
      const name = writer.slot(0, type);
      return type === Num.I64 ? `{${this.arrays.high()}=${writer.high(0)};return ${name};}` : `return ${name};`;
    }
    let slot = 0;
    let source = "";
    results.forEach((result, i) => {
      const at = slot;
      slot += slotsOf(result);
      if (result === Num.V128) {
        source += vectorResult(e, at, i);
        return;
      }
      const name = writer.slot(at, result);
      if (isRef(result)) source += `RR[${i}]=${name};`;
      else if (result === Num.I64) source += `RI[${2 * i}]=${name};RI[${2 * i + 1}]=${writer.high(at)};`;
      else if (result === Num.I32) source += `RI[${2 * i}]=${name};`;
      else source += `RD[${i}]=${name};`;
    });
    return `{${source}return;}`;
  }

  /**
   * Empty turns at the beginning of a function's first call, until V8 notes the types of what it computes. Otherwise it would optimise the function
   * while its loop runs, knowing nothing of what is before the loop, and give up at the next call: from then on only the loop would be optimised, by
   * itself, with variables of unknown types. JavaScriptCore does no such thing.
   */
  firstTurns(index: number): string {
    if (prefersElements()) return "";
    this.turns.set(index, EMPTY_TURNS);
    return `while(J${index}>0)J${index}--;`;
  }

  /** Counts down calls and turns of a function, and goes on elsewhere once it is hot, if there is such a form. */
  countdown(index: number, turns: number, onward: string): string {
    this.turns.set(index, turns);
    return `if(--J${index}<0){${onward}J${index}=1e9}`;
  }

  /** Statements after the functions: those without tail calls have no body apart. */
  endings(): string {
    return [...this.bodies].map(([index, isApart]) => (isApart ? "" : `const b${index}=w${index};`)).join("");
  }

  /** Statements that take from `E` what the functions refer to. */
  bindings(): string {
    const lines = [this.globals.bindings(), this.memories.bindings(), this.constants.bindings()];
    for (const index of this.#tables) lines.push(`const T${index}=E.tables[${index}].elements;`);
    for (const index of this.outdated) lines.push(`let S${index};`);
    for (const [index, count] of this.turns) lines.push(`var J${index}=${count};`);
    for (const index of this.#types) lines.push(`const Y${index}=E.types[${index}].id;`);
    for (const index of this.#waits) lines.push(`const N${-index}=link(functionAt(${index}));`);
    for (const index of this.#tags) lines.push(`const E${index}=E.tags[${index}];`);
    for (const index of this.#functionObjects) lines.push(`const P${index}=functionAt(${index});`);
    for (const index of this.#appliers) lines.push(applier(index, this.module.types[index]!.params));
    for (const index of this.#tableObjects) lines.push(`const O${index}=E.tables[${index}];`);
    for (const index of this.#definedTypes) lines.push(`const Z${index}=E.types[${index}];`);
    for (const index of this.callees) {
      if (index < this.module.importedFunctions || this.#left.has(index)) lines.push(`const w${index}=F[${index}];`);
    }
    return lines.join("");
  }
}

/**
 * The arrays that all functions share, for each of which a function has a name of its own, in small letters: V8 finds out too late about a constant
 * that a loop reads from outside.
 */
export class SharedArrays {
  readonly #inFunction = new Set<string>();

  /** Begins a function. */
  begin(): void {
    this.#inFunction.clear();
  }

  /** An element of the words of globals, or of the same as doubles. */
  element(array: "G" | "GD", index: number): string {
    this.#inFunction.add(array);
    return `${array.toLowerCase()}[${index}]`;
  }

  /** Where a function leaves the high half of its result. */
  high(): string {
    this.#inFunction.add("H");
    return "h[0]";
  }

  /** Declares the function's own names. */
  bind(): string {
    const list = [...this.#inFunction].map((array) => `${array.toLowerCase()}=${array}`);
    return list.length === 0 ? "" : `const ${list.join()};`;
  }
}

/** The module's globals: numbers in the instance's words, the rest through its objects. */
export class Globals {
  readonly #module: ValidatedModule;
  readonly #arrays: SharedArrays;
  readonly #objects = new Set<number>();
  /** Whether the words are read as doubles. */
  #hasDoubles = false;

  constructor(module: ValidatedModule, arrays: SharedArrays) {
    this.#module = module;
    this.#arrays = arrays;
  }

  /** Whether a global's value lives in another instance and can change there. */
  #isShared(index: number): boolean {
    return index < this.#module.importedGlobals && this.#module.globals[index]!.type.mutable;
  }

  #object(index: number): string {
    this.#objects.add(index);
    return `g${index}`;
  }

  /** The word of a number. */
  #word(index: number, offset: number): string {
    if (!this.#isShared(index)) return this.#arrays.element("G", 4 * index + offset);
    const object = this.#object(index);
    return offset === 0 ? `${object}.words[${object}.at]` : `${object}.words[${object}.at+${offset}]`;
  }

  #double(index: number): string {
    this.#hasDoubles = true;
    return this.#arrays.element("GD", 2 * index);
  }

  read(index: number, type: ValType): string {
    if (isRef(type)) return `${this.#object(index)}.ref`;
    switch (type) {
      case Num.I32:
        return this.#word(index, 0);
      case Num.F32:
        return `fromBits(${this.#word(index, 0)})`;
      case Num.F64:
        return this.#isShared(index) ? fromWords(this.#word(index, 0), this.#word(index, 1)) : this.#double(index);
      default:
        throw new Error("unreachable");
    }
  }

  readVector(index: number): readonly string[] {
    return [0, 1, 2, 3].map((offset) => this.#word(index, offset));
  }

  readPair(index: number): Pair {
    return { lo: this.#word(index, 0), hi: this.#word(index, 1) };
  }

  write(e: FunctionEmitter, index: number, expr: Expr): void {
    const { writer } = e;
    const { type } = expr;
    if (isRef(type)) return writer.line(`${this.#object(index)}.ref=${value(e, expr)};`);
    switch (type) {
      case Num.I32:
        return writer.line(`${this.#word(index, 0)}=${value(e, expr)};`);
      case Num.F32:
        return writer.line(`${this.#word(index, 0)}=${floatBits(e, expr)};`);
      case Num.I64: {
        const halves = writer.keepPair(pair(e, expr));
        return writer.line(`${this.#word(index, 0)}=${halves.lo};${this.#word(index, 1)}=${halves.hi};`);
      }
      case Num.F64: {
        if (!this.#isShared(index)) return writer.line(`${this.#double(index)}=${value(e, expr)};`);
        writer.line(`XD[0]=${value(e, expr)};`);
        return writer.line(`${this.#word(index, 0)}=XI[0];${this.#word(index, 1)}=XI[1];`);
      }
      default: {
        const kept = words(e, expr).map((word) => writer.keep(word));
        return writer.line(kept.map((word, i) => `${this.#word(index, i)}=${word};`).join(""));
      }
    }
  }

  bindings(): string {
    const objects = [...this.#objects].map((index) => `const g${index}=E.globals[${index}];`);
    return `const G=E.globalWords${this.#hasDoubles ? ",GD=new Float64Array(G.buffer)" : ""};${objects.join("")}`;
  }
}

/** The views of the module's memories. */
export class Memories {
  readonly #module: ValidatedModule;
  /** Memories that the module refers to, and those that the function being printed does. */
  readonly #used = new Set<number>();
  readonly #inFunction = new Set<number>();
  /** Those whose bytes it has as elements. */
  readonly #elements = new Set<number>();
  /** What declares the arrays of bytes that begin at an offset. */
  readonly #offsets = new Set<string>();
  #hasWords = false;
  #isSteady = false;
  #isLoop = false;

  constructor(module: ValidatedModule) {
    this.#module = module;
  }

  /** Begins a function; under a steady one no memory grows. One that begins at a loop is made anew where a memory has grown. */
  begin(isSteady: boolean, isLoop: boolean): void {
    this.#inFunction.clear();
    this.#elements.clear();
    this.#isSteady = isSteady;
    this.#isLoop = isLoop;
  }

  /** The view of a memory. */
  view(index: number): string {
    this.#used.add(index);
    this.#inFunction.add(index);
    return `V${index}`;
  }

  /** Whether bytes of a memory are read and written as elements of an array. */
  hasElements(index: number): boolean {
    return prefersElements() && !this.growsOutside(index) && !this.#module.memories[index]!.index64;
  }

  /** The array of a memory's bytes. */
  bytes(index: number): string {
    this.#elements.add(index);
    this.view(index);
    return `B${index}`;
  }

  /** The array that an access at an offset reads, and the offset in that: none, where a constant array begins there, so that nothing is added. */
  bytesFrom(index: number, offset: number): readonly [name: string, offset: number] {
    const isShort = offset > 0 && offset <= MAX_OFFSET && this.#isConstant(index) && this.isSmall(index);
    if (!isShort) return [this.bytes(index), offset];
    const name = `X${index}_${offset}`;
    this.#offsets.add(`const ${name}=X${index}.subarray(${offset});`);
    this.view(index);
    return [name, 0];
  }

  /** The array of a memory's words of 64 bits, in a function that has no bytes as elements; null where it may become another one. */
  words(index: number): string | null {
    if (prefersElements() || !this.#isConstant(index) || this.#module.memories[index]!.index64) return null;
    this.#hasWords = true;
    return this.bytes(index);
  }

  /** Whether the function being printed has the view as a constant, which is quicker by far: V8 then knows the length. */
  #isConstant(index: number): boolean {
    return this.isFixed(index) || (this.#isSteady && !this.#module.memories[index]!.shared);
  }

  /** What holds where a memory has grown since its view became a constant; empty where that cannot be. */
  outdated(): string {
    return [...this.#inFunction]
      .filter((index) => this.#isConstant(index) && !this.isFixed(index))
      .map((index) => `M${index}.view!==W${index}`)
      .join("||");
  }

  /** Whether other threads may make a memory grow. */
  growsOutside(index: number): boolean {
    return this.#module.memories[index]!.shared && !this.isFixed(index);
  }

  /** Whether a memory never gets another buffer. */
  isFixed(index: number): boolean {
    const { limits } = this.#module.memories[index]!;
    return limits.max === limits.min;
  }

  /** Whether the view that the function being printed has ends before 2^31. */
  isSmall(index: number): boolean {
    return this.#isSmallByType(index) || (this.#isConstant(index) && !this.isFixed(index) && !this.#isLoop);
  }

  #isSmallByType(index: number): boolean {
    const { limits, pageSizeLog2 } = this.#module.memories[index]!;
    return limits.max !== undefined && limits.max * 2 ** pageSizeLog2 <= 2 ** 31;
  }

  pages(index: number): string {
    this.#used.add(index);
    return `M${index}.pages`;
  }

  object(index: number): string {
    this.#used.add(index);
    return `M${index}`;
  }

  /**
   * Declares the function's own names for the views. A constant gets one too: where a loop read it from outside, V8 would compile accesses before it
   * has found out that it is a constant.
   */
  bind(): string {
    return [...this.#inFunction]
      .map((index) => {
        if (this.#isConstant(index)) return `const V${index}=W${index}${this.#also(index, `,B${index}=X${index}`)};`;
        return `let V${index}=M${index}.view${this.#also(index, `,B${index}=M${index}.bytes`)};`;
      })
      .join("");
  }

  /** Takes the views again after what may have made a memory grow. Filled in at the function's end, when it is known which it uses. */
  rebind(): string {
    return "@";
  }

  rebindings(): string {
    return [...this.#inFunction]
      .filter((index) => !this.#isConstant(index))
      .map((index) => `V${index}=M${index}.view;${this.#also(index, `B${index}=M${index}.bytes;`)}`)
      .join("");
  }

  /** What is needed besides where the function being printed has a memory's bytes. */
  #also(index: number, source: string): string {
    return this.#elements.has(index) ? source : "";
  }

  bindings(): string {
    const memories = [...this.#used].map(
      (index) => `const M${index}=E.memories[${index}],W${index}=${this.#constant(index)}${this.#array(index)};`,
    );
    return [...memories, ...this.#offsets].join("");
  }

  #array(index: number): string {
    if (this.#hasWords) return `,X${index}=M${index}.lanes.u64,P${index}=X${index}.length`;
    return prefersElements() ? `,X${index}=M${index}.bytes` : "";
  }

  /** The view as a constant: none, where functions would take it for a small one. */
  #constant(index: number): string {
    const view = `M${index}.view`;
    const isAsPrinted = this.isFixed(index) || this.#isSmallByType(index) || this.#isLoop;
    return isAsPrinted ? view : `${view}.byteLength>2147483648?null:${view}`;
  }
}

/** Offsets of what stands near an address; those of variables at constant places are greater, and many. */
const MAX_OFFSET = 64;

/** Tables of numbers. And float constants: as numbers; NaNs are read from an array, as a host that knows them makes them all the same. */
export class Constants {
  readonly #words: number[] = [];
  /** By its words, which double of the array a NaN is. */
  readonly #places = new Map<string, number>();
  readonly #tables = new Map<string, string>();

  float(type: ValType, lo: number, hi: number): string {
    const number = type === Num.F32 ? f32FromBits(lo) : f64FromBits(lo, hi);
    if (number !== number) {
      if (type === Num.F64) return this.#nan(lo, hi);
      XD[0] = number;
      return this.#nan(XI[0]!, XI[1]!);
    }
    if (Object.is(number, -0)) return "(-0)";
    if (Math.abs(number) === Number.POSITIVE_INFINITY) return number > 0 ? "(1/0)" : "(-1/0)";
    return number < 0 ? `(${number})` : String(number);
  }

  #nan(lo: number, hi: number): string {
    const key = `${lo} ${hi}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, (place = this.#words.length >> 1));
      this.#words.push(lo, hi);
    }
    return `KD[${place}]`;
  }

  /** An array of small numbers. */
  table(numbers: readonly number[]): string {
    const source = numbers.join();
    let name = this.#tables.get(source);
    if (name === undefined) this.#tables.set(source, (name = `K${this.#tables.size}`));
    return name;
  }

  bindings(): string {
    const words = this.#words.map(int).join();
    const tables = [...this.#tables].map(([source, name]) => `const ${name}=Int32Array.of(${source});`);
    return (words === "" ? "" : `const KD=new Float64Array(Int32Array.of(${words}).buffer);`) + tables.join("");
  }
}
