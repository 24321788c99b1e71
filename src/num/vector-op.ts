// The form in which the meaning of a vector instruction is written, once for every engine (specification: 4.3.5 Vector operations).
import type { Pair, Template } from "./op.ts";

/**
 * How lanes are read and written. `i32` lanes are int32, and serve every operation on bits: two or four narrow lanes stand in a word.
 * `i8` and `i16` are sign-extended, `u8` and `u16` zero-extended; `i64` are pairs of int32 halves; `f32` and `f64` are numbers.
 */
export type Lanes = "i8" | "u8" | "i16" | "u16" | "i32" | "i64" | "f32" | "f64";

/**
 * JavaScript source of a lane's value, as in `Template`, after statements that assign to `t`, `u`, `v`, each ended by `; `.
 * `$a $b $c` are the operands' lanes at the result's own place, `$a0`, `$a1`… those at a given place, `$a[…]` the one at a computed place.
 * An `i64` lane is `$al` and `$ah`, or `$a0l` and `$a0h`; of a float lane these are the words of its bits. `$a0w`… are an operand's words
 * whatever its lanes are. An operand that is no vector is `$b`, an int32.
 */
export type LaneTemplate = Template | Pair;

/** An instruction that is more than a move: those that splat, extract, replace or shuffle lanes are not here. */
export interface VectorOp {
  /** Lanes of the operands that are vectors. */
  readonly from: Lanes;
  /** Lanes of the result; absent where the result is an i32. */
  readonly to?: Lanes;
  /** A template for all lanes of the result, or one for each. */
  readonly value: LaneTemplate | readonly LaneTemplate[];
}

export type VectorOps = Readonly<Record<string, VectorOp>>;
