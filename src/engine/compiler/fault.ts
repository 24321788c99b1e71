// Takes an error that left compiled code, gives the error a host should see (specification: 4.2.2 Results).

import { type StackFrame, Trap } from "../../api/errors.ts";
import { stack } from "../../instance/call-stack.ts";
import { ExceptionInstance } from "../../instance/exception.ts";
import { isHostError, isStackOverflow } from "../../instance/host-call.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { stackFrame } from "../../instance/stack-frame.ts";
import { TrapCode, trapOf } from "../../instance/trap.ts";
import { HEAD_LINES, sourceOf } from "./chunk.ts";

/** How many entries by `enterCompiled` the stack of an error was read up to. */
const entriesRead = new WeakMap<Error, number>();

/** Traps and exceptions get the guest's stack. An access outside a DataView and the end of the host's stack are traps; other errors stay as they are. */
export function describeFault(error: unknown, instance: ModuleInstance): unknown {
  const described = error instanceof ExceptionInstance ? error : trapFor(error);
  if (described === undefined) return error;
  const origin = described instanceof Trap ? originOf(described) : described.origin;
  if (origin === null) return error;
  const entries = entriesRead.get(origin) ?? 0;
  entriesRead.set(origin, entries + 1);
  const text = origin.stack;
  if (typeof text === "string") described.wasmStack = described.wasmStack.concat(framesOf(text, entries, instance));
  return described;
}

/** Whose stack tells where it was: the host's own error, if the trap stands for one. Another cause is why the guest was ended. */
function originOf(trap: Trap): Error {
  const { cause } = trap;
  return cause instanceof RangeError || isStackOverflow(cause) ? cause : trap;
}

function trapFor(error: unknown): Trap | undefined {
  if (error instanceof Trap) return error;
  const isOverflow = isStackOverflow(error);
  if (!isOverflow && !(error instanceof RangeError)) return undefined;
  // Where guests and host functions call one another, the host's stack is part of the guest's.
  if (isOverflow && (!isHostError(error) || stack.nesting > 1)) return trapOf(TrapCode.CallStack, { cause: error });
  return isHostError(error) ? undefined : trapOf(TrapCode.MemoryBounds, { cause: error });
}

/** Frames as hosts write them: `at w3 (zerowasm-0.2:12:5)`, `w3@zerowasm-0.2:12:5`; `p3_0` is a piece of function 3, which called it. */
const FRAME = /\b(?:[bwx](\d+)|p(\d+)_\d+)\b.*\bzerowasm-(\d+)\.(\d+):(\d+):\d+/;

/** Functions compiled ahead of time, if no bundler has renamed them; the line is of no use. */
const PRECOMPILED = /(?:\bat |^)[wx](\d+)(?: \(|@)/;

function precompiledFrame(line: string, { prepared, module, name }: ModuleInstance): StackFrame | undefined {
  const match = (prepared.code as unknown as { isGiven?: boolean }).isGiven ? PRECOMPILED.exec(line) : null;
  const functionIndex = Number(match?.[1]);
  const offset = module.bodyStart[functionIndex - module.importedFunctions];
  if (match === null || offset === undefined) return undefined;
  return { module: name, functionIndex, functionName: prepared.functionName(functionIndex), offset };
}

/** The functions of compiled code in a host's stack, from one entry to the next. */
function framesOf(text: string, entries: number, instance: ModuleInstance): StackFrame[] {
  const frames: StackFrame[] = [];
  let entry = 0;
  let isPiece = false;
  for (const line of text.split("\n")) {
    if (line.includes("enterCompiled")) {
      if (entry++ === entries) break;
      continue;
    }
    const match = entry === entries ? FRAME.exec(line) : null;
    const source = match === null ? undefined : sourceOf(Number(match[3]), Number(match[4]));
    if (match === null || source === undefined) {
      const frame = entry === entries ? precompiledFrame(line, instance) : undefined;
      if (frame !== undefined) frames.push(frame);
      continue;
    }
    // The frame of a function under that of a piece of it is the same one.
    const isSame = isPiece;
    isPiece = match[1] === undefined;
    if (isSame) continue;
    const { code } = source;
    const functionIndex = Number(match[1] ?? match[2]);
    const lineInFunction = source.lineIn(functionIndex, Number(match[5]));
    // From there a call goes on in another form of the function, whose frame is the same one.
    if (lineInFunction < HEAD_LINES || source.isTailCall(functionIndex, lineInFunction)) continue;
    const module = code === (instance.prepared.code as unknown) ? instance.name : code.moduleName;
    const offset = (): number => source.offsetAt(functionIndex, lineInFunction);
    frames.push(stackFrame(module, functionIndex, code.functionName(functionIndex), offset));
  }
  return frames;
}
