// Takes a validated module, gives its functions as JavaScript, in chunks, as they are asked for (specification: 4.7.3 Invocation).
import type { CachedChunk, ModuleCache, Script } from "../../api/cache.ts";
import type { Remake } from "../../instance/engine.ts";
import { checkLimit, running } from "../../instance/meter.ts";
import { bodyBytes, Fact, type ValidatedModule } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { copiesBits } from "./bit-copies.ts";
import { type Attempt, type Chunk, type ChunkSource, register, type Traceable, WHOLES } from "./chunk.ts";
import type { First } from "./emit.ts";
import { Leaving } from "./leaving.ts";
import type { CompilerSettings } from "./module-code.ts";
import { type Plan, type Printed, printChunk, printedOffsets } from "./print-chunk.ts";
import { usualFirst } from "./print-function.ts";
import { remake } from "./remake.ts";
import { Steadiness } from "./steady.ts";
import type { SuspensionSites } from "./suspend.ts";

/** Bodies of a module that are compiled together, in bytes: a small module is one chunk. */
const CHUNK_BYTES = 64_000;
/** The same in functions: of a few bytes each, they may have 50,000 locals. */
const CHUNK_FUNCTIONS = 1000;

/** A function with a body of at most so many bytes is compiled with the first that calls it: a chunk costs more than it does. */
const JOINED_BYTES = 120;

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
    const begun = this.#begun;
    const form = asynchronous ? 1 : 0;
    begun.add(2 * first + form);
    return (index) => {
      return bodyBytes(this.#module, index) <= JOINED_BYTES && begun.size < begun.add(2 * index + form).size;
    };
  }

  again(index: number, label: number | undefined, asynchronous: boolean): Chunk | null {
    const leaving = this.#leavingIn(asynchronous);
    const from = label ?? -1;
    // What is handed over at a loop are halves.
    const plan = { indices: [index], label: from, asynchronous, leaving, wide: from < 0 };
    const isOfHot = label !== undefined && label !== WHOLES;
    return this.#compile(isOfHot ? { ...plan, steadiness: this.#steadiness, isHanded: true } : plan);
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
    const offsets = new Map<number, Uint32Array>();
    const traceable: Traceable = {
      code: this.#code,
      lineIn: (index, line) => line - (script?.firstLine ?? 0) - firstLines[functions.indexOf(index)]!,
      isTailCall: (index, line) => {
        const { bytes, facts, importedFunctions } = this.#module;
        const hasSome = (facts[index - importedFunctions]! & Fact.TailCall) !== 0;
        return hasSome && bytes[traceable.offsetAt(index, line)] === Op.return_call;
      },
      offsetAt: (index, line) => {
        const lines = offsets.get(index) ?? printedOffsets(this.#module, this.#maxCallDepth, plan, index);
        offsets.set(index, lines);
        return lines[line] ?? 0;
      },
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
  return !key.startsWith("-");
}

/** What is compiled with a function, the function first: the whole of a small module. */
function togetherWith(module: ValidatedModule, index: number): number[] {
  const { importedFunctions, functions, bodyStart, bodyEnd } = module;
  const bytes = bodyStart.length === 0 ? 0 : bodyEnd[bodyEnd.length - 1]! - bodyStart[0]!;
  if (bytes > CHUNK_BYTES || bodyStart.length > CHUNK_FUNCTIONS) return [index];
  return [...new Set([index, ...[...functions.keys()].slice(importedFunctions)])];
}

/** What a host puts before the text of a function's body, in lines; its own lines count from 1. */
const LINES_BEFORE = 3;
