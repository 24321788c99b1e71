// Takes a function whose body is printed, gives what comes before it: parameters, variables, and where it goes over to another form of itself (specification: 4.6.5 Function calls).

import type { Stmt } from "../../ir/tree.ts";
import { Fact } from "../../syntax/module.ts";
import { slotsOfAll } from "../../syntax/types.ts";
import { DEEPEST } from "./chunk.ts";
import type { DeclaredParameters } from "./declared-parameters.ts";
import type { FunctionEmitter } from "./emit.ts";

/** Room that a host's stack has for frames at the least, in what V8 takes for them before it optimises. */
const STACK_BYTES = 800_000;

/** Room that going on with tail calls takes. */
const BOUNCE_BYTES = 300;

/** Compiled callers leave room for one frame more, so that a function that calls nothing need not count. */
export function head(e: FunctionEmitter, { names, coerced }: DeclaredParameters): string {
  const { index, writer, first, facts } = e;
  if (e.isEnteredAtLoop) return `(${names},n){let r=1;${writer.wideNames()}`;
  const all = [...names, "n"].join();
  // What calls itself is called before its loop is long, and each call would look for turns that are left.
  const hasTurns = (facts & Fact.Loop) !== 0 && first === undefined && e.twin === undefined;
  const turns = e.hasWholeTurns ? e.names.wholeTurns(index) : hasTurns ? e.names.firstTurns(index) : "";
  if ((facts & Fact.Call) === 0) return `(${all}){${turns}${renewed(e, all)}${writer.wideNames()}${coerced}`;
  const limit = Math.min(e.names.maxCallDepth - 1, DEEPEST, Math.floor(STACK_BYTES / frameBytes(e)));
  return `(${all}){${turns}if(n>${2 * limit + 1})return deep(${index},${all});${renewed(e, all)}${coerced}`;
}

/** About how much of the host's stack a frame takes; one of a first form may have another above it. */
function frameBytes({ writer, first, deepest, tailCalls }: FunctionEmitter): number {
  const own = writer.frameBytes();
  return first !== undefined ? 2 * own : own + deepest + (tailCalls.others ? BOUNCE_BYTES : 0);
}

/** Goes on in another form, made once: in one without constant views where a memory has grown, or in the one for what is hot. */
function renewed({ index, names, memories, first, tailCalls, tree }: FunctionEmitter, all: string): string {
  const outdated = memories.outdated();
  if (outdated === "" && first === undefined) return "";
  names.outdated.add(index);
  const form = `S${index}`;
  if (first !== undefined)
    return names.countdown(
      index,
      first.turns,
      tree.body,
      `if(${form}||(${form}=renew(${index},-1)))return ${form}(${all});`,
    );
  const made = `(${form}||(${form}=renew(${index})))`;
  return `if(${outdated})return${tailCalls.others ? ` bodyOf${made}` : made}(${all});`;
}

/** The variables, which begin as zero, or as what the interpreter's registers hold. */
export function declarations({ writer, tree, isEnteredAtLoop, isHanded }: FunctionEmitter): string {
  if (!isEnteredAtLoop) {
    return writer.declarations() + writer.wideDeclarations(slotsOfAll(tree.locals.slice(0, tree.params)));
  }
  if (isHanded) return writer.handedDeclarations();
  const { stackSlot, loopConstants } = tree;
  // There the constants of loops stand below the operand stack.
  const shift = slotsOfAll(loopConstants.map(({ type }) => type));
  const register = (slot: number): number => 2 * (slot >= stackSlot ? slot + shift : slot);
  return writer.declarations(register) + writer.wideDeclarations(0, register);
}

/** At a loop's head: leaves it for the form for what is hot, which is given the variables. */
export function left({ index, names, first }: FunctionEmitter, { label, body }: Stmt): string {
  if (first === undefined) return "";
  return names.countdown(
    index,
    first.turns,
    body!,
    `if(renew(${index},${label})){o=${label + 1};continue O}`,
    -first.turns,
  );
}
