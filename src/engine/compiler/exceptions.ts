// Takes tries and throws, gives them as the host's own (specification: 4.6.4 Exception handling).
import { slotExpr } from "../../ir/operands.ts";
import { type Handler, LABEL_RETURN, type Stmt, type TryStmt } from "../../ir/tree.ts";
import { defType, isRef, Num, Ref, slotsOf } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { numberOf } from "./floats.ts";
import { value } from "./value.ts";
import { setWords } from "./vector.ts";
import { entries } from "./words.ts";

/** The tries whose bodies are being written, and which of them an exception passes on its way to one further out. */
export class Tries {
  readonly #open: number[] = [];
  readonly #passed = new Set<number>();

  get areOpen(): boolean {
    return this.#open.length > 0;
  }

  enter({ label }: TryStmt): void {
    this.#open.push(label);
  }

  leave(): void {
    this.#open.pop();
  }

  /** Says that what a try does not take goes to the one of label `outer`. Gives whether others are between. */
  passTo(outer: number): boolean {
    const place = this.#open.lastIndexOf(outer);
    if (place === this.#open.length - 1) return false;
    // The one it goes to has to know that it has arrived.
    for (const label of this.#open.slice(Math.max(place, 0))) this.#passed.add(label);
    return true;
  }

  isPassed(label: number): boolean {
    return this.#passed.has(label);
  }
}

/** Where an exception goes that passes tries: a number that is not zero. */
function destination(label: number): number {
  return label === LABEL_RETURN ? -1 : label + 1;
}

/** Writes what follows the body of a try: its handlers. */
export function catches(e: FunctionEmitter, { label, handlers, outer }: TryStmt): void {
  const { writer, tries } = e;
  const passes = tries.passTo(outer);
  writer.line("}catch(e){");
  if (passes || tries.isPassed(label)) writer.declare("z");
  if (tries.isPassed(label)) writer.line(`if(z!==0){if(z!==${destination(label)})throw e;z=0;}`);
  // What threw may have made a memory grow.
  writer.line(`const x=caught(e);${e.memories.rebind()}`);
  for (const handler of handlers) {
    const test = handler.tag < 0 ? "" : `if(x.tag===${e.names.tag(handler.tag)})`;
    writer.line(`${test}{taken(x);`);
    takePayload(e, handler);
    writer.line(`${e.branch(handler.label)}}`);
  }
  writer.line(`${passes ? `z=${destination(outer)};` : ""}throw e;}`);
}

/** Puts an exception and its values into the slots that a handler has for them. */
function takePayload(e: FunctionEmitter, { tag, slot, exception }: Handler): void {
  const { writer, module } = e;
  if (exception >= 0) writer.line(`${writer.slot(exception, Ref.ExnNull)}=x;`);
  if (tag < 0) return;
  let at = 0;
  for (const type of defType(module.tags[tag]!).params) {
    const word = (i: number): string => `x.payload.words[${2 * at + i}]`;
    const to = slot + at;
    at += slotsOf(type);
    if (type === Num.V128) setWords(e, to, [word(-4), word(-3), word(-2), word(-1)]);
    else if (isRef(type)) writer.line(`${writer.slot(to, type)}=x.payload.references[${at - 1}];`);
    else if (type === Num.I64) writer.line(`${writer.slot(to, type)}=${word(-2)};${writer.high(to)}=${word(-1)};`);
    else writer.line(`${writer.slot(to, type)}=${numberOf(type, word(-2), word(-1))};`);
  }
}

/** Throws a new exception with the values that stand from a slot on. */
export function throwNew(e: FunctionEmitter, { n, m }: Stmt): void {
  const { writer, names, module } = e;
  const sources: string[] = [];
  const references: string[] = [];
  let slot = m;
  for (const type of defType(module.tags[n]!).params) {
    for (let i = slotsOf(type); i > 0; i--) references.push(isRef(type) ? writer.slot(slot, type) : "null");
    const words = isRef(type) ? ["0"] : entries(e, slotExpr(slot, type));
    sources.push(...words, ...(words.length === 1 ? ["0"] : []));
    slot += slotsOf(type);
  }
  const hasReferences = references.some((source) => source !== "null");
  const list = hasReferences ? `,[${references.join()}]` : "";
  writer.line(`throw raised(${names.tag(n)},${framesHere(e)},[${sources.join()}]${list});`);
}

/** Throws the exception that a reference is. */
export function throwReference(e: FunctionEmitter, { a }: Stmt): void {
  e.writer.line(`throw raisedAgain(${value(e, a!)},${framesHere(e)});`);
}

/** What a call says of the frames and tries around it, said of this function itself. */
export function framesHere(e: FunctionEmitter): string {
  return e.tries.areOpen ? "n|1" : "n";
}
