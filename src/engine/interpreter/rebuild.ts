// Takes frames that compiled code left when it was suspended, gives explicit frames, from which the interpreter goes on (instance/suspension.ts).
import type { ModuleInstance } from "../../instance/module.ts";
import { type FrameImage, suspension } from "../../instance/suspension.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { isRef } from "../../syntax/types.ts";
import type { Activation } from "./activation.ts";
import { positionBefore } from "./call.ts";
import type { ModuleCode } from "./code.ts";
import { CROSS_RETURN, EXIT, Frames } from "./frames.ts";
import { I, R, REGISTER_WORDS } from "./registers.ts";
import type { TieredCode } from "./tiered-code.ts";
import { slotWords, writeReference } from "./values.ts";

/** Puts what was suspended into frames from word `fp` on, the first of which returns to `back` and there to the frame at `backTo`. */
export function rebuild(activation: Activation, fp: number, back: number, backTo: number): void {
  const { waiting, frames } = suspension.take();
  const inner = "activation" in waiting ? lift(waiting.activation as Activation) : null;
  let at = fp;
  let link = back;
  let linkTo = backTo;
  frames.forEach((frame, i) => {
    const { instance, index, offset, window } = frame;
    const code = instance.engineState as TieredCode;
    const shape = code.frameShape(index);
    if (at + shape.frameWords > REGISTER_WORDS) trap(TrapCode.CallStack);
    writeFrame(frame, shape.constants, at, shape.register);
    I[at + shape.linkWord] = link;
    I[at + shape.linkWord + 1] = linkTo;
    activation.instance = instance;
    activation.fp = at;
    activation.pc = code.returnAddress(index, offset);
    activation.depth++;
    const callee = i + 1 < frames.length ? frames[i + 1]!.instance : (inner?.instance ?? instance);
    if (callee === instance) link = activation.pc;
    else {
      activation.calls.push({ instance, pc: activation.pc, fp: at });
      link = CROSS_RETURN;
    }
    linkTo = at;
    at += shape.register(window);
  });
  activation.failedAt = positionBefore(activation.instance, activation.pc);
  if (inner !== null) inner.place(activation, at, link, linkTo);
  else if ("promise" in waiting) activation.pending = { ...waiting, at };
}

function writeFrame(
  { slots }: FrameImage,
  constants: ReadonlyMap<number, readonly number[]>,
  at: number,
  register: (slot: number) => number,
): void {
  for (const [word, words] of constants) writeWords(words, at + word);
  for (const { slot, type, words, ref } of slots) {
    const word = at + register(slot);
    if (isRef(type)) writeReference(word, ref);
    else writeWords(words, word);
  }
}

/** As `I.set`, which takes longer for so few. */
function writeWords(words: readonly number[], at: number): void {
  for (let i = 0; i < words.length; i++) I[at + i] = words[i]!;
}

/** Frames of the interpreter, taken off the registers. */
interface Lifted {
  /** Whose function the outermost frame is of; null where there is no frame. */
  readonly instance: ModuleInstance | null;
  /** Puts them back from word `at` on, as the innermost of an activation. */
  place(activation: Activation, at: number, link: number, linkTo: number): void;
}

function lift(inner: Activation): Lifted {
  const { base, pending } = inner;
  const { callee, promise, at: results } = pending!;
  const links: number[] = [];
  let instance: ModuleInstance | null = null;
  for (const frames = new Frames(inner); frames.position !== EXIT; frames.next()) {
    links.push(frames.fp + (frames.instance.engineState as ModuleCode).linkWord(frames.functionIndex));
    ({ instance } = frames);
  }
  // There is none where a tail call has given its frame away.
  const outermost = links.length === 0 ? base : links[links.length - 1]!;
  const end = Math.max(results + slotWords(callee.signature.params), outermost + 2);
  const words = I.slice(base, end);
  const references = R.slice(base >> 1, end >> 1);
  return {
    instance,
    place(activation, at, link, linkTo) {
      const by = at - base;
      if (at + words.length > REGISTER_WORDS) trap(TrapCode.CallStack);
      I.set(words, at);
      for (const [i, reference] of references.entries()) writeReference(at + 2 * i, reference);
      for (const word of links) I[word + by + 1] = I[word + by + 1]! + by;
      activation.pending = { callee, promise, at: results + by };
      activation.depth = inner.depth;
      if (links.length === 0) return;
      I[outermost + by] = link;
      I[outermost + by + 1] = linkTo;
      activation.calls.push(...inner.calls.map((call) => ({ ...call, fp: call.fp + by })));
      activation.instance = inner.instance;
      activation.pc = inner.pc;
      activation.fp = inner.fp + by;
      activation.failedAt = inner.failedAt;
    },
  };
}
