// Takes opcodes one by one, gives packed code: joins neighbours, fills in branch targets, keeps positions.
import { LABEL_RETURN } from "../../ir/tree.ts";
import { Code } from "./codes.generated.ts";
import type { Counts } from "./lowered.ts";

/** Packed code under construction. Words that hold a target are relative to the function until it is placed. */
export class CodeSink {
  readonly words: number[] = [];
  /** Words that hold a target, and the label of each. */
  readonly targets: number[] = [];
  readonly #targetLabels: number[] = [];
  readonly #labels: number[];
  /** Where the last opcode is, while the next may be joined to it; else -1. */
  #last = -1;
  /** Where the one before it is, while that may still be joined to it; else -1. */
  #before = -1;
  readonly #pairs: ReadonlyMap<number, number>;
  readonly #linkWord: number;
  /** Pairs of a code position and the byte offset of the instruction there, ascending; null unless asked for. */
  readonly positions: number[] | null;
  /** Byte offset of the instruction being translated. */
  at = 0;
  /** How often control could come in, or go elsewhere, so far. */
  seals = 0;
  /** Whether there is an opcode that the switch of vectors does. */
  vectors = false;

  constructor(labels: number, linkWord: number, pairs: ReadonlyMap<number, number>, positions: boolean) {
    this.#labels = new Array(labels).fill(-1);
    this.#linkWord = linkWord;
    this.#pairs = pairs;
    this.positions = positions ? [] : null;
  }

  emit(code: number, a?: number, b?: number, c?: number, d?: number, e?: number): void {
    const { words } = this;
    if (code >= Code.mov4) this.vectors = true;
    const last = this.#last;
    const joined = last < 0 ? undefined : this.#pairs.get(words[last]! * 1024 + code);
    if (joined !== undefined) {
      // Its traps report the word before its operands.
      this.#notePosition(words.length - 1);
      words[last] = joined;
      if (this.#before >= 0) this.#joinBefore();
    } else {
      this.#notePosition(words.length);
      this.#before = last;
      this.#last = words.length;
      words.push(code);
    }
    if (a === undefined) return;
    words.push(a);
    if (b === undefined) return;
    words.push(b);
    if (c === undefined) return;
    words.push(c);
    if (d === undefined) return;
    words.push(d);
    if (e !== undefined) words.push(e);
  }

  /** Joins the last opcode, which is two by now, to the one before it. */
  #joinBefore(): void {
    const { words, positions } = this;
    const last = this.#last;
    const joined = this.#pairs.get(words[this.#before]! * 1024 + words[last]!);
    if (joined === undefined) return;
    words[this.#before] = joined;
    words.splice(last, 1);
    for (let i = (positions?.length ?? 0) - 2; i >= 0 && positions![i]! >= last; i -= 2) positions![i]!--;
    this.#last = this.#before;
    this.#before = -1;
  }

  /** An opcode with many operands; nothing is joined to it. */
  emitList(code: number, operands: readonly number[]): void {
    this.#notePosition(this.words.length);
    this.words.push(code, ...operands);
    this.seal();
  }

  #notePosition(index: number): void {
    this.positions?.push(index, this.at);
  }

  /** Nothing is joined to what was emitted last: control can come in here, or does not go on. */
  seal(): void {
    this.#last = -1;
    this.#before = -1;
    this.seals++;
  }

  /** Makes the word just written the position of a label. */
  target(label: number): void {
    this.targets.push(this.words.length - 1);
    this.#targetLabels.push(label);
    this.seal();
  }

  place(label: number): void {
    this.#labels[label] = this.words.length;
    this.seal();
  }

  /** Where a label is. */
  positionOf(label: number): number {
    return this.#labels[label]!;
  }

  newLabel(): number {
    return this.#labels.push(-1) - 1;
  }

  ret(): void {
    this.emit(Code.ret, this.#linkWord);
    this.seal();
  }

  jump(label: number): void {
    if (label === LABEL_RETURN) return this.ret();
    this.emit(Code.br, 0);
    this.target(label);
  }

  rare(op: number, destination: number, operands: readonly number[]): void {
    this.#long(Code.rare, op, destination, operands);
  }

  aggregate(op: number, destination: number, operands: readonly number[]): void {
    this.#long(Code.aggregate, op, destination, operands);
  }

  #long(code: number, op: number, destination: number, operands: readonly number[]): void {
    this.#notePosition(this.words.length);
    this.words.push(code, operands.length + 4, op, destination, ...operands);
    this.seal();
  }

  /** An opcode that counts, some times. */
  counter(code: number, count: number, { index, times }: Counts, label?: number): void {
    this.emit(code, count, index, count && times, label);
    this.seal();
  }

  /** A jump through a table: the register of its index, and a label for each entry, the default last. */
  table(index: number, labels: readonly number[]): void {
    this.#notePosition(this.words.length);
    this.words.push(Code.brTable, labels.length - 1, index);
    for (const label of labels) {
      this.words.push(0);
      this.target(label);
    }
  }

  /** Fills in the targets. */
  finish(): void {
    // A table may branch to the function's own label: that is a return at the end.
    const end = this.words.length;
    if (this.#targetLabels.includes(LABEL_RETURN)) this.ret();
    for (let i = 0; i < this.targets.length; i++) {
      const label = this.#targetLabels[i]!;
      this.words[this.targets[i]!] = label === LABEL_RETURN ? end : this.#labels[label]!;
    }
  }
}
