// Takes a function, gives the names of its parameters, and statements that say of what type each is (specification: 4.6.5 Function calls).
import { Fact } from "../../syntax/module.ts";
import { Num, slotsOf } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { vectorParam } from "./vector.ts";

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
      const halves = [writer.slot(slot, type), writer.high(slot)];
      const given = writer.isWide ? [`l${slot}`, `h${slot}`] : halves;
      names.push(...given);
      coerced += given.map((name, i) => `${halves[i]}=${name}|0;`).join("");
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
