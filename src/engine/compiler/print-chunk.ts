// Takes a validated module and a plan, gives some of its functions as the JavaScript source of one script.
import { isStackOverflow } from "../../instance/host-call.ts";
import { timeLeft } from "../../instance/meter.ts";
import { build } from "../../ir/build.ts";
import { bodyBytes, type ValidatedModule } from "../../syntax/module.ts";
import type { Chunk } from "./chunk.ts";
import { hasWideArithmetic, isDense } from "./dense.ts";
import type { First } from "./emit.ts";
import { environmentNames } from "./environment.ts";
import type { Leaving } from "./leaving.ts";
import { ModuleNames } from "./names.ts";
import { type FunctionSource, printFunction } from "./print-function.ts";
import type { Steadiness } from "./steady.ts";
import type { SuspensionSites } from "./suspend.ts";
import { hasTwin, type Twin } from "./twin.ts";
import { MAX_LENGTH, NotCompilable } from "./writer.ts";

/** What a function that cannot be compiled may have taken until that was known, in characters of others. */
const LEFT_LENGTH = MAX_LENGTH / 4;

/** A function whose body is longer stays with the interpreter. */
const MAX_BODY_BYTES = 400_000;

/** What is printed together, and how. */
export interface Plan {
  readonly indices: readonly number[];
  /** Which functions that they call come with them; none, if nothing is said. */
  readonly joins?: ((index: number) => boolean) | undefined;
  /** Whether a call waits for it: what takes longer than half a second, or than the call has left, is for chunks of its own. */
  readonly isAwaited?: boolean;
  /** The label of the loop to begin at, or -1. */
  readonly label: number;
  readonly asynchronous: boolean;
  /** Under which functions memories keep their views, as constants; none, if nothing is said. */
  readonly steadiness?: Steadiness;
  /** Which functions may be suspended; all, if nothing is said. */
  readonly leaving?: Leaving | undefined;
  /** Whether functions dense with i64 arithmetic have whole values, where the host is quick with them. */
  readonly wide?: boolean;
  /** When huge functions turn hot, which are printed as a whole until then; they are cut at once, if nothing is said. */
  readonly first?: First | undefined;
  /** Whether it takes over from that form. */
  readonly isHanded?: boolean;
}

/** The source of a chunk, which makes its functions from what it sees as `E`. */
export interface Printed extends Omit<Chunk, "make" | "suspension"> {
  readonly source: string;
  /** The first line of each function in the source, from 0. */
  readonly firstLines: readonly number[];
  readonly suspensions: () => readonly SuspensionSites[];
}

/** Prints a chunk; null where none of its functions can be compiled. */
export function printChunk(module: ValidatedModule, maxCallDepth: number, plan: Plan): Printed | null {
  const names = namesOf(module, maxCallDepth, plan);
  const sources: FunctionSource[] = [];
  const functions: number[] = [];
  if (plan.joins !== undefined) names.joins = plan.joins;
  names.joined.push(...plan.indices);
  let length = 0;
  let work = 0;
  // More are found on the way.
  for (const index of names.joined) {
    const isEnough =
      index !== plan.indices[0] && (plan.isAwaited ? work >= MAX_LENGTH || timeLeft() <= 0 : length >= 2 * MAX_LENGTH);
    const source = isEnough ? null : print(names, index, plan, false);
    work += source?.main.length ?? LEFT_LENGTH;
    if (source === null) names.leave(index);
    else {
      length += source.main.length;
      sources.push(source);
      functions.push(index);
      if (source.isFirst !== true) names.setFirstTurns(index, source.main.length);
    }
  }
  if (functions.length === 0) return null;
  // V8 gives up what it has optimised for a call of one function, once another takes its place; for a call of a proxy it optimises nothing.
  const made = functions.map((index, i) => (sources[i]!.isFirst ? `new Proxy(w${index},{})` : `w${index}`));
  // In brackets a function is compiled at once, instead of read now and compiled when called: one that is about to be called, and what comes with it.
  const isCalled = plan.indices.length === 1 && names.bodies.size === 0 && names.twins.size === 0;
  const texts = sources.map(({ main, pieces }, i) =>
    joined({ main: isCalled ? `const w${functions[i]}=(${main});` : main, pieces }),
  );
  const tail = `${names.endings()}return [${made.join()}];`;
  const body = [names.bindings(), ...texts, tail].join("\n");
  const words = new Set(body.match(environmentName));
  const firstLines = [1];
  for (let i = 1; i < texts.length; i++) firstLines.push(firstLines[i - 1]! + linesIn(texts[i - 1]!));
  return {
    functions,
    callees: [...names.callees],
    suspensions: always(names.suspensions),
    firstLines,
    source: `"use strict";const {${[...words].join()}}=E,{imul,fround}=Math;${body}`,
  };
}

/**
 * The byte offsets of what each line of a function does, as it stands in its chunk; 0 where it does nothing. The function is printed again, this
 * time with positions: that costs nothing until a trap.
 */
export function printedOffsets(module: ValidatedModule, maxCallDepth: number, plan: Plan, index: number): Uint32Array {
  const source = print(namesOf(module, maxCallDepth, plan), index, plan, true);
  const lines = source === null ? [] : joined(source).split("\n");
  return Uint32Array.from(lines, (line) => Number(/^\/\*(\d+)/.exec(line)?.[1] ?? 0));
}

/** By itself: a function in `printChunk` would hold on to all that is there. */
function always<T>(value: T): () => T {
  return () => value;
}

/** A name that is taken from `E`. */
const environmentName = new RegExp(`\\b(?:${environmentNames.join("|")})\\b`, "g");

function joined({ main, pieces }: FunctionSource): string {
  return [main, ...pieces].join("\n");
}

function namesOf(module: ValidatedModule, maxCallDepth: number, plan: Plan): ModuleNames {
  const { indices, label, asynchronous, steadiness = null, leaving = null } = plan;
  // A function that begins at a loop is not what is called by its name.
  return new ModuleNames(module, maxCallDepth, new Set(label < 0 ? indices : []), asynchronous, steadiness, leaving);
}

function print(
  names: ModuleNames,
  index: number,
  { label, wide = false, first, isHanded }: Plan,
  positions: boolean,
): FunctionSource | null {
  const { module } = names;
  if (bodyBytes(module, index) > MAX_BODY_BYTES) return null;
  try {
    const tree = build(module, index, names.mayBeSuspended(index));
    const isWide = wide && isDense(tree, module.facts[index - module.importedFunctions]!) && hasWideArithmetic();
    const emit = (twin?: Twin): FunctionSource => {
      return printFunction(names, tree, index, { positions, label, wide: isWide, twin, first, isHanded });
    };
    if (label >= 0 || !hasTwin(names, tree, index)) return emit();
    names.twins.add(index);
    return { main: emit("first").main, pieces: [emit("second").main] };
  } catch (error) {
    // What is nested too deep for the host's stack is too deep for its parser.
    if (error instanceof NotCompilable || error instanceof RangeError || isStackOverflow(error)) return null;
    throw error;
  }
}

function linesIn(source: string): number {
  let lines = 1;
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) lines++;
  return lines;
}
