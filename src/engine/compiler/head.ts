// Takes a function whose body is printed, gives what comes before it: parameters, variables, and where it goes over to another form of itself (specification: 4.6.5 Function calls).

import type { Stmt } from "../../ir/tree.ts";
import { bodyBytes, Fact } from "../../syntax/module.ts";
import { slotsOfAll } from "../../syntax/types.ts";
import { DEEPEST, WHOLES } from "./chunk.ts";
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
  const hasTurns = (facts & Fact.Loop) !== 0 && first === undefined && e.twin === undefined && !e.isNarrow;
  const turns = e.hasWholeTurns ? e.names.wholeTurns(index) : hasTurns ? e.names.firstTurns(index) : "";
  if ((facts & Fact.Call) === 0) return `(${all}){${turns}${renewed(e, all)}${writer.wideNames()}${coerced}`;
  const limit = Math.min(e.names.maxCallDepth - 1, DEEPEST, Math.floor(STACK_BYTES / frameBytes(e)));
  return `(${all}){${turns}if(n>${2 * limit + 1})return deep(${index},${all});${renewed(e, all)}${coerced}`;
}

/**
 * A call counts for a turn more for each 256 lines that are not in the longest loop, up to so many: functions of parsers and compilers would stay as they
 * are for long. An interpreter's are nearly all in its loop.
 */
const MAX_CALL_TURNS = 16;

/** About how much of the host's stack a frame takes; one of a first form may have another above it. */
function frameBytes({ writer, first, deepest, tailCalls }: FunctionEmitter): number {
  const own = writer.frameBytes();
  return first !== undefined ? 2 * own : own + deepest + (tailCalls.others ? BOUNCE_BYTES : 0);
}

/**
 * Bytes of bodies that are run with i64 values in halves until those are made whole: V8 takes 0.2 s to make machine code of a huge function in that form,
 * which saves about as much in so many.
 */
const NARROW_BYTES = 1e9;

/**
 * Goes on in another form, made once: in one of whole i64 values, in one without constant views where a memory has grown, or in the one for what is hot.
 */
function renewed(e: FunctionEmitter, all: string): string {
  const { index, names, memories, first, tailCalls, tree, writer, longest } = e;
  const outdated = memories.outdated();
  if (outdated === "" && first === undefined && !e.isNarrow) return "";
  names.outdated.add(index);
  const form = `S${index}`;
  const made = (label = ""): string => `(${form}||(${form}=renew(${index}${label})))`;
  if (first !== undefined)
    return names.countdown(
      index,
      first.turns,
      tree.body,
      `if${made(",-1")}return ${form}(${all});`,
      0,
      Math.min(MAX_CALL_TURNS, 1 + ((writer.lines.length - longest) >> 8)),
    );
  const outer =
    outdated === "" ? "" : `if(${outdated})return${tailCalls.others ? ` bodyOf${made()}` : made()}(${all});`;
  if (!e.isNarrow) return outer;
  names.turns.set(index, NARROW_BYTES);
  const bytes = bodyBytes(names.module, index);
  return `if((J${index}-=${bytes})<0){if${made(`,${WHOLES}`)}return ${form}(${all});J${index}=1e9}${outer}`;
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

/** At the head of a loop, whose lines begin at `at`: leaves it for the form for what is hot, which is given the variables. */
export function left(e: FunctionEmitter, { label, body }: Stmt, at: number): string {
  const { index, names, first, writer, isNarrow } = e;
  if (isNarrow) return `J${index}-=${8 * body!.length};`;
  if (first === undefined) return "";
  e.longest = Math.max(e.longest, writer.lines.length - at);
  return names.countdown(
    index,
    first.turns,
    body!,
    `if(renew(${index},${label})){o=${label + 1};continue O}`,
    -first.turns,
  );
}
