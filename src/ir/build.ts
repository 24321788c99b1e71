// Takes a validated body, gives its tree (specification: 2.4 Instructions; tree.ts says what a tree is).

import { UnsupportedError } from "../api/errors.ts";
import type { Module } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import { type DefType, isRef, Num, type ValType } from "../syntax/types.ts";
import { buildCall, buildCallIndirect } from "./build-calls.ts";
import { type Attempt, continueTry, tryStatement } from "./build-exceptions.ts";
import { buildOther } from "./build-other.ts";
import { jumpedTo, noteJump } from "./jumps.ts";
import { OperandStack, slotExpr, slotsOf } from "./operands.ts";
import { BodyReader } from "./reader.ts";
import { dense, inverse, mayTrap, operandCount, resultType } from "./shapes.ts";
import { skipDead } from "./skip.ts";
import { Effect, Expr, ExprKind, type FunctionTree, LABEL_RETURN, Pseudo, Stmt, StmtKind } from "./tree.ts";
import { readValType, valTypeFromCode } from "./value-type.ts";

/** Pending operands at all calls of a function, where what lives is noted: no real function has a tenth of it. */
const MAX_LIVED = 1_000_000;
const none: readonly ValType[] = [];
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
  jump?: { readonly slot: number; readonly labels: readonly number[] };
}

interface BlockType {
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}

/** With `live`, calls have as `args` the operand slots that are read after them. Builds the tree of the function at `index` of the module's index space; it must not be an import. */
export function build(module: Module, index: number, live = false): FunctionTree {
  return new Builder(module, index, live).run();
}

/** The state of one translation; the instructions of extensions are in the files `build-*.ts` beside this one. */
export class Builder {
  readonly #live: boolean;
  readonly #index: number;
  /** Whether the function counts what it does. */
  readonly #counts: boolean;
  readonly module: Module;
  readonly reader: BodyReader;
  readonly end: number;
  readonly type: DefType;
  readonly locals: ValType[];
  readonly localSlot: number[] = [];
  readonly stack: OperandStack;
  readonly frames: Frame[] = [];
  readonly linkSlot: number;
  readonly stackSlot: number;
  readonly loopConstants: Expr[] = [];
  /** Offset of the first vector constant of the same bytes. */
  readonly vectorConstants: Map<string, number> = new Map();
  labels = 0;
  loopDepth = 0;
  /** Instructions met in the function and in each open loop, the innermost last; inner loops count for themselves. */
  readonly #costs: number[] = [];
  #lived = 0;
  hasReferences: boolean;
  out: Stmt[] = [];
  /** Offset of the instruction being translated. */
  at = 0;

  constructor(module: Module, index: number, live: boolean) {
    this.#live = live;
    this.#index = index;
    this.#counts = module.isMetered === true || module.isProfiled === true;
    this.module = module;
    const body = index - module.importedFunctions;
    this.reader = new BodyReader(module.bytes, module.bodyStart[body]!);
    this.end = module.bodyEnd[body]!;
    this.type = module.types[module.functions[index]!]!;
    this.locals = this.readLocals();
    let slot = 0;
    for (const type of this.locals) {
      this.localSlot.push(slot);
      slot += slotsOf(type);
    }
    this.hasReferences = this.locals.some(isRef) || this.type.results.some(isRef);
    let resultSlots = 0;
    for (const type of this.type.results) resultSlots += slotsOf(type);
    this.linkSlot = Math.max(slot, resultSlots);
    this.stackSlot = this.linkSlot + 1;
    this.stack = new OperandStack(this.stackSlot, this.out);
  }

  readLocals(): ValType[] {
    const locals = this.type.params.slice();
    const reader = this.reader;
    for (let groups = reader.u32(); groups > 0; groups--) {
      const count = reader.u32();
      const type = readValType(reader, this.module);
      for (let i = 0; i < count; i++) locals.push(type);
    }
    return locals;
  }

  run(): FunctionTree {
    const body = this.out;
    this.#openCount(body);
    this.frames.push({
      kind: StmtKind.Return,
      at: this.reader.pos,
      height: 0,
      params: none,
      results: this.type.results,
      label: LABEL_RETURN,
      outer: body,
      condition: null,
      body,
      otherwise: null,
      attempt: null,
    });
    while (this.frames.length > 0) this.instruction();
    this.#closeCount(body, this.at, true);
    return {
      body,
      locals: this.locals,
      params: this.type.params.length,
      linkSlot: this.linkSlot,
      stackSlot: this.stackSlot,
      slots: this.stack.limit,
      labels: this.labels,
      loopConstants: this.loopConstants,
      hasReferences: this.hasReferences,
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

  emit(kind: StmtKind, op: number, type: ValType, n: number, m: number, a: Expr | null, b: Expr | null): void {
    this.out.push(Stmt.plain(kind, this.at, op, type, n, m, a, b));
  }

  emitSet(slot: number, expr: Expr, type: ValType): void {
    this.out.push(Stmt.plain(StmtKind.Set, this.at, 0, type, slot, 0, expr, null));
  }

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
    const first = this.vectorConstants.get(key) ?? offset;
    if (first === offset) this.vectorConstants.set(key, offset);
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

  instruction(): void {
    const reader = this.reader;
    const stack = this.stack;
    this.at = reader.pos;
    if (this.#counts) this.#costs[this.#costs.length - 1]!++;
    const op = reader.u8();
    switch (op) {
      case Op.unreachable:
        // What would trap below must do so first.
        stack.settleEffects(Effect.Memory);
        this.emit(StmtKind.Unreachable, op, 0, 0, 0, null, null);
        return this.dead();
      case Op.nop:
        return;
      case Op.block:
        return this.open(StmtKind.Block, null);
      case Op.loop:
        return this.open(StmtKind.Loop, null);
      case Op.if:
        return this.open(StmtKind.If, stack.pop());
      case Op.else:
        return this.else(true);
      case Op.end:
        return this.close(true);
      case Op.br:
        return this.br(reader.u32());
      case Op.br_if:
        return this.brIf(reader.u32());
      case Op.br_table:
        return this.brTable();
      case Op.return:
        return this.br(this.frames.length - 1);
      case Op.call:
        return buildCall(this, reader.u32());
      case Op.call_indirect:
        return buildCallIndirect(this);
      case Op.drop: {
        const expr = stack.pop();
        if ((expr.effects & Effect.Memory) === 0) return;
        stack.settleEffects(Effect.Memory);
        this.emit(StmtKind.Drop, op, 0, 0, 0, expr, null);
        return;
      }
      case Op.select_t:
        for (let n = reader.u32(); n > 0; n--) readValType(reader, this.module);
        return this.select();
      case Op.select:
        return this.select();
      case Op["local.get"]: {
        const local = reader.u32();
        stack.push(slotExpr(this.localSlot[local]!, this.locals[local]!));
        return;
      }
      case Op["local.set"]:
        this.setLocal(reader.u32());
        return;
      case Op["local.tee"]: {
        const local = this.setLocal(reader.u32());
        stack.push(slotExpr(this.localSlot[local]!, this.locals[local]!));
        return;
      }
      case Op["global.get"]:
        return this.globalGet(reader.u32());
      case Op["global.set"]:
        return this.globalSet(reader.u32());
      case Op["memory.size"]: {
        const memory = reader.u32();
        stack.push(this.expr(ExprKind.MemorySize, this.addressType(memory), op, null, null, memory, Effect.Memory));
        return;
      }
      case Op["memory.grow"]: {
        const memory = reader.u32();
        return this.rare(op, 1, [this.addressType(memory)], [memory]);
      }
      case Op["i32.const"]:
        return this.const(Num.I32, reader.s32(), 0);
      case Op["i64.const"]: {
        const lo = reader.s64();
        return this.const(Num.I64, lo, reader.hi);
      }
      case Op["f32.const"]:
        return this.const(Num.F32, reader.bits32(), 0);
      case Op["f64.const"]: {
        const lo = reader.bits32();
        return this.const(Num.F64, lo, reader.bits32());
      }
      default:
        if (op >= Op["i32.load"] && op <= Op["i64.load32_u"]) return this.load(op);
        if (op >= Op["i32.store"] && op <= Op["i64.store32"]) return this.store(op);
        if (op >= Op["i32.eqz"] && op <= Op["i64.extend32_s"]) return this.numeric(op);
        return buildOther(this, op);
    }
  }

  unsupported(what: string): never {
    throw new UnsupportedError(`${what} at offset 0x${this.at.toString(16)} is not supported by this engine yet`);
  }

  addressType(memory: number): ValType {
    return this.module.memories[memory]!.index64 ? Num.I64 : Num.I32;
  }

  numeric(op: number): void {
    const stack = this.stack;
    const code = dense(op);
    const effects = mayTrap(op) ? Effect.Memory : Effect.None;
    if (operandCount[code] === 2) {
      const b = stack.pop();
      stack.push(this.expr(ExprKind.Numeric, resultType[code]!, op, stack.pop(), b, 0, effects));
      return;
    }
    const a = stack.pop();
    const opposite = op === Op["i32.eqz"] && a.kind === ExprKind.Numeric ? inverse(a.op) : 0;
    if (opposite !== 0)
      stack.push(new Expr(ExprKind.Numeric, Num.I32, opposite, a.a, a.b, null, 0, 0, 0, a.effects, this.at));
    else stack.push(this.expr(ExprKind.Numeric, resultType[code]!, op, a, null, 0, effects));
  }

  /** Pushes what an instruction computes of one or two operands, references among them. */
  reference(op: number, operands: number, type: ValType, n: number, lo: number, effects: Effect): void {
    this.hasReferences = true;
    const b = operands === 2 ? this.stack.pop() : null;
    this.stack.push(new Expr(ExprKind.Reference, type, op, this.stack.pop(), b, null, n, lo, 0, effects, this.at));
  }

  select(): void {
    const c = this.stack.pop();
    const b = this.stack.pop();
    const a = this.stack.pop();
    if (isRef(a.type)) this.hasReferences = true;
    this.stack.push(new Expr(ExprKind.Select, a.type, Op.select, a, b, c, 0, 0, 0, 0, this.at));
  }

  setLocal(local: number): number {
    const slot = this.localSlot[local]!;
    const expr = this.stack.pop();
    if (expr.kind === ExprKind.Slot && expr.n === slot) return local;
    this.stack.settleReaders(slot);
    this.stack.settleEffects(expr.effects & Effect.Memory);
    this.emitSet(slot, expr, this.locals[local]!);
    return local;
  }

  globalGet(index: number): void {
    const { type, mutable } = this.module.globals[index]!.type;
    if (isRef(type)) this.hasReferences = true;
    const effects = mutable ? Effect.Global : Effect.None;
    this.stack.push(this.expr(ExprKind.Global, type, Op["global.get"], null, null, index, effects));
  }

  globalSet(index: number): void {
    const { type } = this.module.globals[index]!.type;
    if (isRef(type)) this.hasReferences = true;
    const expr = this.stack.pop();
    this.stack.settleEffects(Effect.Memory | Effect.Global);
    this.emit(StmtKind.GlobalSet, 0, type, index, 0, expr, null);
  }

  /** What a memory argument holds; the alignment that it promises as a power of two. */
  memArg(): { memory: number; offset: number; align: number } {
    const flags = this.reader.u32();
    const memory = (flags & 64) !== 0 ? this.reader.u32() : 0;
    return { memory, offset: this.reader.u64(), align: flags & 63 };
  }

  load(op: number): void {
    const { memory, offset, align } = this.memArg();
    const a = this.stack.pop();
    const type = resultType[dense(op)]!;
    this.stack.push(new Expr(ExprKind.Load, type, op, a, null, null, offset, memory, align, Effect.Memory, this.at));
  }

  store(op: number): void {
    const { memory, offset, align } = this.memArg();
    const b = this.stack.pop();
    const a = this.stack.pop();
    this.stack.settleEffects(Effect.Memory);
    this.emit(StmtKind.Store, op, align, memory, offset, a, b);
  }

  /** An instruction with its operands as `args` and its results in the canonical slots from where they stood. */
  rare(op: number, operands: number, results: readonly ValType[], list: readonly number[]): void {
    const args: Expr[] = new Array(operands);
    for (let i = operands - 1; i >= 0; i--) args[i] = this.stack.pop();
    this.stack.settleEffects(Effect.Memory | Effect.Global);
    if (results.length > 0) this.stack.settleReadersAbove();
    const type = results.length === 0 ? Num.Bottom : results[0]!;
    if (isRef(type) || args.some((arg) => isRef(arg.type))) this.hasReferences = true;
    this.out.push(Stmt.listed(StmtKind.Rare, this.at, op, type, 0, this.stack.next, null, list, args));
    for (const result of results) this.stack.pushSettled(result);
  }

  /** The operand slots that are read after the call that comes next, if they were asked for. Throws a RangeError where those of all calls are too many. */
  liveSlots(): readonly Expr[] {
    if (!this.#live) return [];
    this.#lived += this.stack.entries.length;
    if (this.#lived > MAX_LIVED) throw new RangeError("too much lives at calls");
    return this.stack.live(this.stackSlot);
  }

  blockType(): BlockType {
    const code = this.reader.s33();
    if (code === -64) return { params: none, results: none };
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
    const { at, out: outer } = this;
    const body: Stmt[] = [];
    this.frames.push({ kind, at, height, params, results, label, outer, condition, body, otherwise: null, attempt });
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
    for (const param of frame.params) this.stack.pushSettled(param);
    frame.otherwise = [];
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
    for (const result of results) this.stack.pushSettled(result);
  }

  /** Moves the top `count` values to the canonical slots from `height`. */
  moveResults(count: number, height: number): void {
    const stack = this.stack;
    let target = stack.slotAt(height);
    for (let i = stack.height - count; i < stack.height; i++) {
      const expr = stack.entries[i]!;
      if (!(expr.kind === ExprKind.Slot && expr.n === target)) this.emitSet(target, expr, expr.type);
      target += slotsOf(expr.type);
    }
  }

  /** Moves the results to the slots from 0, and returns. */
  return(): void {
    const stack = this.stack;
    const count = this.type.results.length;
    const first = stack.height - count;
    // A second result may read the parameter that the first one's slot is.
    if (count > 1) stack.settleAll(first);
    let target = 0;
    for (let i = first; i < stack.height; i++) {
      const expr = stack.entries[i]!;
      if (!(expr.kind === ExprKind.Slot && expr.n === target)) this.emitSet(target, expr, expr.type);
      target += slotsOf(expr.type);
    }
    this.emit(StmtKind.Return, 0, 0, 0, 0, null, null);
  }

  /** The frame a label denotes, and the types its branches carry. */
  target(label: number): { frame: Frame; types: readonly ValType[] } {
    const frame = this.frames[this.frames.length - 1 - label]!;
    return { frame, types: frame.kind === StmtKind.Loop ? frame.params : frame.results };
  }

  /** Moves a branch's values and branches. */
  jump(frame: Frame, types: readonly ValType[]): void {
    if (frame.kind === StmtKind.Return) return this.return();
    this.moveResults(types.length, frame.height);
    this.out.push(Stmt.branch(StmtKind.Br, this.at, frame.label, null));
  }

  br(label: number): void {
    const { frame, types } = this.target(label);
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
    const { frame, types } = this.target(label);
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
    const body: Stmt[] = [];
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
    let types = none;
    for (let i = 0; i < count; i++) {
      const target = this.target(reader.u32());
      types = target.types;
      labels.push(target.frame.label);
      targets.push(target.frame.kind === StmtKind.Return ? 0 : stack.slotAt(target.frame.height));
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
