// Takes the bytes of a body or a constant expression, gives its instructions and blocks one after another to a form of printing them
// (specification: 5.4.10 Expressions, 5.5.13 Code section).
import { InvalidError, MalformedError } from "../../api/errors.ts";
import type { Reader } from "../../binary/reader.ts";
import { opName } from "../../syntax/instructions.ts";
import { maxLocals } from "../../syntax/limits.ts";
import { Op } from "../../syntax/opcodes.ts";
import type { CodeScope } from "./code-scope.ts";
import { type Instruction, readInstruction } from "./instruction.ts";
import type { Label } from "./labels.ts";
import type { ModuleScope } from "./scope.ts";
import { valueType } from "./types.ts";

/** What is done with the instructions: each form of the text has its own. */
export interface Form {
  /** An instruction that is no block; `hint` is an annotation of it. */
  plain(instruction: Instruction, hint: string | undefined): void;
  open(instruction: Instruction, label: Label, hint: string | undefined): void;
  /** `else`, `catch` or `catch_all`. */
  clause(text: string, label: Label): void;
  /** `end` or `delegate`. */
  close(text: string, label: Label): void;
}

/** What a body has besides its instructions. */
export interface BodyFacts {
  readonly results: number;
  readonly hints: ReadonlyMap<number, string> | undefined;
  /** Position that the offsets of hints are counted from. */
  readonly start: number;
  /** The name of the n-th block. */
  blockName(block: number): string | undefined;
}

/** Goes over the instructions up to the `end` that closes the body. */
export function walkCode(reader: Reader, code: CodeScope, facts: BodyFacts, form: Form): void {
  const { labels } = code;
  const { hints, start } = facts;
  let blocks = 0;
  labels.push(Op.block, undefined, facts.results, facts.results);
  for (;;) {
    const position = reader.pos;
    const instruction = readInstruction(reader, code);
    const hint = hints !== undefined && isHinted(instruction.op) ? hints.get(position - start) : undefined;
    switch (instruction.op) {
      case Op.block:
      case Op.loop:
      case Op.if:
      case Op.try:
      case Op.try_table: {
        const results = instruction.arity & 0xffff;
        const arity = instruction.op === Op.loop ? instruction.arity >>> 16 : results;
        form.open(instruction, labels.push(instruction.op, facts.blockName(blocks++), arity, results), hint);
        break;
      }
      case Op.else:
      case Op.catch:
      case Op.catch_all:
      case Op.delegate:
        closePart(instruction, code, form, position);
        break;
      case Op.end: {
        const label = labels.pop();
        if (labels.depth === 0) return;
        form.close("end", label);
        break;
      }
      default:
        form.plain(instruction, hint);
    }
  }
}

// A hint at another instruction would not be read again.
function isHinted(op: Op): boolean {
  return op === Op.if || op === Op.br_if;
}

function closePart({ op, text }: Instruction, { labels }: CodeScope, form: Form, position: number): void {
  const label = labels.innermost;
  const fits =
    op === Op.else ? label.op === Op.if : label.op === Op.try || (label.op === Op.catch && op !== Op.delegate);
  if (!fits) throw new MalformedError(`unexpected ${opName(op)}`, position);
  if (op === Op.delegate) {
    labels.pop();
    form.close(text, label);
  } else {
    label.op = op;
    form.clause(text, label);
  }
}

/** Reads the types of a body's locals. */
export function readLocals(reader: Reader, scope: ModuleScope): readonly string[] {
  const locals: string[] = [];
  for (let runs = reader.count(); runs > 0; runs--) {
    const position = reader.pos;
    const count = reader.u32();
    if (locals.length + count > maxLocals) throw new InvalidError(`too many locals: more than ${maxLocals}`, position);
    const type = valueType(reader, scope);
    for (let i = 0; i < count; i++) locals.push(type);
  }
  return locals;
}
