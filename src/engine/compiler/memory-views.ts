// Takes uses of memories, gives the names of their views, and what binds them for a module and for a function.

import type { ValidatedModule } from "../../syntax/module.ts";
import { prefersElements } from "./elements.ts";
import type { Writer } from "./writer.ts";

/** Stands for what takes views again, until it is known at the function's end which it uses. */
const AGAIN = "@";

/** So many elements have one index: a power of two. */
export const NEAR = 64;

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
  /** What declares the names of its own that the function being printed has for such arrays. */
  readonly #own = new Set<string>();
  #hasWords = false;
  #isSteady = false;
  #isLoop = false;
  #writer: Writer | undefined;
  /** Whether views may have become others since the function took them: what uses one takes them again before. */
  isStale = false;
  /** Around statements that control comes to from anywhere: there views are taken again at once. */
  crossings = 0;

  constructor(module: ValidatedModule) {
    this.#module = module;
  }

  /** Begins a function; under a steady one no memory grows. One that begins at a loop is made anew where a memory has grown. */
  begin(isSteady: boolean, isLoop: boolean, writer: Writer): void {
    this.#inFunction.clear();
    this.goOn(writer);
    this.#elements.clear();
    this.#own.clear();
    this.#isSteady = isSteady;
    this.#isLoop = isLoop;
  }

  /** Writes into what takes the views at its beginning: the function, or a piece of it. */
  goOn(writer: Writer): void {
    this.#writer = writer;
    this.isStale = false;
    this.crossings = 0;
  }

  /** The view of a memory. */
  view(index: number): string {
    this.#used.add(index);
    this.#inFunction.add(index);
    if (this.isStale && !this.#isConstant(index)) this.settle();
    return `V${index}`;
  }

  /** The array of a memory's bytes. */
  bytes(index: number): string {
    this.#elements.add(index);
    this.view(index);
    return `B${index}`;
  }

  /**
   * The constant array of numbers of 2^`align` bytes that begins at an offset, so that nothing is added to an index; null where there is none. Of numbers near
   * each other all arrays have one length, so that V8 compares an index with it once; what is behind their ends is no element.
   */
  numbersFrom(index: number, offset: number, kind: string, align: number, isNear: boolean): string | null {
    const start = offset / 2 ** align;
    if (!Number.isInteger(start) || !this.#isConstant(index) || (isNear && start >= NEAR)) return null;
    const name = `${kind}_${index}_${offset}${isNear ? "n" : ""}`;
    const bytes = `M${index}.bytes`;
    this.#offsets.add(
      `const ${name}=new ${kind}Array(${bytes}.buffer,0,${bytes}.length/${2 ** align}).subarray(${isNear ? [start, start - NEAR] : start});`,
    );
    this.view(index);
    return name;
  }

  /** The function's own name for such an array, as for a view. */
  own(name: string): string {
    if (prefersElements()) return name;
    this.#own.add(`const V${name}=${name};`);
    return `V${name}`;
  }

  /** The array of a memory's words of 64 bits, in a function that has no bytes as elements; null where other threads may make it another one. */
  words(index: number): string | null {
    if (prefersElements() || this.growsOutside(index) || this.#module.memories[index]!.index64) return null;
    this.#hasWords ||= this.#isConstant(index);
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

  /** Whether the view that the function being printed has ends before 2^31, and no other may be needed. */
  isSmall(index: number): boolean {
    return this.#isSmallByType(index) || (this.#isConstant(index) && !this.isFixed(index) && !this.#isLoop);
  }

  #isSmallByType(index: number): boolean {
    const { limits, pageSizeLog2 } = this.#module.memories[index]!;
    return limits.max !== undefined && limits.max * 2 ** pageSizeLog2 <= 2 ** 31;
  }

  /** The size. To ask for it gives a shared memory the view of what other threads grew, which what comes after has to see. */
  pages(index: number): string {
    const pages = `${this.object(index)}.pages`;
    if (!this.growsOutside(index)) return pages;
    // Told by that view: asked again, the memory might have grown again.
    return `(${pages},(${this.view(index)}=M${index}.view).byteLength/${2 ** this.#module.memories[index]!.pageSizeLog2})`;
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
    const views = [...this.#inFunction].map((index) =>
      this.#isConstant(index)
        ? `const V${index}=W${index}${this.#also(index, `,B${index}=X${index}`)};`
        : `let ${this.#taken(index)}`,
    );
    return [...views, ...this.#own].join("");
  }

  /** Takes the views again at once, after what may have made a memory grow. */
  rebind(): string {
    this.isStale = false;
    return AGAIN;
  }

  /** The same where something uses them, if it is seen. */
  rebindLater(): string {
    if (this.crossings > 0) return AGAIN;
    this.isStale = true;
    return "";
  }

  /** What comes before a jump to where views are taken to be those of their memories. */
  before(jump: string): string {
    return this.isStale ? `{${AGAIN}${jump}}` : jump;
  }

  /** Takes the views again, if they may have become others. */
  settle(): void {
    if (this.isStale) this.#writer!.line(this.rebind());
  }

  /** A function's text with what takes its views again. */
  filled(source: string): string {
    if (!source.includes(AGAIN)) return source;
    const again = [...this.#inFunction].filter((index) => !this.#isConstant(index)).map((index) => this.#taken(index));
    return source.replaceAll(AGAIN, again.join(""));
  }

  #taken(index: number): string {
    return `V${index}=M${index}.view${this.#also(
      index,
      prefersElements() ? `,B${index}=M${index}.bytes` : `,B${index}=M${index}.lanes.u64,P${index}=B${index}.length`,
    )};`;
  }

  /** What is needed besides where the function being printed has a memory's bytes. */
  #also(index: number, source: string): string {
    return this.#elements.has(index) ? source : "";
  }

  bindings(): string {
    const memories = [...this.#used].map((index) => {
      const words = this.#hasWords ? `,X${index}=M${index}.lanes.u64,P${index}=X${index}.length` : "";
      return `const M${index}=E.memories[${index}],W${index}=${this.#constant(index)}${words};`;
    });
    return [...memories, ...this.#offsets].join("");
  }

  /** The view as a constant: none, where functions would take it for a small one. */
  #constant(index: number): string {
    const view = `M${index}.view`;
    const isAsPrinted = this.isFixed(index) || this.#isSmallByType(index) || this.#isLoop;
    return isAsPrinted ? view : `${view}.byteLength>2147483648?null:${view}`;
  }
}
