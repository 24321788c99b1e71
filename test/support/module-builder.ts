// Takes definitions one by one, gives a binary module: what tests write instead of hexadecimal (specification: 5.5 Modules).
import { code, type Instr, list, sized, text, typeCode, u32 } from "./encoding.ts";

export type { Instr } from "./encoding.ts";

const enum Kind {
  Func,
  Table,
  Memory,
  Global,
  Tag,
}

/** A function's types and locals, and the name it is exported by. */
export interface FunctionShape {
  readonly params?: readonly string[];
  readonly results?: readonly string[];
  readonly locals?: readonly string[];
  readonly export?: string;
  /** Entry in the name section. */
  readonly name?: string;
}

/** What a memory is beyond its limits. */
export interface MemoryKind {
  readonly shared?: boolean;
  readonly index64?: boolean;
  /** Base-2 logarithm of the page size. */
  readonly pageSizeLog2?: number;
}

/** Each method adds one definition and gives its index. Imports come before anything of their kind. */
export class ModuleBuilder {
  readonly #types: string[] = [];
  readonly #imports: number[][] = [];
  readonly #functions: number[][] = [];
  readonly #tables: number[][] = [];
  readonly #memories: number[][] = [];
  readonly #tags: number[][] = [];
  readonly #globals: number[][] = [];
  readonly #exports: number[][] = [];
  readonly #elements: number[][] = [];
  readonly #bodies: number[][] = [];
  readonly #data: number[][] = [];
  readonly #names: number[][] = [];
  readonly #customs: number[][] = [];
  readonly #counts = [0, 0, 0, 0, 0];
  #start: number | undefined;

  type(params: readonly string[] = [], results: readonly string[] = []): number {
    const bytes = [0x60, ...list(params.map((one) => [typeCode(one)])), ...list(results.map((one) => [typeCode(one)]))];
    const key = bytes.join();
    if (!this.#types.includes(key)) this.#types.push(key);
    return this.#types.indexOf(key);
  }

  importFunction(module: string, name: string, { params, results }: FunctionShape = {}): number {
    return this.#import(module, name, Kind.Func, u32(this.type(params, results)));
  }

  importTable(module: string, name: string, type: string, min: number, max?: number): number {
    return this.#import(module, name, Kind.Table, [typeCode(type), ...limits(min, max)]);
  }

  importMemory(module: string, name: string, min: number, max?: number, kind?: MemoryKind): number {
    return this.#import(module, name, Kind.Memory, limits(min, max, kind));
  }

  importGlobal(module: string, name: string, type: string, mutable = false): number {
    return this.#import(module, name, Kind.Global, [typeCode(type), Number(mutable)]);
  }

  importTag(module: string, name: string, params: readonly string[] = []): number {
    return this.#import(module, name, Kind.Tag, [0, ...u32(this.type(params))]);
  }

  function(shape: FunctionShape, ...body: readonly Instr[]): number {
    this.#functions.push(u32(this.type(shape.params, shape.results)));
    const locals = list((shape.locals ?? []).map((type) => [1, typeCode(type)]));
    this.#bodies.push(sized(locals.concat(code(body), 0x0b)));
    const index = this.#counts[Kind.Func]++;
    if (shape.name !== undefined) this.#names.push([...u32(index), ...text(shape.name)]);
    if (shape.export !== undefined) this.exportFunction(shape.export, index);
    return index;
  }

  table(type: string, min: number, max?: number, name?: string): number {
    this.#tables.push([typeCode(type), ...limits(min, max)]);
    return this.#define(Kind.Table, name);
  }

  memory(min: number, max?: number, name?: string, kind?: MemoryKind): number {
    this.#memories.push(limits(min, max, kind));
    return this.#define(Kind.Memory, name);
  }

  tag(params: readonly string[]): number {
    this.#tags.push([0, ...u32(this.type(params))]);
    return this.#define(Kind.Tag, undefined);
  }

  global(type: string, mutable: boolean, init: readonly Instr[], name?: string): number {
    this.#globals.push([typeCode(type), Number(mutable), ...code(init), 0x0b]);
    return this.#define(Kind.Global, name);
  }

  exportFunction(name: string, index: number): void {
    this.#exports.push([...text(name), Kind.Func, ...u32(index)]);
  }

  start(functionIndex: number): void {
    this.#start = functionIndex;
  }

  /** An active segment of functions of table 0, or, without an offset, a passive one. */
  elements(offset: readonly Instr[] | undefined, functions: readonly number[]): void {
    const head = offset === undefined ? [1, 0] : [0, ...code(offset), 0x0b];
    this.#elements.push([...head, ...list(functions.map(u32))]);
  }

  /** Functions that `ref.func` may name. */
  declare(...functions: readonly number[]): void {
    this.#elements.push([3, 0, ...list(functions.map(u32))]);
  }

  /** An active segment of memory 0, or, without an offset, a passive one. */
  data(offset: readonly Instr[] | undefined, bytes: readonly number[]): void {
    const head = offset === undefined ? [1] : [0, ...code(offset), 0x0b];
    this.#data.push([...head, ...sized(bytes)]);
  }

  custom(name: string, bytes: readonly number[]): void {
    this.#customs.push([0, ...sized([...text(name), ...bytes])]);
  }

  /** The module; `name` is its own in the name section. */
  build(name?: string): Uint8Array<ArrayBuffer> {
    const names = [
      ...(name === undefined ? [] : [0, ...sized(text(name))]),
      ...(this.#names.length === 0 ? [] : [1, ...sized(list(this.#names))]),
    ];
    const sections = [
      section(
        1,
        this.#types.map((type) => type.split(",").map(Number)),
      ),
      section(2, this.#imports),
      section(3, this.#functions),
      section(4, this.#tables),
      section(5, this.#memories),
      section(13, this.#tags),
      section(6, this.#globals),
      section(7, this.#exports),
      this.#start === undefined ? [] : [8, ...sized(u32(this.#start))],
      section(9, this.#elements),
      this.#data.length === 0 ? [] : [12, ...sized(u32(this.#data.length))],
      section(10, this.#bodies),
      section(11, this.#data),
      names.length === 0 ? [] : [0, ...sized([...text("name"), ...names])],
      ...this.#customs,
    ];
    return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
  }

  #import(module: string, name: string, kind: Kind, type: readonly number[]): number {
    this.#imports.push([...text(module), ...text(name), kind, ...type]);
    return this.#counts[kind]++;
  }

  #define(kind: Kind, name: string | undefined): number {
    const index = this.#counts[kind]++;
    if (name !== undefined) this.#exports.push([...text(name), kind, ...u32(index)]);
    return index;
  }
}

function limits(min: number, max: number | undefined, kind: MemoryKind = {}): number[] {
  const { shared = false, index64 = false, pageSizeLog2 } = kind;
  const flags = Number(max !== undefined) | (shared ? 2 : 0) | (index64 ? 4 : 0) | (pageSizeLog2 !== undefined ? 8 : 0);
  return [
    flags,
    ...u32(min),
    ...(max === undefined ? [] : u32(max)),
    ...(pageSizeLog2 === undefined ? [] : [pageSizeLog2]),
  ];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return items.length === 0 ? [] : [id, ...sized(list(items))];
}
