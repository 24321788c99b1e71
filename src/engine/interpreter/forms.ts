// What decides which opcode serves an instruction: its operands' order, its address's form, its value's size.
import { DENSE_CODES } from "../../ir/shapes.ts";
import { Effect, type Expr, ExprKind } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import * as codes from "./codes.generated.ts";

/** Instructions whose operands may change places. */
export const commutative: ReadonlySet<number> = new Set([
  Op["i32.add"],
  Op["i32.mul"],
  Op["i32.and"],
  Op["i32.or"],
  Op["i32.xor"],
  Op["i32.eq"],
  Op["i32.ne"],
  Op["i64.add"],
  Op["i64.mul"],
  Op["i64.and"],
  Op["i64.or"],
  Op["i64.xor"],
  Op["i64.eq"],
  Op["i64.ne"],
  Op["f32.add"],
  Op["f32.mul"],
  Op["f64.add"],
  Op["f64.mul"],
]);

/** `a op b` as `b op' a`. */
export const mirrored: ReadonlyMap<number, number> = new Map(
  (
    [
      [Op["i32.lt_s"], Op["i32.gt_s"]],
      [Op["i32.lt_u"], Op["i32.gt_u"]],
      [Op["i32.le_s"], Op["i32.ge_s"]],
      [Op["i32.le_u"], Op["i32.ge_u"]],
      [Op["i64.lt_s"], Op["i64.gt_s"]],
      [Op["i64.lt_u"], Op["i64.gt_u"]],
      [Op["i64.le_s"], Op["i64.ge_s"]],
      [Op["i64.le_u"], Op["i64.ge_u"]],
      [Op["f32.lt"], Op["f32.gt"]],
      [Op["f32.le"], Op["f32.ge"]],
      [Op["f64.lt"], Op["f64.gt"]],
      [Op["f64.le"], Op["f64.ge"]],
    ] as const
  ).flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]),
);

/** The comparisons of floats whose opposite is another one, with NaNs too. */
export const oppositeOfFloat: ReadonlyMap<number, number> = new Map([
  [Op["f32.eq"], Op["f32.ne"]],
  [Op["f32.ne"], Op["f32.eq"]],
  [Op["f64.eq"], Op["f64.ne"]],
  [Op["f64.ne"], Op["f64.eq"]],
]);

/** Codes of an access by the form of its address: see codes.generated.ts. */
export interface AddressTables {
  readonly R: Int16Array;
  readonly K: Int16Array;
  readonly X: Int16Array;
  readonly S: Int16Array;
  readonly T: Int16Array;
  readonly A: Int16Array;
}

const nowhere = new Int16Array(DENSE_CODES);
export const loadTables: AddressTables = {
  R: codes.loadR,
  K: codes.loadK,
  X: codes.loadX,
  S: codes.loadS,
  T: codes.loadT,
  A: codes.loadA,
};
export const storeTables: AddressTables = {
  R: codes.storeRR,
  K: codes.storeKR,
  X: codes.storeXR,
  S: codes.storeSR,
  T: codes.storeTR,
  A: codes.storeAR,
};
export const constantStoreTables: AddressTables = {
  R: codes.storeRK,
  K: nowhere,
  X: nowhere,
  S: nowhere,
  T: nowhere,
  A: codes.storeAK,
};

export function isOneWord(type: number): boolean {
  return type === Num.I32 || type === Num.F32;
}

export function constantKey(expr: Expr): string {
  return `${expr.type} ${expr.lo} ${expr.hi} ${expr.n}`;
}

export function isShift(expr: Expr): boolean {
  return expr.kind === ExprKind.Numeric && expr.op === Op["i32.shl"] && expr.b!.kind === ExprKind.Const;
}

/** Two operands that may both trap are computed in their order: which trap it is depends on it. */
export function bothMayTrap(a: Expr, b: Expr): boolean {
  return (a.effects & b.effects & Effect.Memory) !== 0;
}
