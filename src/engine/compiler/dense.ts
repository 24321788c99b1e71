// Takes a function's tree, gives whether whole i64 values are worth it there; and whether they are on this host at all.
import { type Expr, ExprKind, type FunctionTree, type Stmt, StmtKind } from "../../ir/tree.ts";
import { Fact } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import { prefersElements } from "./elements.ts";
import { isWide } from "./wide.ts";

/** One operation in so many is on whole values, at the least. */
const SHARE = 4;

/** A function with more slots is not looked at: see `WIDE_SLOTS`. */
const MAX_SLOTS = 1024;

interface Counts {
  all: number;
  wide: number;
  /** What is done in halves, and costs what it takes to get them. */
  halves: number;
}

/** In a function that does less, putting parameters together and taking the result apart costs more than whole values save. */
const LEAST = 24;

/** Whether a function calls nothing and is dense with i64 arithmetic. `facts` are those of validation. */
export function isDense(tree: FunctionTree, facts: number): boolean {
  if ((facts & (Fact.Call | Fact.Vector)) !== 0 || tree.slots > MAX_SLOTS) return false;
  const counts = { all: 0, wide: 0, halves: 0 };
  countStatements(tree.body, counts, 1);
  return counts.wide >= LEAST && counts.wide * SHARE >= counts.all && counts.halves * SHARE <= counts.wide;
}

/** What a loop's body is done more often than what is around it; a guess. */
const TURNS_OF_LOOP = 8;

function countStatements(body: readonly Stmt[], counts: Counts, weight: number): void {
  for (const { kind, a, b, args, body: inner, otherwise } of body) {
    if (a !== null) count(a, counts, weight);
    if (b !== null) count(b, counts, weight);
    for (const arg of args) count(arg, counts, weight);
    if (inner !== null) countStatements(inner, counts, kind === StmtKind.Loop ? weight * TURNS_OF_LOOP : weight);
    if (otherwise !== null) countStatements(otherwise, counts, weight);
  }
}

function count(expr: Expr, counts: Counts, weight: number): void {
  const { kind, type, op, a, b, c } = expr;
  if (kind === ExprKind.Numeric) {
    const cost = weight * costOf(op);
    counts.all += cost;
    if (type === Num.I64 && isWide(expr)) counts.wide += cost;
    else if (a!.type === Num.I64 && op !== Op["i32.wrap_i64"]) counts.halves += cost;
  }
  if (a !== null) count(a, counts, weight);
  if (b !== null) count(b, counts, weight);
  if (c !== null) count(c, counts, weight);
}

/** About what an operation costs in halves, beside an addition of words. */
function costOf(op: number): number {
  if (op >= Op["i64.div_s"] && op <= Op["i64.rem_u"]) return 8;
  return op === Op["i64.mul"] ? 2 : 1;
}

/** Turns of the measured loop: 0.1 ms as machine arithmetic, 2 ms and more with objects. */
const TURNS = 20_000;
const ATTEMPTS = 25;

let known: boolean | undefined;

/**
 * Whether elements of a BigUint64Array are computed with as machine words, measured once per process. JavaScriptCore and SpiderMonkey, whose errors have a
 * `lineNumber`, make objects of them: the former takes 200 ms to tell, the latter passes where it is quick or the clock coarse.
 */
export function hasWideArithmetic(): boolean {
  known ??= !prefersElements() && !("lineNumber" in new Error()) && measure();
  return known;
}

function measure(): boolean {
  const words = new BigUint64Array(16);
  // A JIT gets the time to compile, a busy machine more chances. Milliseconds are whole: none may pass.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const start = Date.now();
    spin(words, TURNS);
    if (Date.now() === start) return true;
  }
  return false;
}

function spin(words: BigUint64Array, turns: number): void {
  for (let i = 0; i < turns; i++) {
    words[0] = BigInt.asUintN(64, BigInt.asUintN(64, words[0]! ^ BigInt(i >>> 0)) * 0x9e3779b97f4a7c15n);
  }
}
