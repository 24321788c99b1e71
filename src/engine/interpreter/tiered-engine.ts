// Takes modules with a tier, gives code whose hot parts go on in it (instance/engine.ts says what a tier is).
import type { EngineCode, FallbackEngine, Remake, Tier } from "../../instance/engine.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { Code, frequent } from "./codes.generated.ts";
import { type DispatchForm, switchForm } from "./dispatch.ts";
import { Interpreter } from "./engine.ts";
import { type Loop, loopBy, makeLoop } from "./loop.ts";
import { outside } from "./outside.ts";
import { D, I, R } from "./registers.ts";
import { TieredCode } from "./tiered-code.ts";

/** The interpreter for what a compiler does not print itself. */
export class TieredInterpreter extends Interpreter implements FallbackEngine {
  get registers(): FallbackEngine["registers"] {
    return { I, D, R };
  }

  override prepare(module: ValidatedModule, tier?: Tier): EngineCode {
    if (tier === undefined) return super.prepare(module);
    return new TieredCode(module, this.form === switchForm ? formBefore(tier) : this.form, tier);
  }
}

let before: DispatchForm | undefined;

/**
 * The switch for code that goes over to a tier: V8 would optimise it for half a second of the processor's time, and throw that away with each
 * instruction that it meets for the first time.
 */
export function formBefore({ remake }: Tier): DispatchForm {
  if (remake === null) return switchForm;
  // Made at the first run: a module that is compiled before its calls has none.
  let loop: Loop | undefined;
  before ??= { ...switchForm, forGood: switchForm, run: (a) => (loop ??= loopAgain(remake))(a) };
  return before;
}

/** With the loop more than the 60 KiB of bytecode up to which V8 optimises a function. */
const PADDING = `{let q=0;if(q>0){${"q=q*q+q;".repeat(2000)}}}`;

/** Calls out of the loop after which a program has more to do than V8 takes to optimise a loop of a few opcodes. */
const LONG = 12_000;

/**
 * The loop made again from its text, or as it is where that cannot be. At first V8 optimises none of it. In a program that runs on it is two loops:
 * one of the frequent opcodes and those that lead out of it, which V8 optimises; and one of the others, which ends at a frequent one.
 */
export function loopAgain(remake: Remake): Loop {
  const text = String(makeLoop);
  const [head, ...cases] = text.split(/(?=case \d+:)/) as [string, ...string[]];
  const last = cases.pop()!;
  const codeOf = (one: string): number => Number.parseInt(one.slice("case ".length), 10);
  const isFrequent = (one: string): boolean => codeOf(one) < Code.mov1 || frequent.includes(codeOf(one));
  const make = (parts: readonly string[], left = outside): Loop =>
    loopBy(remake(parts.join("")) as typeof makeLoop, left);
  const pad = (part: string): string => part.replace(/for ?\(;;\)/, `${PADDING}$&`);
  const split = (): Loop => {
    const labels = cases.filter(isFrequent).map((one) => `case ${codeOf(one)}:`);
    const rare = make([pad(head), ...cases.filter((one) => !isFrequent(one)), ...labels, last]);
    return make([head, ...cases.filter(isFrequent), last.replace("default:", "$&break;")], (a, C, at, next) => {
      if (C[at]! < Code.mov1) return outside(a, C, at, next);
      a.pc = at;
      a.failedAt = -1;
      rare(a);
      return false;
    });
  };
  let calls = 0;
  let later: Loop | undefined;
  try {
    const first = make([pad(text)], (...at) => outside(...at) || (++calls > LONG && (later ??= split()) !== undefined));
    return (a) => (later ?? first)(a);
  } catch {
    // A tool has put names into the text that it does not have by itself.
    return switchForm.run;
  }
}
