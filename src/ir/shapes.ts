// What the opcode table says of each numeric or vector instruction, as arrays indexed by a dense code (specification: A.9 Index of instructions).
import { instructions } from "../syntax/instructions.ts";
import { type Imm, Op, type Signature } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";

/** One-byte opcodes are their own dense code; `0xfc n` is `256 + n`, `0xfd n` is `288 + n`; others have none, -1. */
export function dense(op: number): number {
  if (op < 256) return op;
  if (op >> 8 === 0xfc) return 256 + (op & 255);
  if (op >> 8 === 0xfd) return 288 + (op & 255);
  return op >> 12 === 0xfd ? 288 + (op & 4095) : -1;
}

/** Dense codes are below this. */
export const DENSE_CODES: number = 288 + 0x120;

/** Whether an instruction is one of vectors. */
export function isVector(op: number): boolean {
  return op >> 8 === 0xfd || op >> 12 === 0xfd;
}

/** Operands of an instruction with a fixed signature, else 0. */
export const operandCount: Uint8Array = new Uint8Array(DENSE_CODES);
/** Type of the one result of an instruction with a fixed signature, else `Num.Bottom`. */
export const resultType: Uint8Array = new Uint8Array(DENSE_CODES);
/** `Imm` of each instruction. */
export const immediates: Map<number, Imm> = new Map();

const types: Readonly<Record<string, Num>> = { i32: Num.I32, i64: Num.I64, f32: Num.F32, f64: Num.F64, v128: Num.V128 };

type Shape = readonly [operands: number, result: Num];
const shapes = new Map<Signature, Shape>([[null, [0, Num.Bottom]]]);

/** How many operands a signature has, and the type of its one result, else `Num.Bottom`. */
export function shapeOf(signature: Signature): Shape {
  let shape = shapes.get(signature);
  if (shape === undefined) {
    const words = signature!.split(" ");
    const arrow = words.indexOf("->");
    shape = [arrow, types[words.slice(arrow + 1).join()] ?? Num.Bottom];
    shapes.set(signature, shape);
  }
  return shape;
}

// By index: taking rows apart with patterns took longer than all else that a program does before its first module.
for (const name in instructions) {
  const row = instructions[name]!;
  immediates.set(row[0], row[1]);
  const index = dense(row[0]);
  if (index < 0) continue;
  const shape = shapeOf(row[2]);
  operandCount[index] = shape[0];
  resultType[index] = shape[1];
}

/** Whether a numeric instruction has operands for which it traps. */
export function mayTrap(op: number): boolean {
  return (
    (op >= Op["i32.div_s"] && op <= Op["i32.rem_u"]) ||
    (op >= Op["i64.div_s"] && op <= Op["i64.rem_u"]) ||
    (op >= Op["i32.trunc_f32_s"] && op <= Op["i32.trunc_f64_u"]) ||
    (op >= Op["i64.trunc_f32_s"] && op <= Op["i64.trunc_f64_u"])
  );
}

/** The integer comparison that holds where `op` does not, or 0. */
export function inverse(op: number): number {
  return inverses[op] ?? 0;
}

const inverses: number[] = [];
for (const [op, other] of [
  [Op["i32.eq"], Op["i32.ne"]],
  [Op["i32.lt_s"], Op["i32.ge_s"]],
  [Op["i32.lt_u"], Op["i32.ge_u"]],
  [Op["i32.gt_s"], Op["i32.le_s"]],
  [Op["i32.gt_u"], Op["i32.le_u"]],
  [Op["i64.eq"], Op["i64.ne"]],
  [Op["i64.lt_s"], Op["i64.ge_s"]],
  [Op["i64.lt_u"], Op["i64.ge_u"]],
  [Op["i64.gt_s"], Op["i64.le_s"]],
  [Op["i64.gt_u"], Op["i64.le_u"]],
] as const) {
  inverses[op] = other;
  inverses[other] = op;
}
