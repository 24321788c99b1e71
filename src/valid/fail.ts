// Builds the validator's errors from the context: the instruction's offset and name, the function's index.
import { InvalidError } from "../api/errors.ts";
import { failEnd } from "../binary/reader.ts";
import type { Feature } from "../syntax/features.ts";
import { instructions, opName, prefixedOp } from "../syntax/instructions.ts";
import type { Op } from "../syntax/opcodes.ts";
import { typeName, type ValType } from "../syntax/types.ts";
import { readU32 } from "../util/leb128.ts";
import { ctx } from "./context.ts";

/** Throws for the instruction at `ctx.at`; it is malformed instead where it goes beyond the body's end. */
export function fail(message: string): never {
  const { at, end, functionIndex } = ctx;
  if (at >= end || ctx.pos > end) failEnd(end);
  throw new InvalidError(message, at, functionIndex < 0 ? undefined : functionIndex);
}

/** Throws for an instruction whose feature is off. */
export function failDisabled(op: number): never {
  const name = opName(op) as keyof typeof Op;
  failFeature(instructions[name][3]!, name);
}

/** Throws for what an instruction, or the declaration of locals, needs a feature for that is off. */
export function failFeature(feature: Feature, what: string): never {
  fail(`feature ${feature} is off: ${what}`);
}

/** Throws for a rule of the module outside of the bodies. */
export function failModule(message: string, position: number): never {
  throw new InvalidError(message, position);
}

/** Throws for operands of a wrong type. */
export function failType(detail: string): never {
  fail(`type mismatch: ${instructionName()} ${detail}`);
}

/** Throws for an operand; `actual` is undefined where the frame has none left. */
export function failOperand(expected: ValType, actual: ValType | undefined): never {
  failType(`expects ${typeName(expected)}, got ${actual === undefined ? "nothing" : typeName(actual)}`);
}

/** The mnemonic of the instruction at `ctx.at`. */
export function instructionName(): string {
  const { bytes, at, end } = ctx;
  const first = bytes[at];
  const op = first < 0xfb || first === 0xff ? first : prefixedOp(first, readU32(bytes, at + 1, end));
  return opName(op) ?? "instruction";
}
