// The form in which the meaning of a numeric instruction is written, once for every engine (specification: 4.3 Numerics).

/**
 * JavaScript source of a value. Operands are `$a $b` (i32 as int32, f32 and f64 as numbers), those of type i64 `$al $ah` and `$bl $bh`
 * (int32 halves). An i32 result is an int32 or, as any stored word, taken modulo 2^32; an f32 result is rounded by whoever stores it.
 * Names called in it are exports of `num/integer.ts` and `num/float.ts`.
 */
export type Template = string;

/** An i64 result: the low half, then the high half, which may use `$lo`. */
export interface Pair {
  readonly lo: Template;
  readonly hi: Template;
}

/** A condition under which the instruction traps instead, and the specification's message. Checked in order. */
export type Guard = readonly [condition: Template, message: NumericTrap];

export type NumericTrap = "integer divide by zero" | "integer overflow" | "invalid conversion to integer";

export interface NumericOp {
  readonly value: Template | Pair;
  readonly guards?: readonly Guard[];
}

export type NumericOps = Readonly<Record<string, NumericOp>>;
