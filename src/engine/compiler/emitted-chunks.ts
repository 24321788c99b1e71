// Takes a validated module, gives its functions as JavaScript, in chunks, as they are asked for (specification: 4.7.3 Invocation).
import type { CachedChunk, ModuleCache, Script } from "../../api/cache.ts";
import type { Remake } from "../../instance/engine.ts";
import { isStackOverflow } from "../../instance/host-call.ts";
import { checkLimit, running, timeLeft } from "../../instance/meter.ts";
import { build } from "../../ir/build.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { copiesBits } from "./bit-copies.ts";
import { type Attempt, type Chunk, type ChunkSource, register, type Traceable } from "./chunk.ts";
import { hasWideArithmetic, isDense } from "./dense.ts";
import type { First } from "./emit.ts";
import { environmentNames } from "./environment.ts";
import { Leaving } from "./leaving.ts";
import type { CompilerSettings } from "./module-code.ts";
import { ModuleNames } from "./names.ts";
import { type FunctionSource, printFunction, usualFirst } from "./print-function.ts";
import { remake } from "./remake.ts";
import { Steadiness } from "./steady.ts";
import type { SuspensionSites } from "./suspend.ts";
import { hasTwin, type Twin } from "./twin.ts";
import { MAX_LENGTH, NotCompilable } from "./writer.ts";

/** Bodies of a module that are compiled together, in bytes: a small module is one chunk. */
const CHUNK_BYTES = 64_000;
/** The same in functions: of a few bytes each, they may have 50,000 locals. */
const CHUNK_FUNCTIONS = 1000;

/** What a function that cannot be compiled may have taken until that was known, in characters of others. */
const LEFT_LENGTH = MAX_LENGTH / 4;

/** A function whose body is longer stays with the interpreter. */
const MAX_BODY_BYTES = 400_000;

/** A function with a body of at most so many bytes is compiled with the first that calls it: a chunk costs more than it does. */
const JOINED_BYTES = 120;

/** What is printed together, and how. */
interface Plan {
  readonly indices: readonly number[];
  /** Which functions that they call come with them; none, if nothing is said. */
  readonly joins?: ((index: number) => boolean) | undefined;
  /** Whether a call waits for it: what takes longer than half a second, or than the call has left, is for chunks of its own. */
  readonly isAwaited?: boolean;
  /** The label of the loop to begin at, or -1. */
  readonly label: number;
  readonly asynchronous: boolean;
  /** Under which functions memories keep their views, as constants; none, if nothing is said. */
  readonly steadiness?: Steadiness;
  /** Which functions may be suspended; all, if nothing is said. */
  readonly leaving?: Leaving | undefined;
  /** Whether functions dense with i64 arithmetic have whole values, where the host is quick with them. */
  readonly wide?: boolean;
  /** When huge functions turn hot, which are printed as a whole until then; they are cut at once, if nothing is said. */
  readonly first?: First | undefined;
  /** Whether it takes over from that form. */
  readonly isHanded?: boolean;
}

/** The source of a chunk, which makes its functions from what it sees as `E`. */
export interface Printed extends Omit<Chunk, "make" | "suspension"> {
  readonly source: string;
  /** The first line of each function in the source, from 0. */
  readonly firstLines: readonly number[];
  readonly suspensions: () => readonly SuspensionSites[];
}

/** Prints chunks and makes functions of them. */
export class EmittedChunks implements ChunkSource {
  readonly isGiven = false;
  readonly remake: Remake = remake;
  readonly #module: ValidatedModule;
  readonly #maxCallDepth: number;
  readonly #first: First;
  readonly #code: Traceable["code"];
  /** What stacks of this module's traps are read by: others hold it weakly, as it holds the module. */
  readonly #traceable: Traceable[] = [];
  readonly #id = register(this.#traceable);
  readonly #steadiness: Steadiness;
  #leaving: Leaving | undefined;
  readonly #cache: ModuleCache | null;
  /** Functions whose chunks were found in the cache, and those entered at a loop. */
  readonly #stored: readonly [Set<number>, Set<number>] = [new Set(), new Set()];

  /** In which forms each function is compiled by itself: the host has refused a source, or a small module was compiled as a whole, but for some. */
  readonly #apart = new Set<boolean>();
  /** Functions that have a chunk: twice the index, and one more in the form that may be suspended. */
  readonly #begun = new Set<number>();

  constructor(
    module: ValidatedModule,
    { maxCallDepth, first = usualFirst }: CompilerSettings,
    code: Traceable["code"],
    cache: ModuleCache | null = null,
  ) {
    this.#first = first;
    this.#cache = cache;
    for (const { key, functions } of cache?.stored.values() ?? []) {
      for (const index of functions) this.#stored[isLoopKey(key) ? 1 : 0].add(index);
    }
    this.#module = module;
    this.#maxCallDepth = maxCallDepth;
    this.#code = code;
    this.#steadiness = new Steadiness(module);
  }

  has(index: number, isLoop: boolean): boolean {
    return this.#stored[isLoop ? 1 : 0].has(index);
  }

  chunkOf(
    index: number,
    label: number,
    asynchronous: boolean,
    isApart: boolean = label >= 0 || this.#apart.has(asynchronous),
  ): Attempt {
    checkLimit();
    const indices = isApart ? [index] : togetherWith(this.#module, index);
    if (indices.length > 1) this.#apart.add(asynchronous);
    const first = this.#code.isEager && label < 0 && !asynchronous ? this.#first : undefined;
    const joins = isApart ? undefined : this.#joining(index, asynchronous);
    const chunk = this.#compile({
      indices,
      label,
      asynchronous,
      leaving: this.#leavingIn(asynchronous),
      wide: true,
      steadiness: this.#steadiness,
      first,
      joins,
      isAwaited: true,
    });
    const functions = chunk?.functions ?? [];
    // Perhaps it was another function that the host refused, or there was enough without this one.
    if (!isApart && !functions.includes(index)) return this.chunkOf(index, label, asynchronous, true);
    return { chunk, tried: [index, ...functions] };
  }

  /**
   * Tells which functions come with one that calls them: short ones that have no chunk yet, where each would be compiled at its first call. Where
   * a call has to end in time, that is looked at before each function.
   */
  #joining(first: number, asynchronous: boolean): Plan["joins"] {
    if (!this.#code.isEager || running.limit !== null) return undefined;
    const { bodyStart, bodyEnd, importedFunctions } = this.#module;
    const begun = this.#begun;
    const form = asynchronous ? 1 : 0;
    begun.add(2 * first + form);
    return (index) => {
      const place = index - importedFunctions;
      const isShort = bodyEnd[place]! - bodyStart[place]! <= JOINED_BYTES;
      return isShort && begun.size < begun.add(2 * index + form).size;
    };
  }

  again(index: number, label: number | undefined, asynchronous: boolean): Chunk | null {
    const leaving = this.#leavingIn(asynchronous);
    const plan = { indices: [index], label: label ?? -1, asynchronous, leaving, wide: true };
    return this.#compile(label === undefined ? plan : { ...plan, steadiness: this.#steadiness, isHanded: true });
  }

  #leavingIn(asynchronous: boolean): Leaving | undefined {
    return asynchronous ? (this.#leaving ??= new Leaving(this.#module)) : undefined;
  }

  #compile(plan: Plan): Chunk | null {
    const stored = this.#cache?.stored.get(keyOf(plan));
    const printed =
      stored === undefined ? printChunk(this.#module, this.#maxCallDepth, plan) : this.#from(stored, plan);
    if (printed === null) return null;
    // What follows is held as long as the module: by itself, not with the source, of which the host has a copy.
    const { functions, firstLines, callees, source, suspensions } = printed;
    const traceable: Traceable = {
      code: this.#code,
      lineIn: (index, line) => line - (script?.firstLine ?? 0) - firstLines[functions.indexOf(index)]!,
      offsetAt: (index, line) => this.#offsetAt(plan, index, line),
    };
    const name = `zerowasm-${this.#id}.${this.#traceable.push(traceable) - 1}`;
    const script = this.#scriptOf(source, name, stored?.code);
    if (script === null) {
      this.#apart.add(plan.asynchronous);
      return null;
    }
    if (stored === undefined && this.#cache !== null) addTo(this.#cache, keyOf(plan), printed, script);
    let sites: readonly SuspensionSites[] | undefined;
    const suspension = (place: number): SuspensionSites => (sites ??= suspensions())[place]!;
    return { make: script.run as Chunk["make"], functions, callees, suspension };
  }

  /** Makes a script; null where the host refuses the source: parsers have limits of their own, and say so with whatever error. */
  #scriptOf(source: string, name: string, code: Uint8Array | undefined): Script | null {
    const make = this.#cache?.script ?? scriptOf;
    try {
      return make(source, name, code);
    } catch {
      return null;
    }
  }

  /** A chunk that was printed before. Where a call of it is suspended, it is printed again for what is known of the calls. */
  #from({ functions, callees, firstLines, source }: CachedChunk, plan: Plan): Printed {
    return {
      functions,
      callees,
      firstLines,
      source,
      suspensions: () => {
        const same = { ...plan, indices: functions, joins: undefined, isAwaited: false };
        return printChunk(this.#module, this.#maxCallDepth, same)!.suspensions();
      },
    };
  }

  /** The byte offset of what a line of a function does. The function is printed again, this time with positions: that costs nothing until a trap. */
  #offsetAt(plan: Plan, index: number, line: number): number {
    const names = namesOf(this.#module, this.#maxCallDepth, plan);
    const source = print(names, index, plan, true);
    const text = source === null ? "" : (joined(source).split("\n")[line] ?? "");
    return Number(/^\/\*(\d+)\*\//.exec(text)?.[1] ?? 0);
  }
}

/** A script as the language itself makes it. */
function scriptOf(source: string, name: string): Script {
  const run = new Function("E", `${source}\n//# sourceURL=${name}`) as Script["run"];
  return { run, firstLine: LINES_BEFORE, code: () => undefined };
}

function addTo(cache: ModuleCache, key: string, printed: Printed, script: Script): void {
  const { functions, callees, firstLines, source } = printed;
  cache.add(key, (): CachedChunk => ({ key, functions, callees, firstLines, source, code: script.code() }));
}

/** Names a chunk among those of its module. */
function keyOf({ indices, label, asynchronous, steadiness, wide, first, isHanded }: Plan): string {
  const which = indices.length === 1 ? indices[0] : "all";
  return [label, which, asynchronous, steadiness !== undefined, copiesBits, wide, first !== undefined, isHanded].join(
    " ",
  );
}

function isLoopKey(key: string): boolean {
  return !key.startsWith("-1 ");
}

/** Prints a chunk; null where none of its functions can be compiled. */
export function printChunk(module: ValidatedModule, maxCallDepth: number, plan: Plan): Printed | null {
  const names = namesOf(module, maxCallDepth, plan);
  const sources: FunctionSource[] = [];
  const functions: number[] = [];
  if (plan.joins !== undefined) names.joins = plan.joins;
  names.joined.push(...plan.indices);
  let length = 0;
  let work = 0;
  // More are found on the way.
  for (const index of names.joined) {
    const isEnough =
      index !== plan.indices[0] && (plan.isAwaited ? work >= MAX_LENGTH || timeLeft() <= 0 : length >= 2 * MAX_LENGTH);
    const source = isEnough ? null : print(names, index, plan, false);
    work += source?.main.length ?? LEFT_LENGTH;
    if (source === null) names.leave(index);
    else {
      length += source.main.length;
      sources.push(source);
      functions.push(index);
      if (source.isFirst !== true) names.setFirstTurns(index, source.main.length);
    }
  }
  if (functions.length === 0) return null;
  // V8 gives up what it has optimised for a call of one function, once another takes its place; for a call of a proxy it optimises nothing.
  const made = functions.map((index, i) => (sources[i]!.isFirst ? `new Proxy(w${index},{})` : `w${index}`));
  // In brackets a function is compiled at once, instead of read now and compiled when called: one that is about to be called, and what comes with it.
  const isCalled = plan.indices.length === 1 && names.bodies.size === 0 && names.twins.size === 0;
  const texts = sources.map(({ main, pieces }, i) =>
    joined({ main: isCalled ? `const w${functions[i]}=(${main});` : main, pieces }),
  );
  const tail = `${names.endings()}return [${made.join()}];`;
  const body = [names.bindings(), ...texts, tail].join("\n");
  const words = new Set(body.match(environmentName));
  const firstLines = [1];
  for (let i = 1; i < texts.length; i++) firstLines.push(firstLines[i - 1]! + linesIn(texts[i - 1]!));
  return {
    functions,
    callees: [...names.callees],
    suspensions: always(names.suspensions),
    firstLines,
    source: `"use strict";const {${[...words].join()}}=E,{imul,fround}=Math;${body}`,
  };
}

/** By itself: a function in `printChunk` would hold on to all that is there. */
function always<T>(value: T): () => T {
  return () => value;
}

/** A name that is taken from `E`. */
const environmentName = new RegExp(`\\b(?:${environmentNames.join("|")})\\b`, "g");

function joined({ main, pieces }: FunctionSource): string {
  return [main, ...pieces].join("\n");
}

/** What is compiled with a function, the function first: the whole of a small module. */
function togetherWith(module: ValidatedModule, index: number): number[] {
  const { importedFunctions, functions, bodyStart, bodyEnd } = module;
  const bytes = bodyStart.length === 0 ? 0 : bodyEnd[bodyEnd.length - 1]! - bodyStart[0]!;
  if (bytes > CHUNK_BYTES || bodyStart.length > CHUNK_FUNCTIONS) return [index];
  return [...new Set([index, ...[...functions.keys()].slice(importedFunctions)])];
}

function namesOf(module: ValidatedModule, maxCallDepth: number, plan: Plan): ModuleNames {
  const { indices, label, asynchronous, steadiness = null, leaving = null } = plan;
  // A function that begins at a loop is not what is called by its name.
  return new ModuleNames(module, maxCallDepth, new Set(label < 0 ? indices : []), asynchronous, steadiness, leaving);
}

function print(
  names: ModuleNames,
  index: number,
  { label, wide = false, first, isHanded }: Plan,
  positions: boolean,
): FunctionSource | null {
  const { module } = names;
  const { bodyStart, bodyEnd, importedFunctions } = module;
  const body = index - importedFunctions;
  if (bodyEnd[body]! - bodyStart[body]! > MAX_BODY_BYTES) return null;
  try {
    const tree = build(module, index, names.mayBeSuspended(index));
    const isWide = wide && !isHanded && isDense(tree, module.facts[body]!) && hasWideArithmetic();
    const emit = (twin?: Twin): FunctionSource => {
      return printFunction(names, tree, index, { positions, label, wide: isWide, twin, first, isHanded });
    };
    if (label >= 0 || !hasTwin(names, tree, index)) return emit();
    names.twins.add(index);
    return { main: emit("first").main, pieces: [emit("second").main] };
  } catch (error) {
    // What is nested too deep for the host's stack is too deep for its parser.
    if (error instanceof NotCompilable || error instanceof RangeError || isStackOverflow(error)) return null;
    throw error;
  }
}

/** What a host puts before the text of a function's body, in lines; its own lines count from 1. */
const LINES_BEFORE = 3;

function linesIn(source: string): number {
  let lines = 1;
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) lines++;
  return lines;
}
