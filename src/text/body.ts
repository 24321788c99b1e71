// Takes instructions, plain and folded, writes them as bytes (specification: 6.5.3 Control Instructions, 6.5.11 Folded Instructions).
// An explicit stack of what is open, so that no depth of nesting overflows the host's.
import { Writer } from "../binary/encode.ts";
import { Imm, Op } from "../syntax/opcodes.ts";
import type { Cursor } from "./cursor.ts";
import { type Operator, operators, type Scope, writeOperator } from "./immediates.ts";
import { IndexSpace } from "./index-space.ts";
import { Labels } from "./labels.ts";
import { Token } from "./lexer.ts";
import type { Spaces } from "./spaces.ts";

/** What is open, and so what may come next. */
const enum Open {
  /** `block … end`, also `loop` and `try_table`. */
  Block,
  If,
  Else,
  Try,
  Catch,
  CatchAll,
  /** `(block …)`: its instructions until the parenthesis. */
  FoldedBlock,
  /** `(then …)`, `(else …)`, `(do …)`, `(catch …)`: the same, without a label of its own. */
  Arm,
  /** `(i32.add …)`: folded operands; the instruction is held back until they are written. */
  Operands,
  /** `(if …` with its condition; so is the `if`. */
  Condition,
  AfterThen,
  AfterElse,
  BeforeDo,
  AfterDo,
  AfterCatch,
  /** After `(catch_all …)` or `(delegate …)`. */
  AfterLast,
  /** As `AfterLast`; `delegate` was the end. */
  AfterDelegate,
}

const noHint = -1;

/** Writes the instructions of one function or constant expression after another. */
export class Body {
  /** Of the function. Constant expressions have none. */
  locals: IndexSpace = new IndexSpace("local");
  labels: Labels = new Labels();
  readonly #cursor: Cursor;
  readonly #spaces: Spaces;
  readonly #open: Open[] = [];
  /** For what is held back, its start in `#held`. */
  readonly #starts: number[] = [];
  readonly #hints: number[] = [];
  /** Identifiers of the labels of folded ifs whose condition is open. */
  readonly #ids: (string | undefined)[] = [];
  readonly #held = new Writer(256);
  #hint = noHint;
  /** Positions in the output and values of branch hints. */
  branchHints: [position: number, value: number][] = [];

  constructor(cursor: Cursor, spaces: Spaces) {
    this.#cursor = cursor;
    this.#spaces = spaces;
  }

  /** Begins a function. */
  begin(): void {
    this.locals = new IndexSpace("local");
    this.labels = new Labels();
    this.branchHints = [];
  }

  /** Takes instructions up to the parenthesis that closes what is around them, which is left. */
  readSequence(out: Writer): void {
    while (this.#cursor.kind !== Token.Right || this.#open.length > 0) this.#step(out);
    if (this.#hint !== noHint) this.#failHint();
  }

  /** Takes one folded instruction. */
  readFolded(out: Writer): void {
    if (this.#cursor.kind !== Token.Left) this.#cursor.fail();
    do this.#step(out);
    while (this.#open.length > 0);
  }

  get #scope(): Scope {
    return { spaces: this.#spaces, locals: this.locals, labels: this.labels };
  }

  #step(out: Writer): void {
    const cursor = this.#cursor;
    switch (cursor.kind) {
      case Token.Left:
        if (this.#wantsClause()) this.#clause(out);
        else this.#folded(out);
        return;
      case Token.Right:
        this.#close(out);
        return;
      case Token.Keyword:
        if (this.#open.length > 0 && this.#open[this.#open.length - 1] >= Open.Operands) cursor.fail();
        this.#plain(out);
        return;
      case Token.Annotation:
        this.#readHint();
        return;
      default:
        cursor.fail();
    }
  }

  #operator(): Operator {
    const cursor = this.#cursor;
    if (cursor.kind !== Token.Keyword) cursor.fail();
    const operator = operators.get(cursor.text);
    if (operator === undefined) this.#failOperator();
    cursor.at++;
    return operator;
  }

  #failOperator(): never {
    const { text } = this.#cursor;
    return this.#cursor.fail(structural.has(text) ? undefined : `unknown operator ${text}`);
  }

  // Instructions that are not folded.

  #plain(out: Writer): void {
    const cursor = this.#cursor;
    const top = this.#open.at(-1);
    out.mark(cursor.place());
    switch (cursor.text) {
      case "end":
        if (top === undefined || top > Open.CatchAll) cursor.fail();
        cursor.at++;
        this.labels.acceptSame(cursor);
        this.#endBlock(Op.end, out);
        return;
      case "else":
        if (top !== Open.If) cursor.fail();
        this.#turn(Open.Else, Op.else, out);
        return;
      case "catch":
        if (top !== Open.Try && top !== Open.Catch) cursor.fail();
        this.#turn(Open.Catch, Op.catch, out);
        out.u32(this.#spaces.tags.read(cursor));
        return;
      case "catch_all":
        if (top !== Open.Try && top !== Open.Catch) cursor.fail();
        this.#turn(Open.CatchAll, Op.catch_all, out);
        return;
      case "delegate":
        if (top !== Open.Try) cursor.fail();
        cursor.at++;
        this.#endBlock(Op.delegate, out);
        out.u32(this.labels.read(cursor));
        return;
    }
    const operator = this.#operator();
    const id = this.#isBlock(operator) ? cursor.optionalId() : undefined;
    this.#placeHint(operator.op, this.#takeHint(), out);
    writeOperator(cursor, operator, this.#scope, out);
    if (!this.#isBlock(operator)) return;
    this.labels.push(id);
    this.#open.push(operator.op === Op.if ? Open.If : operator.op === Op.try ? Open.Try : Open.Block);
  }

  #turn(open: Open, op: number, out: Writer): void {
    this.#cursor.at++;
    if (op !== Op.catch) this.labels.acceptSame(this.#cursor);
    out.opcode(op);
    this.#open[this.#open.length - 1] = open;
  }

  #endBlock(op: number, out: Writer): void {
    out.opcode(op);
    this.labels.pop();
    this.#open.pop();
  }

  #isBlock({ imm }: Operator): boolean {
    return imm === Imm.Block || imm === Imm.TryTable;
  }

  // Folded instructions.

  #folded(out: Writer): void {
    const cursor = this.#cursor;
    cursor.at++;
    if (cursor.kind === Token.Annotation) cursor.fail();
    const place = cursor.place();
    const operator = this.#operator();
    if (operator.op === Op.if) this.#hold(operator, place, Open.Condition, cursor.optionalId());
    else if (!this.#isBlock(operator)) this.#hold(operator, place, Open.Operands, undefined);
    else {
      if (this.#hint !== noHint) this.#failHint();
      const id = cursor.optionalId();
      out.mark(place);
      writeOperator(cursor, operator, this.#scope, out);
      this.labels.push(id);
      this.#open.push(operator.op === Op.try ? Open.BeforeDo : Open.FoldedBlock);
    }
  }

  #hold(operator: Operator, place: number, open: Open, id: string | undefined): void {
    this.#open.push(open);
    this.#starts.push(this.#held.length);
    this.#held.mark(place);
    this.#hints.push(this.#takeHint());
    if (open === Open.Condition) this.#ids.push(id);
    writeOperator(this.#cursor, operator, this.#scope, this.#held);
  }

  #release(out: Writer): void {
    const start = this.#starts.pop()!;
    this.#placeHint(this.#held.at(start), this.#hints.pop()!, out);
    out.append(this.#held, start);
    this.#held.truncate(start);
  }

  #wantsClause(): boolean {
    const top = this.#open.at(-1);
    return top !== undefined && (top > Open.Condition || (top === Open.Condition && this.#cursor.isOpen("then")));
  }

  // A part of a folded if or try.
  #clause(out: Writer): void {
    const cursor = this.#cursor;
    const last = this.#open.length - 1;
    const top = this.#open[last];
    if (top === Open.Condition && cursor.acceptOpen("then")) {
      this.#release(out);
      this.labels.push(this.#ids.pop());
      this.#open[last] = Open.AfterThen;
    } else if (top === Open.AfterThen && cursor.acceptOpen("else")) {
      out.mark(cursor.place(-1));
      out.opcode(Op.else);
      this.#open[last] = Open.AfterElse;
    } else if (top === Open.BeforeDo && cursor.acceptOpen("do")) this.#open[last] = Open.AfterDo;
    else if ((top === Open.AfterDo || top === Open.AfterCatch) && cursor.acceptOpen("catch")) {
      out.mark(cursor.place(-1));
      out.opcode(Op.catch);
      out.u32(this.#spaces.tags.read(cursor));
      this.#open[last] = Open.AfterCatch;
    } else if ((top === Open.AfterDo || top === Open.AfterCatch) && cursor.acceptOpen("catch_all")) {
      out.mark(cursor.place(-1));
      out.opcode(Op.catch_all);
      this.#open[last] = Open.AfterLast;
    } else if (top === Open.AfterDo && cursor.acceptOpen("delegate")) {
      out.mark(cursor.place(-1));
      out.opcode(Op.delegate);
      this.labels.pop();
      out.u32(this.labels.read(cursor));
      cursor.close();
      this.#open[last] = Open.AfterDelegate;
      return;
    } else cursor.fail();
    this.#open.push(Open.Arm);
  }

  #close(out: Writer): void {
    const cursor = this.#cursor;
    if (this.#hint !== noHint) this.#failHint();
    switch (this.#open.at(-1)) {
      case Open.Arm:
        this.#open.pop();
        break;
      case Open.Operands:
        this.#release(out);
        this.#open.pop();
        break;
      case Open.FoldedBlock:
      case Open.AfterThen:
      case Open.AfterElse:
      case Open.AfterDo:
      case Open.AfterCatch:
      case Open.AfterLast:
        out.mark(cursor.place());
        this.#endBlock(Op.end, out);
        break;
      case Open.AfterDelegate:
        this.#open.pop();
        break;
      default:
        cursor.fail();
    }
    cursor.at++;
  }

  // Branch hints (branch hinting proposal: Annotations).

  #readHint(): void {
    const cursor = this.#cursor;
    if (!cursor.isText("(@metadata.code.branch_hint")) cursor.fail();
    if (this.#hint !== noHint) cursor.fail(`${hintNoun}: duplicate annotation`);
    cursor.at++;
    const bytes = cursor.bytes();
    if (bytes.length !== 1 || bytes[0] > 1) cursor.fail(`${hintNoun}: invalid value`, cursor.at - 1);
    cursor.close();
    this.#hint = bytes[0];
  }

  #takeHint(): number {
    const hint = this.#hint;
    this.#hint = noHint;
    return hint;
  }

  #placeHint(op: number, hint: number, out: Writer): void {
    if (hint === noHint) return;
    if (op !== Op.if && op !== Op.br_if) this.#failHint();
    this.branchHints.push([out.length, hint]);
  }

  #failHint(): never {
    this.#cursor.fail(`${hintNoun}: invalid target`);
  }
}

const hintNoun = "@metadata.code.branch_hint annotation";

// What is part of another instruction.
const structural = new Set(
  "then do else end catch catch_all delegate type param result local export import".split(" "),
);
