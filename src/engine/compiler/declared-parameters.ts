// Takes a function, gives the names of its parameters, and statements that say of what type each is (specification: 4.6.5 Function calls).
import { Fact } from "../../syntax/module.ts";
import { Num, slotsOf } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { vectorParam } from "./vector.ts";
import { joined } from "./wide.ts";

export interface DeclaredParameters {
  readonly names: readonly string[];
  readonly coerced: string;
}

/**
 * Parameters, each told to be what it is: this is what a JIT's first compilation knows of types. A float is told so where a loop may read it often:
 * V8 takes one for an integer where it has seen no other, and gives up what it has optimised for that when a fraction comes. A function that is
 * entered at a loop has a frame instead.
 */
export function declaredParameters(e: FunctionEmitter): DeclaredParameters {
  if (e.isEnteredAtLoop) return { names: ["fp"], coerced: "" };
  const { writer, tree } = e;
  const names: string[] = [];
  let coerced = "";
  let slot = 0;
  for (const type of tree.locals.slice(0, tree.params)) {
    if (type === Num.V128) {
      const { params, source } = vectorParam(e, slot);
      names.push(...params);
      coerced += source;
    } else if (type === Num.I64) {
      const [lo, hi] = [`l${slot}`, `h${slot}`];
      names.push(lo, hi);
      // At once: of two halves that were just stored a processor makes no whole.
      coerced += writer.isWide
        ? `${writer.wideElement(slot)}=${joined(`${lo}>>>0`, `${hi}>>>0`)};`
        : `${writer.slot(slot, type)}=${lo}|0;${writer.high(slot)}=${hi}|0;`;
    } else {
      const name = writer.slot(slot, type);
      names.push(name);
      if (type === Num.I32) coerced += `${name}=${name}|0;`;
      else if ((e.facts & Fact.Loop) !== 0 && (type === Num.F32 || type === Num.F64)) coerced += `${name}=+${name};`;
    }
    slot += slotsOf(type);
  }
  return { names, coerced };
}
