// Takes a validated module and the source of its chunks, links them to each of its instances and knows when (specification: 4.7.2 Instantiation).
import type { CompiledCode } from "../../instance/convention.ts";
import type { EngineCode, FallbackEngine, Remake, Tier } from "../../instance/engine.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import type { PreparedModule } from "../../instance/prepared-module.ts";
import { bodyBytes, type ValidatedModule } from "../../syntax/module.ts";
import type { Chunk, ChunkSource, Traceable } from "./chunk.ts";
import type { First } from "./emit.ts";
import { enterWithList } from "./enter.ts";
import { InstanceFunctions } from "./environment.ts";

/** What makes a function hot. */
export interface Thresholds {
  /** Calls after which it is compiled, */
  readonly calls: number;
  /** and how many more for each byte of its body: what compiling takes grows with that, and what it saves in a call does not. */
  readonly perByte: number;
  /** How many turns of a loop count as much as a call. */
  readonly turns: number;
}

const large: Thresholds = { calls: 50, perByte: 0.1, turns: 5 };
/**
 * Bodies of a module from which on that holds, if half of them are long, as those of Go are: most of what runs as it starts runs a few times, and
 * compiling it takes long. In other modules each function is compiled before its first call.
 */
const LARGE_BYTES = 2 ** 20;
const LONG_BYTES = 470;

/** A program begins until something was counted down once for as many bytes of its bodies. */
const BYTES_PER_COUNT = 3000;

/** What decides how a module is compiled. */
export interface CompilerSettings {
  readonly maxCallDepth: number;
  /** Compiles every function before it is first called, instead of those that turn hot; in small modules, if nothing is said. */
  readonly eager: boolean | undefined;
  /** What is hot; the usual, if nothing is said. */
  readonly thresholds?: Thresholds;
  /** When functions that are too long for the host's JIT are cut; the usual, if nothing is said. */
  readonly first?: First;
}

/** What was compiled for one way of being called. */
interface Form {
  readonly instances: WeakMap<ModuleInstance, InstanceFunctions>;
  /** Those of the instance that asked last. */
  last: InstanceFunctions | null;
  /** The chunk of each function; null where it cannot be compiled. */
  readonly chunks: Map<number, Chunk | null>;
  /** The same for functions that begin at a loop, by index and label. */
  readonly loops: Map<string, Chunk | null>;
  /** Functions that were compiled again, as a memory had grown or they are hot. */
  readonly again: Map<string, Chunk | null>;
}

function newForm(): Form {
  return { instances: new WeakMap(), last: null, chunks: new Map(), loops: new Map(), again: new Map() };
}

/** A module's JavaScript, made as its functions turn hot, and bound to each instance that runs it. */
export class CompiledModuleCode implements EngineCode, Tier {
  readonly module: ValidatedModule;
  readonly #interpreter: FallbackEngine;
  readonly #interpreted: EngineCode;
  readonly #maxCallDepth: number;
  readonly #source: ChunkSource;
  readonly #thresholds: Thresholds;
  /** For calls that end at once, and for those that may be suspended. */
  readonly #forms: readonly [Form, Form] = [newForm(), newForm()];
  #prepared: PreparedModule | undefined;
  /** Name of its instance, where there was only one: all share the source. */
  moduleName = "";

  constructor(
    module: ValidatedModule,
    interpreter: FallbackEngine,
    { eager, thresholds, maxCallDepth }: CompilerSettings,
    source: (code: Traceable["code"]) => ChunkSource,
  ) {
    this.module = module;
    this.#interpreter = interpreter;
    this.#maxCallDepth = maxCallDepth;
    const { bodyStart, bodyEnd } = module;
    // Without bodies this is NaN.
    const bytes = bodyEnd[bodyEnd.length - 1]! - bodyStart[0]!;
    const isLong = (end: number, body: number): boolean => end - bodyStart[body]! > LONG_BYTES;
    this.isEager =
      eager ?? !(thresholds || (bytes >= LARGE_BYTES && 2 * bodyEnd.filter(isLong).length >= bodyEnd.length));
    this.beginning = thresholds ? 0 : bytes / BYTES_PER_COUNT;
    this.#thresholds = thresholds ?? large;
    this.#source = source(this);
    this.#interpreted = interpreter.prepare(module, this);
  }

  /** Whether functions are compiled before they are first called. */
  readonly isEager: boolean;

  readonly beginning: number;

  /** Whether the functions were compiled ahead of time. */
  get isGiven(): boolean {
    return this.#source.isGiven;
  }

  get remake(): Remake | null {
    return this.#source.remake;
  }

  // What needs no compilation any more is not waited for.
  hotAfter(index: number, isLoop: boolean): number {
    if (this.isEager || this.#source.has(index, isLoop)) return 0;
    const { calls, perByte, turns } = this.#thresholds;
    return ((calls + perByte * bodyBytes(this.module, index)) * (isLoop ? turns : 1)) | 0;
  }

  attach(instance: ModuleInstance): void {
    this.moduleName = this.#prepared === undefined ? instance.name : "";
    this.#prepared = instance.prepared;
    this.#interpreted.attach(instance);
  }

  close(): void {
    this.#interpreted.close();
  }

  functionName(index: number): string | undefined {
    return this.#prepared?.functionName(index);
  }

  /** The functions of an instance. */
  functionsOf(instance: ModuleInstance, asynchronous: boolean): InstanceFunctions {
    const form = this.#forms[asynchronous ? 1 : 0];
    if (form.last?.instance === instance) return form.last;
    let functions = form.instances.get(instance);
    if (functions === undefined) {
      functions = new InstanceFunctions(
        instance,
        this.#interpreter,
        this.#maxCallDepth,
        asynchronous,
        (index, label) => this.#again(index, label, asynchronous),
        this.isEager ? (index) => this.functionOf(instance, index, asynchronous) : null,
      );
      form.instances.set(instance, functions);
    }
    form.last = functions;
    return functions;
  }

  functionOf(instance: ModuleInstance, index: number, asynchronous = false): CompiledCode | null {
    const functions = this.functionsOf(instance, asynchronous);
    const code = functions.compiled[index];
    if (code !== undefined) return code;
    const chunk = this.#chunkOf(index, asynchronous);
    if (chunk === null) return null;
    functions.bind(chunk);
    return functions.compiled[index] ?? null;
  }

  /** A function compiled again, once; null where there is no such form. */
  #again(index: number, label: number | undefined, asynchronous: boolean): Chunk | null {
    const { again } = this.#forms[asynchronous ? 1 : 0];
    const key = `${index} ${label}`;
    let chunk = again.get(key);
    if (chunk === undefined) again.set(key, (chunk = this.#source.again(index, label, asynchronous)));
    return chunk;
  }

  loopOf(instance: ModuleInstance, index: number, label: number, asynchronous: boolean): CompiledCode | null {
    const key = `${index} ${label}`;
    const { loops, chunks } = this.#forms[asynchronous ? 1 : 0];
    let chunk = loops.get(key);
    if (chunks.get(index) === null) return null;
    if (chunk === undefined) {
      ({ chunk } = this.#source.chunkOf(index, label, asynchronous));
      loops.set(key, chunk);
    } else if (chunk !== null) {
      // It is called again: from the next call on it begins as compiled.
      this.functionOf(instance, index, asynchronous);
    }
    return chunk === null ? null : this.functionsOf(instance, asynchronous).loopOf(key, chunk);
  }

  run(code: CompiledCode, values: readonly unknown[], instance: ModuleInstance): unknown {
    instance.refresh();
    return enterWithList(code, instance, values);
  }

  #chunkOf(index: number, asynchronous: boolean): Chunk | null {
    const { chunks } = this.#forms[asynchronous ? 1 : 0];
    let chunk = chunks.get(index);
    if (chunk === undefined) {
      const attempt = this.#source.chunkOf(index, -1, asynchronous);
      chunk = attempt.chunk;
      for (const one of attempt.tried) chunks.set(one, chunk?.functions.includes(one) ? chunk : null);
      chunk = chunks.get(index)!;
    }
    return chunk;
  }
}
