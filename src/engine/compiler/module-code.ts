// Takes a validated module, gives its functions as JavaScript, in chunks, for each of its instances (specification: 4.5.4 Instantiation).
import type { CompiledCode } from "../../instance/convention.ts";
import type { EngineCode, FallbackEngine, Tier } from "../../instance/engine.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import type { PreparedModule } from "../../instance/prepared-module.ts";
import { build } from "../../ir/build.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { type Chunk, register, sourceName } from "./chunk.ts";
import { FunctionEmitter } from "./emit.ts";
import { enterCompiled } from "./enter.ts";
import { environmentNames, InstanceFunctions } from "./environment.ts";
import { ModuleNames } from "./names.ts";
import { NotCompilable } from "./writer.ts";

/** Bodies of a module that are compiled together, in bytes: a small module is one chunk. */
const CHUNK_BYTES = 64_000;

/** Calls after which a function is compiled, and turns after which a loop is. */
const HOT_CALLS = 50;
const HOT_TURNS = 300;

/** A function whose body is longer stays with the interpreter. */
const MAX_BODY_BYTES = 200_000;

/** What decides how a module is compiled. */
export interface CompilerSettings {
  readonly maxCallDepth: number;
  /** Compiles every function before it is first called, instead of those that turn hot. */
  readonly eager: boolean;
}

/** What was compiled for one way of being called. */
interface Form {
  readonly instances: WeakMap<ModuleInstance, InstanceFunctions>;
  /** The chunk of each function; null where it cannot be compiled. */
  readonly chunks: Map<number, Chunk | null>;
  /** The same for functions that begin at a loop, by index and label. */
  readonly loops: Map<string, Chunk | null>;
}

function newForm(): Form {
  return { instances: new WeakMap(), chunks: new Map(), loops: new Map() };
}

/** A module's JavaScript, made as its functions turn hot, and bound to each instance that runs it. */
export class CompiledModuleCode implements EngineCode, Tier {
  readonly module: ValidatedModule;
  readonly #interpreter: FallbackEngine;
  readonly #interpreted: EngineCode;
  readonly #settings: CompilerSettings;
  /** For calls that end at once, and for those that may be suspended. */
  readonly #forms: readonly [Form, Form] = [newForm(), newForm()];
  #prepared: PreparedModule | undefined;
  /** Name of its instance, where there was only one: all share the source. */
  moduleName = "";

  constructor(module: ValidatedModule, interpreter: FallbackEngine, settings: CompilerSettings) {
    this.module = module;
    this.#interpreter = interpreter;
    this.#settings = settings;
    this.#interpreted = interpreter.prepare(module, this);
  }

  get hotCalls(): number {
    return this.#settings.eager ? 0 : HOT_CALLS;
  }

  get hotTurns(): number {
    return this.#settings.eager ? 0 : HOT_TURNS;
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
  functionsOf(instance: ModuleInstance, asynchronous = false): InstanceFunctions {
    const { instances } = this.#forms[asynchronous ? 1 : 0];
    let functions = instances.get(instance);
    if (functions === undefined) {
      functions = new InstanceFunctions(instance, this.#interpreter, this.#settings.maxCallDepth, asynchronous);
      instances.set(instance, functions);
    }
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

  loopOf(instance: ModuleInstance, index: number, label: number, asynchronous: boolean): CompiledCode | null {
    const key = `${index} ${label}`;
    const { loops } = this.#forms[asynchronous ? 1 : 0];
    let chunk = loops.get(key);
    if (chunk === undefined) {
      chunk = this.#compile([index], label, asynchronous);
      loops.set(key, chunk);
    }
    return chunk === null ? null : this.functionsOf(instance, asynchronous).loopOf(key, chunk);
  }

  run(code: CompiledCode, values: readonly unknown[], instance: ModuleInstance): unknown {
    return enterCompiled(code, values, instance);
  }

  #chunkOf(index: number, asynchronous: boolean): Chunk | null {
    const { chunks } = this.#forms[asynchronous ? 1 : 0];
    let chunk = chunks.get(index);
    if (chunk === undefined) {
      const indices = this.#together(index);
      chunk = this.#compile(indices, -1, asynchronous);
      for (const one of indices) chunks.set(one, chunk?.functions.includes(one) ? chunk : null);
      chunk = chunks.get(index)!;
    }
    return chunk;
  }

  /** What is compiled with a function: the whole of a small module. */
  #together(index: number): number[] {
    const { importedFunctions, functions, bodyStart, bodyEnd } = this.module;
    const bytes = bodyStart.length === 0 ? 0 : bodyEnd[bodyEnd.length - 1]! - bodyStart[0]!;
    if (bytes > CHUNK_BYTES) return [index];
    return Array.from({ length: functions.length - importedFunctions }, (_, i) => importedFunctions + i);
  }

  /** Compiles functions into a chunk, or one function from a loop on. */
  #compile(indices: readonly number[], label: number, asynchronous: boolean): Chunk | null {
    // A function that begins at a loop is not what is called by its name.
    const names = this.#names(label < 0 ? indices : [], asynchronous);
    const sources: string[] = [];
    const functions: number[] = [];
    for (const index of indices) {
      const source = this.#source(names, index, label, false);
      if (source === null) names.leave(index);
      else {
        sources.push(source);
        functions.push(index);
      }
    }
    if (functions.length === 0) return null;
    const firstLines: number[] = [];
    let line = LINES_BEFORE + 1;
    for (const source of sources) {
      firstLines.push(line);
      line += linesIn(source);
    }
    const id = register({
      code: this,
      offsetAt: (index, at) => {
        const relative = at - firstLines[functions.indexOf(index)]!;
        // Printed again, this time with positions: it costs nothing until a trap.
        const again = this.#names(label < 0 ? indices : [], asynchronous);
        const text = this.#source(again, index, label, true)?.split("\n")[relative] ?? "";
        return Number(/^\/\*(\d+)\*\//.exec(text)?.[1] ?? 0);
      },
    });
    const head = `"use strict";const {${environmentNames.join()}}=E,{imul,fround}=Math;${names.bindings()}`;
    const tail = `return [${functions.map((index) => `w${index}`).join()}];\n//# sourceURL=${sourceName(id)}`;
    const make = new Function("E", [head, ...sources, tail].join("\n")) as Chunk["make"];
    return { make, functions, names };
  }

  #names(own: readonly number[], asynchronous: boolean): ModuleNames {
    return new ModuleNames(this.module, this.#settings.maxCallDepth, new Set(own), asynchronous);
  }

  #source(names: ModuleNames, index: number, label: number, positions: boolean): string | null {
    const { bodyStart, bodyEnd, importedFunctions } = this.module;
    const body = index - importedFunctions;
    if (bodyEnd[body]! - bodyStart[body]! > MAX_BODY_BYTES) return null;
    try {
      return new FunctionEmitter(names, build(this.module, index, names.asynchronous), index, {
        positions,
        label,
      }).run();
    } catch (error) {
      if (error instanceof NotCompilable) return null;
      throw error;
    }
  }
}

/** What a host puts before the text of a function's body, in lines, and the text's own first line. */
const LINES_BEFORE = 3;

function linesIn(source: string): number {
  let lines = 1;
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) lines++;
  return lines;
}
