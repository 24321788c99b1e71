// Takes an exception and the frames of an activation, finds its handler and makes that the place to go on (specification: 4.6.4 Exception handling).
import { caught, thrownFor } from "../../instance/catchable.ts";
import { checkOpen } from "../../instance/closing.ts";
import { ExceptionInstance, type Thrown } from "../../instance/exception.ts";
import { checkLimit } from "../../instance/meter.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import type { TagInstance } from "../../instance/tag.ts";
import type { Activation } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { EXIT, Frames } from "./frames.ts";
import { type RegionHandler, regionAt } from "./regions.ts";
import { I, R } from "./registers.ts";
import { writeReference } from "./values.ts";

/** A new exception with the values that stand from word `at`. */
export function makeException(tag: TagInstance, at: number): ExceptionInstance {
  const { slots, hasReferences } = tag;
  const words: number[] = [];
  for (let word = at; word < at + 2 * slots; word++) words.push(I[word]!);
  const references = hasReferences ? R.slice(at >> 1, (at >> 1) + slots) : noReferences;
  return new ExceptionInstance(tag, noReferences, { words, references });
}

const noReferences: readonly never[] = [];

/** Throws an exception at `failedAt`: the activation goes on in the innermost handler, or the exception leaves it for the host. */
export function raise(activation: Activation, thrown: Thrown): void {
  checkLimit();
  // Nothing changes before a handler is found: a stack trace needs the frames.
  for (const frames = new Frames(activation); frames.position !== EXIT; frames.next()) {
    const handler = findHandler(frames.instance, frames.position, thrown);
    if (handler !== null) return goOn(activation, frames, handler, thrown);
  }
  throw thrownFor(thrown);
}

/** As `raise`, with what a host function threw. What no guest may catch is thrown on. */
export function raiseForeign(activation: Activation, error: unknown): void {
  raise(activation, caught(error));
}

function findHandler(instance: ModuleInstance, position: number, { tag }: Thrown): RegionHandler | null {
  let region = regionAt((instance.engineState as ModuleCode).regionsAt(position), position);
  for (; region !== null; region = region.outer) {
    for (const handler of region.handlers) {
      if (handler.tag < 0 || instance.tags[handler.tag] === tag) return handler;
    }
  }
  return null;
}

function goOn(activation: Activation, frames: Frames, handler: RegionHandler, thrown: Thrown): void {
  const { instance, fp } = frames;
  checkOpen(instance);
  activation.instance = instance;
  activation.fp = fp;
  activation.pc = handler.target;
  activation.depth -= frames.passed;
  activation.calls.length = frames.calls;
  activation.failedAt = -1;
  // Where it is thrown from next is not where it came from.
  if (thrown instanceof ExceptionInstance) thrown.forget();
  if (handler.tag >= 0) writePayload(thrown as ExceptionInstance, fp + handler.register);
  if (handler.exception >= 0) writeReference(fp + handler.exception, thrown);
}

function writePayload({ tag, payload: { words, references } }: ExceptionInstance, at: number): void {
  for (let i = 0; i < words.length; i++) I[at + i] = words[i]!;
  if (!tag.hasReferences) return;
  for (let slot = 0; slot < tag.slots; slot++) writeReference(at + 2 * slot, references[slot]);
}
