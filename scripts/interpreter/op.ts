// One opcode of the interpreter's packed code, as source from which both forms of dispatch are printed.

/**
 * Operands `$1`… are words of the code: pre-scaled register offsets, constants, targets. `@fail(N)` is a trap with trap code N,
 * `@check(size)` the bounds check of the effective address `x`.
 */
export interface CodeOp {
  readonly name: string;
  /** Words, the opcode included. */
  readonly length: number;
  /** Statements; for a branch those before its condition. */
  readonly body: string;
  /** A branch to the word `$length-1` where this holds. */
  readonly condition?: string;
  /** Statements where the closure form has better ones. */
  readonly closureBody?: string;
  /** The switch has no case for it. */
  readonly closureOnly?: boolean;
  /** It is done by the switch of vectors, not by the main one; a rare one in a function of its own. */
  readonly vector?: "hot" | "rare";
}

/** Register reads: `at` is an operand token such as `$1`. */
export const word = (at: string): string => `I[fp + ${at}]`;
export const single = (at: string): string => `F[fp + ${at}]`;
export const double = (at: string): string => `D[(fp + ${at}) >> 1]`;

/** Shifts the operand numbers of a source text by `by`. */
function shiftOperands(source: string, by: number): string {
  return source.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + by}`);
}

/** Makes a text the second half of a joined opcode, whose operands come `by` words later. */
export function secondHalf(source: string, by: number): string {
  return shiftOperands(source, by).replace(/@(fail|check)\((\d+)\)/g, `@$1($2, ${by})`);
}

/** Replaces `$1`… by what `to` makes of the number. */
export function fillOperands(source: string, to: (n: number) => string): string {
  return source.replace(/\$(\d+)/g, (_, n: string) => to(Number(n)));
}
