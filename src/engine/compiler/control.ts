// Takes lists of statements, tells how control goes through them (specification: 4.6.2 Control instructions).
import { type Stmt, StmtKind } from "../../ir/tree.ts";
import { chainOf, ownFrom } from "./chain.ts";
import { NotCompilable } from "./writer.ts";

/** Statements nested deeper are left to the interpreter: parsers of hosts overflow at some hundreds. */
export const MAX_NESTING = 300;

/** The statements that hold the loop of a label, itself included, and where each stands in its list; none for -1. */
export function wayTo(body: readonly Stmt[], label: number): Map<Stmt, number> {
  const way = new Map<Stmt, number>();
  const search = (list: readonly Stmt[], depth: number, from = 0): boolean =>
    depth < MAX_NESTING &&
    list.some((stmt, at) => {
      if (at < from) return false;
      const chain = chainOf(stmt);
      const found =
        (stmt.kind === StmtKind.Loop && stmt.label === label) ||
        chain?.some(({ body: inner }, place) => search(inner!, depth + 1, ownFrom(chain, place))) ||
        (chain === null && stmt.body !== null && search(stmt.body, depth + 1)) ||
        (stmt.otherwise !== null && search(stmt.otherwise, depth + 1));
      if (found) way.set(stmt, at);
      return found;
    });
  if (label >= 0 && !search(body, 0)) throw new NotCompilable("too deep");
  return way;
}

/** Whether control never reaches the end of a list. */
export function endsControl(body: readonly Stmt[]): boolean {
  const last = body[body.length - 1];
  if (last === undefined) return false;
  return (ENDING & (1 << last.kind)) !== 0;
}

/** The kinds of statements that control does not come out of behind them. */
const ENDING =
  (1 << StmtKind.Br) |
  (1 << StmtKind.BrTable) |
  (1 << StmtKind.Return) |
  (1 << StmtKind.Unreachable) |
  (1 << StmtKind.Throw) |
  (1 << StmtKind.ThrowRef) |
  (1 << StmtKind.TailCall);

/**
 * Calls with each statement of a list from one on and up to another, and with those in them. Long chains of blocks take no stack. `meet` is called
 * where a list ends, and wherever else control comes to a statement from another than the one before.
 */
export function eachStatement(
  list: readonly Stmt[],
  from: number,
  to: number,
  visit: (stmt: Stmt) => void,
  meet: () => void = () => undefined,
): void {
  for (let i = from; i < to; i++) {
    const stmt = list[i]!;
    const { body, otherwise } = stmt;
    const chain = stmt.kind === StmtKind.Block ? chainOf(stmt) : null;
    if (chain !== null) {
      chain.forEach((block, place) => {
        visit(block);
        meet();
        eachStatement(block.body!, ownFrom(chain, place), block.body!.length, visit, meet);
      });
      continue;
    }
    visit(stmt);
    if (stmt.kind === StmtKind.Loop) meet();
    if (body !== null) eachStatement(body, 0, body.length, visit, meet);
    if (otherwise !== null) eachStatement(otherwise, 0, otherwise.length, visit, meet);
  }
  meet();
}
