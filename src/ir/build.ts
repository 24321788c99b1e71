// Takes a validated body, gives its tree (specification: 2.4 Instructions; tree.ts says what a tree is).

import { UnsupportedError } from "../api/errors.ts";
import { Fact, type ValidatedModule } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { type DefType, Num, slotsOf, slotsOfAll, type ValType } from "../syntax/types.ts";
import { type Attempt, continueTry, tryStatement } from "./build-exceptions.ts";
import { builds } from "./build-instruction.ts";
import { jumpedTo, noteJump } from "./jumps.ts";
import { OperandStack, slotExpr } from "./operands.ts";
import { BodyReader } from "./reader.ts";
import { skipDead } from "./skip.ts";
import { Effect, Expr, ExprKind, type FunctionTree, LABEL_RETURN, none, Pseudo, Stmt, StmtKind } from "./tree.ts";
import { readValType, valTypeFromCode } from "./value-type.ts";

/** Pending operands at all calls of a function, where what lives is noted: no real function has a tenth of it. */
const MAX_LIVED = 1_000_000;
const oneResult: readonly (readonly ValType[])[] = [Num.Bottom, Num.I32, Num.I64, Num.F32, Num.F64, Num.V128].map(
  (type) => [type],
);

/** A structured instruction that is open. */
export interface Frame {
  readonly kind: StmtKind.Block | StmtKind.Loop | StmtKind.If | StmtKind.Try | StmtKind.Return;
  readonly at: number;
  readonly height: number;
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
  readonly label: number;
  readonly outer: Stmt[];
  readonly condition: Expr | null;
  readonly body: Stmt[];
  otherwise: Stmt[] | null;
  /** Of a `Try`. */
  readonly attempt: Attempt | null;
  /** Of a loop: the jump with a table that it begins with. */
  jump: { readonly slot: number; readonly labels: readonly number[] } | null;
}

/** V8 keeps apart what each place makes: made here, all bodies are lists of objects, and code that adds to them is not thrown away. */
function emptyBody(): Stmt[] {
  return [];
}

/** The types that a branch to a frame carries. */
function typesOf({ kind, params, results }: Frame): readonly ValType[] {
  return kind === StmtKind.Loop ? params : results;
}

interface BlockType {
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}

const emptyBlock: BlockType = { params: none, results: none };

/**
 * Builds the tree of the function at `index` of the module's index space; it must not be an import. With `live`, calls have as `args` the operand slots
 * that are read after them.
 */
export function build(module: ValidatedModule, index: number, live = false): FunctionTree {
  return new Builder(module, index, live).run();
}

/** The state of one translation; the instructions of extensions are in the files `build-*.ts` beside this one. */
export class Builder {
  readonly #live: boolean;
  readonly #index: number;
  /** Whether the function counts what it does. */
  readonly #counts: boolean;
  readonly module: ValidatedModule;
  readonly reader: BodyReader;
  readonly end: number;
  readonly type: DefType;
  readonly locals: ValType[];
  /** What each local is, read. */
  readonly localExprs: Expr[] = [];
  readonly stack: OperandStack;
  readonly frames: Frame[] = [];
  readonly linkSlot: number;
  readonly stackSlot: number;
  readonly loopConstants: Expr[] = [];
  /** Offset of the first vector constant of the same bytes. */
  vectorConstants: Map<string, number> | null = null;
  labels = 0;
  loopDepth = 0;
  /** Instructions met in the function and in each open loop, the innermost last; inner loops count for themselves. */
  readonly #costs: number[] = [];
  #lived = 0;
  out: Stmt[] = emptyBody();
  /** Offset of the instruction being translated. */
  at = 0;
  /** Of the last memory argument: the memory, and the alignment that it promises as a power of two. */
  memory = 0;
  align = 0;

  constructor(module: ValidatedModule, index: number, live: boolean) {
    this.#live = live;
    this.#index = index;
    this.#counts = module.isMetered === true || module.isProfiled === true;
    this.module = module;
    const body = index - module.importedFunctions;
    this.reader = new BodyReader(module.bytes, module.bodyStart[body]!);
    this.end = module.bodyEnd[body]!;
    this.type = module.types[module.functions[index]!]!;
    this.locals = this.type.params.slice();
    this.linkSlot = Math.max(this.#readLocals(), slotsOfAll(this.type.results));
    this.stackSlot = this.linkSlot + 1;
    this.stack = new OperandStack(this.stackSlot, this.out);
  }

  /** Takes the parameters' types, adds those of other locals and makes what each is; gives the slots of all. */
  #readLocals(): number {
    const { reader, locals, localExprs } = this;
    for (let groups = reader.u32(); groups > 0; groups--) {
      const count = reader.u32();
      const type = readValType(reader, this.module);
      for (let i = 0; i < count; i++) locals.push(type);
    }
    let slot = 0;
    for (let i = 0; i < locals.length; i++) {
      localExprs.push(slotExpr(slot, locals[i]!));
      slot += slotsOf(locals[i]!);
    }
    return slot;
  }

  run(): FunctionTree {
    const { module, type } = this;
    this.at = this.reader.pos;
    this.openFrame(StmtKind.Return, LABEL_RETURN, { params: none, results: type.results }, null, null);
    const body = this.out;
    this.#openCount(body);
    this.#instructions();
    this.#closeCount(body, this.at, true);
    return {
      body,
      locals: this.locals,
      params: type.params.length,
      linkSlot: this.linkSlot,
      stackSlot: this.stackSlot,
      slots: this.stack.limit,
      labels: this.labels,
      loopConstants: this.loopConstants,
      hasReferences: (module.facts[this.#index - module.importedFunctions]! & Fact.References) !== 0,
      bytes: this.module.bytes,
    };
  }

  /** Keeps places for the statements that count. */
  #openCount(body: Stmt[]): void {
    if (!this.#counts) return;
    this.#costs.push(0);
    const place = Stmt.plain(StmtKind.Rare, this.at, 0, 0, 0, 0, null, null);
    if (this.module.isMetered === true) body.push(place);
    if (this.module.isProfiled === true) body.push(place);
  }

  #closeCount(body: Stmt[], at: number, isCall: boolean): void {
    if (!this.#counts) return;
    // An interpreter sets a function's locals at each call.
    const cost = this.#costs.pop()! + (isCall && this.module.isMetered === true ? this.locals.length >> 6 : 0);
    const stmt = (op: Pseudo, list: readonly number[]): Stmt => Stmt.listed(StmtKind.Rare, at, op, 0, 0, 0, null, list);
    let place = 0;
    if (this.module.isMetered === true) body[place++] = stmt(Pseudo.Meter, [cost]);
    if (this.module.isProfiled === true) body[place] = stmt(Pseudo.Profile, [this.#index, cost, isCall ? 1 : 0]);
  }

  /** Appends a statement of the instruction being translated. */
  emit(kind: StmtKind, op: number, type: ValType, n: number, m: number, a: Expr | null): void {
    this.out.push(Stmt.plain(kind, this.at, op, type, n, m, a, null));
  }

  /** Goes on appending to another body. */
  redirect(out: Stmt[]): void {
    this.out = out;
    this.stack.out = out;
  }

  expr(kind: ExprKind, type: ValType, op: number, a: Expr | null, b: Expr | null, n: number, effects: number): Expr {
    return new Expr(kind, type, op, a, b, null, n, 0, 0, effects, this.at);
  }

  const(type: ValType, lo: number, hi: number): void {
    const expr = new Expr(ExprKind.Const, type, 0, null, null, null, 0, lo, hi, 0, this.at);
    if (this.loopDepth > 0 && (type === Num.F32 || type === Num.F64)) this.noteLoopConstant(expr);
    this.stack.push(expr);
  }

  /** The constant whose bytes begin at `offset`. */
  vectorConst(offset: number): void {
    const key = this.module.bytes.subarray(offset, offset + 16).join();
    const known = (this.vectorConstants ??= new Map());
    const first = known.get(key) ?? offset;
    if (first === offset) known.set(key, offset);
    const expr = this.expr(ExprKind.Const, Num.V128, 0, null, null, first, Effect.None);
    if (this.loopDepth > 0) this.noteLoopConstant(expr);
    this.stack.push(expr);
  }

  noteLoopConstant(expr: Expr): void {
    const { type, n, lo, hi } = expr;
    const known = this.loopConstants;
    if (known.length >= 32) return;
    for (const other of known) if (other.type === type && other.n === n && other.lo === lo && other.hi === hi) return;
    known.push(expr);
  }

  // By itself: it is hot in the middle of a call.
  #instructions(): void {
    while (this.frames.length > 0) this.#instruction();
  }

  #instruction(): void {
    const { reader } = this;
    const at = reader.pos++;
    const op = reader.bytes[at]!;
    this.at = at;
    if (this.#counts) this.#costs[this.#costs.length - 1]!++;
    builds[op]!(this, op);
  }

  unsupported(what: string): never {
    throw new UnsupportedError(`${what} at offset 0x${this.at.toString(16)} is not supported by this engine yet`);
  }

  addressType(memory: number): ValType {
    return this.module.memories[memory]!.index64 ? Num.I64 : Num.I32;
  }

  /** Pushes what an instruction computes of one or two operands, references among them. */
  reference(op: number, operands: number, type: ValType, n: number, lo: number, effects: Effect): void {
    const b = operands === 2 ? this.stack.pop() : null;
    this.stack.push(new Expr(ExprKind.Reference, type, op, this.stack.pop(), b, null, n, lo, 0, effects, this.at));
  }

  /** Reads a memory argument, gives its offset; `memory` and `align` are what else it holds. */
  memArg(): number {
    const { reader } = this;
    const flags = reader.u32();
    this.memory = (flags & 64) !== 0 ? reader.u32() : 0;
    this.align = flags & 63;
    return reader.u64();
  }

  /** An instruction with its operands as `args` and its results in the canonical slots from where they stood. */
  rare(op: number, operands: number, results: readonly ValType[], list: readonly number[]): void {
    const args: Expr[] = new Array(operands);
    for (let i = operands - 1; i >= 0; i--) args[i] = this.stack.pop();
    this.stack.settleEffects(Effect.Memory | Effect.Global);
    if (results.length > 0) this.stack.settleReadersAbove();
    const type = results.length === 0 ? Num.Bottom : results[0]!;
    this.out.push(Stmt.listed(StmtKind.Rare, this.at, op, type, 0, this.stack.next, null, list, args));
    this.stack.pushAllSettled(results);
  }

  /** The operand slots that are read after the call that comes next, if they were asked for. Throws a RangeError where those of all calls are too many. */
  liveSlots(): readonly Expr[] {
    if (!this.#live) return none;
    this.#lived += this.stack.height;
    if (this.#lived > MAX_LIVED) throw new RangeError("too much lives at calls");
    return this.stack.live(this.stackSlot);
  }

  blockType(): BlockType {
    const code = this.reader.s33();
    if (code === -64) return emptyBlock;
    if (code >= 0) return this.module.types[code]!;
    const type = valTypeFromCode(code, this.reader, this.module);
    return { params: none, results: oneResult[type] ?? [type] };
  }

  open(kind: StmtKind.Block | StmtKind.Loop | StmtKind.If, condition: Expr | null): void {
    if (kind === StmtKind.Loop) this.loopDepth++;
    this.openFrame(kind, this.labels++, this.blockType(), condition, null);
  }

  openFrame(
    kind: Frame["kind"],
    label: number,
    { params, results }: BlockType,
    condition: Expr | null,
    attempt: Attempt | null,
  ): void {
    this.stack.settleAll();
    const height = this.stack.height - params.length;
    // What comes by a branch back need not be of the narrower types of what is here.
    this.stack.truncate(height);
    this.stack.pushAllSettled(params);
    const { at, out: outer } = this;
    const body = emptyBody();
    this.frames.push({
      kind,
      at,
      height,
      params,
      results,
      label,
      outer,
      condition,
      body,
      otherwise: null,
      attempt,
      jump: null,
    });
    if (kind === StmtKind.Loop) this.#openCount(body);
    this.redirect(body);
  }

  /** Continues at the matching `else`, `catch` or `end`: what is between cannot run. */
  dead(): void {
    const op = skipDead(this.reader, this.end);
    this.at = this.reader.pos - 1;
    if (op === Op.else) this.else(false);
    else if (op === Op.end) this.close(false);
    else continueTry(this, op, false);
  }

  else(reachable: boolean): void {
    const frame = this.frames[this.frames.length - 1]!;
    if (reachable) this.moveResults(frame.results.length, frame.height);
    this.stack.truncate(frame.height);
    this.stack.pushAllSettled(frame.params);
    frame.otherwise = emptyBody();
    this.redirect(frame.otherwise);
  }

  close(reachable: boolean): void {
    const frame = this.frames.pop()!;
    const { kind, results } = frame;
    if (kind === StmtKind.Return) {
      if (reachable) this.return();
      return;
    }
    if (reachable) this.moveResults(results.length, frame.height);
    this.stack.truncate(frame.height);
    this.redirect(frame.outer);
    if (kind === StmtKind.Loop) {
      this.loopDepth--;
      this.#closeCount(frame.body, frame.at, false);
    }
    if (kind === StmtKind.Try) this.out.push(tryStatement(frame));
    else this.out.push(Stmt.structured(kind, frame.at, frame.label, frame.condition, frame.body, frame.otherwise));
    this.stack.pushAllSettled(results);
  }

  /** Moves the top `count` values to the canonical slots from `height`. */
  moveResults(count: number, height: number): void {
    if (count > 0) this.#move(this.stack.height - count, this.stack.slotAt(height));
  }

  #move(first: number, target: number): void {
    const { stack } = this;
    for (let i = first; i < stack.height; i++) {
      const expr = stack.entries[i]!;
      if (expr.kind !== ExprKind.Slot || expr.n !== target) {
        this.emit(StmtKind.Set, 0, expr.type, target, 0, expr);
      }
      target += slotsOf(expr.type);
    }
  }

  /** Moves the results to the slots from 0, and returns. */
  return(): void {
    const { stack, type } = this;
    const count = type.results.length;
    const first = stack.height - count;
    // A second result may read the parameter that the first one's slot is.
    if (count > 1) stack.settleAll(first);
    this.#move(first, 0);
    this.emit(StmtKind.Return, 0, 0, 0, 0, null);
  }

  /** The frame a label denotes. */
  target(label: number): Frame {
    return this.frames[this.frames.length - 1 - label]!;
  }

  /** Moves a branch's values and branches. */
  jump(frame: Frame, types: readonly ValType[]): void {
    if (frame.kind === StmtKind.Return) return this.return();
    this.moveResults(types.length, frame.height);
    this.out.push(Stmt.branch(StmtKind.Br, this.at, frame.label, null));
  }

  br(label: number): void {
    const frame = this.target(label);
    const types = typesOf(frame);
    // What would trap below the values must do so before they are gone.
    this.stack.settleEffects(Effect.Memory);
    this.jump(types.length > 0 ? frame : jumpedTo(this.frames, frame, this.out[this.out.length - 1]), types);
    this.dead();
  }

  brIf(label: number): void {
    this.branchIf(label, this.stack.pop());
  }

  /** Pushes what an instruction says of the reference on top, which stays there. */
  testTop(op: number, n: number): void {
    const stack = this.stack;
    if (stack.entries[stack.height - 1]!.kind !== ExprKind.Slot) stack.settle(stack.height - 1);
    stack.push(stack.entries[stack.height - 1]!);
    this.reference(op, 1, Num.I32, n, 0, Effect.None);
  }

  /** Branches with the label's values, which are on top and stay there, where the condition is not zero. */
  branchIf(label: number, condition: Expr): void {
    const stack = this.stack;
    const frame = this.target(label);
    const types = typesOf(frame);
    stack.settleEffects(Effect.Memory);
    if (types.length === 0) {
      this.out.push(Stmt.branch(StmtKind.BrIf, this.at, frame.label, condition));
      return;
    }
    const first = stack.height - types.length;
    stack.settleAll(first);
    if (frame.kind !== StmtKind.Return && stack.slotAt(first) === stack.slotAt(frame.height)) {
      this.out.push(Stmt.branch(StmtKind.BrIf, this.at, frame.label, condition));
      return;
    }
    const outer = this.out;
    const body = emptyBody();
    this.redirect(body);
    this.jump(frame, types);
    this.redirect(outer);
    this.out.push(Stmt.structured(StmtKind.If, this.at, this.labels++, condition, body, null));
  }

  brTable(): void {
    const reader = this.reader;
    const stack = this.stack;
    const index = stack.pop();
    stack.settleEffects(Effect.Memory);
    const count = reader.u32() + 1;
    const labels: number[] = [];
    const targets: number[] = [];
    let types: readonly ValType[] = none;
    for (let i = 0; i < count; i++) {
      const frame = this.target(reader.u32());
      types = typesOf(frame);
      labels.push(frame.label);
      targets.push(frame.kind === StmtKind.Return ? 0 : stack.slotAt(frame.height));
    }
    let moves: Stmt["moves"] = null;
    if (types.length === 0) noteJump(this.frames, index, labels);
    else {
      stack.settleAll(stack.height - types.length);
      moves = { source: stack.slotAt(stack.height - types.length), types, targets };
    }
    this.out.push(Stmt.listed(StmtKind.BrTable, this.at, 0, 0, 0, 0, index, labels, undefined, moves));
    this.dead();
  }
}
