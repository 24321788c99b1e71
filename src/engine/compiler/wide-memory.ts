// Takes loads and stores of whole i64 values, gives accesses to elements of an array where they are aligned (specification: 4.6.8 Memory instructions).
import type { Expr, Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { effective, moved } from "./address.ts";
import { rotated } from "./element.ts";
import type { FunctionEmitter } from "./emit.ts";
import { get, storePair } from "./memory.ts";
import { kept } from "./value.ts";
import { joined, movesWhole, wide } from "./wide.ts";

/*
 * The index of an element is the address rotated by three bits: where it is not aligned the index is too large, so that one comparison finds that out
 * and what is out of bounds. The view does the rest. V8 makes half as much code of this as of two accesses to halves.
 */

interface Word {
  readonly element: string;
  /** What holds where there is such an element. */
  readonly test: string;
  readonly address: string;
}

/** The word of 64 bits at an address, if it can be an element. */
function wordAt(e: FunctionEmitter, address: Expr, offset: number, memory: number): Word | null {
  const array = offset % 8 === 0 ? e.memories.words(memory) : null;
  if (array === null) return null;
  const at = kept(e, address);
  const index = e.writer.keep(rotated(at, 3));
  return {
    element: `${array}[${moved(index, offset / 8)}>>>0]`,
    test: `${index}>>>0<${moved(`P${memory}`, -offset / 8)}`,
    address: moved(`(${at}>>>0)`, offset),
  };
}

/** A load of an i64 as a whole: the element of `Z` that it was put into, or a source. */
export function loadWide(e: FunctionEmitter, expr: Expr): string {
  const word = wordAt(e, expr.a!, expr.n, expr.lo);
  if (word === null) return fromHalves(e, expr, e.writer.keep(effective(e, expr.a!, expr.n)));
  return put(e, expr, word, e.writer.wideTemporary());
}

/** Loads an i64 as a whole into a slot. */
export function loadInto(e: FunctionEmitter, expr: Expr, slot: number): void {
  const word = wordAt(e, expr.a!, expr.n, expr.lo);
  if (word === null) e.writer.setWide(slot, loadWide(e, expr));
  else put(e, expr, word, e.writer.wideElement(slot));
}

/** Both branches fill an element: V8 merges no variables that hold such values. */
function put(e: FunctionEmitter, expr: Expr, { test, element, address }: Word, target: string): string {
  e.writer.line(`if(${test})${target}=${element};else ${target}=${fromHalves(e, expr, address)};`);
  return target;
}

function fromHalves(e: FunctionEmitter, expr: Expr, address: string): string {
  const half = (at: string): string => e.writer.mark(expr.at) + get(e.memories.view(expr.lo), "getUint32", at);
  return joined(half(address), half(moved(address, 4)));
}

/** A store of an i64 that is at hand as a whole; false if it is not. */
export function storeWide(e: FunctionEmitter, { op, a, b, n: memory, m: offset }: Stmt): boolean {
  const { writer } = e;
  if (!writer.isWide || op !== Op["i64.store"] || !movesWhole(b!)) return false;
  const word = wordAt(e, a!, offset, memory);
  if (word === null) return false;
  const whole = writer.nameWide(wide(e, b!));
  writer.line(`if(${word.test})${word.element}=${whole};else{`);
  const { halves } = writer.keepWide(whole);
  storePair(e, memory, word.address, halves);
  writer.line("}");
  return true;
}
