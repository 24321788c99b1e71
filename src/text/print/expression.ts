// Takes folded expressions, gives lines (specification: 6.5.11 Folded Instructions). Code may be nested as deeply as it is long, so that nothing
// here recurs into what does not fit on one line.
import { indentOf, maxWidth } from "./lines.ts";

/** An instruction with its operands inside. */
export interface Expression {
  readonly head: string;
  readonly operands: readonly Expression[];
  /** Of blocks. */
  readonly parts: readonly Part[] | undefined;
  readonly results: number;
  /** Characters on one line; infinite for what never stands on one. */
  readonly width: number;
  /** An annotation on a line of its own. */
  readonly hint: string | undefined;
  /** What ends the line on which a block begins. */
  readonly comment: string;
}

/** A part of a block: its only one has no word, others are `(then …)`, `(catch $tag …)`. */
export interface Part {
  readonly word: string;
  readonly items: readonly Expression[];
}

/** The text on one line; only for what has a finite width. */
export function lineText({ head, operands }: Expression): string {
  let text = `(${head}`;
  for (const operand of operands) text += ` ${lineText(operand)}`;
  return `${text})`;
}

type Task =
  | { readonly depth: number; readonly expression: Expression }
  | { readonly depth: number; readonly part: Part };
/** A parenthesis closes. */
const close = undefined;

/** The lines of expressions at a depth of indentation. */
export function expressionLines(expressions: readonly Expression[], depth: number): string[] {
  const page = new Page();
  const tasks: (Task | typeof close)[] = [];
  pushItems(tasks, expressions, depth);
  while (tasks.length > 0) {
    const task = tasks.pop();
    if (task === close) page.append(")");
    else if ("part" in task) openPart(page, tasks, task.part, task.depth);
    else openExpression(page, tasks, task.expression, task.depth);
  }
  return page.finish();
}

function openExpression(page: Page, tasks: (Task | typeof close)[], expression: Expression, depth: number): void {
  const { head, operands, parts, width, hint, comment } = expression;
  if (hint !== undefined) page.start(depth, hint);
  if (indentOf(depth).length + width <= maxWidth || (operands.length === 0 && parts === undefined)) {
    page.start(depth, lineText(expression));
    return;
  }
  page.start(depth, `(${head}`);
  tasks.push(close);
  if (parts !== undefined) {
    for (let i = parts.length - 1; i >= 0; i--) tasks.push({ part: parts[i], depth: depth + 1 });
    page.comment = comment;
    if (page.room >= widthOf(operands)) {
      for (const operand of operands) page.append(` ${lineText(operand)}`);
      return;
    }
  }
  pushItems(tasks, operands, depth + 1);
}

function openPart(page: Page, tasks: (Task | typeof close)[], { word, items }: Part, depth: number): void {
  if (word === "") {
    pushItems(tasks, items, depth);
    return;
  }
  page.start(depth, `(${word}`);
  tasks.push(close);
  pushItems(tasks, items, depth + 1);
}

// The last task is the next.
function pushItems(tasks: (Task | typeof close)[], items: readonly Expression[], depth: number): void {
  for (let i = items.length - 1; i >= 0; i--) tasks.push({ expression: items[i], depth });
}

/** The width of expressions in a row, each behind a space. */
export function widthOf(expressions: readonly Expression[]): number {
  return expressions.reduce((sum, { width }) => sum + width + 1, 0);
}

/** Lines, of which the last is still written. */
class Page {
  private readonly lines: string[] = [];
  private line: string | undefined;
  /** What ends the present line. */
  comment = "";

  get room(): number {
    return maxWidth - (this.line ?? "").length;
  }

  start(depth: number, text: string): void {
    this.end();
    this.line = indentOf(depth) + text;
  }

  append(text: string): void {
    this.line += text;
  }

  finish(): string[] {
    this.end();
    return this.lines;
  }

  private end(): void {
    if (this.line !== undefined) this.lines.push(this.line + this.comment);
    this.comment = "";
  }
}
