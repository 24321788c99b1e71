// Takes a function's tree, gives packed code: opcodes with register, constant and target words (specification: 4.6 Instructions).

import { wordsAt } from "../../ir/reader.ts";
import { dense, inverse, isVector } from "../../ir/shapes.ts";
import {
  type Expr,
  ExprKind,
  type FunctionTree,
  LABEL_RETURN,
  Pseudo,
  type Stmt,
  StmtKind,
  type TryStmt,
} from "../../ir/tree.ts";
import { isSharedGlobal, type Module } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { isRef, Num, slotsOf, slotsOfAll, type ValType } from "../../syntax/types.ts";
import { type Addresses64, addressesOf, lowWord } from "./addresses.ts";
import { CodeSink } from "./code-sink.ts";
import * as codes from "./codes.generated.ts";
import { Code } from "./codes.generated.ts";
import {
  type AddressTables,
  bothMayTrap,
  commutative,
  constantKey,
  constantStoreTables,
  isOneWord,
  isShift,
  loadTables,
  mirrored,
  oppositeOfFloat,
  storeTables,
} from "./forms.ts";
import { emitAggregate, emitReference, isAggregate } from "./lower-aggregates.ts";
import { Calls } from "./lower-calls.ts";
import { lowerVector, scalarStore, storedPlace, wordOfLane } from "./lower-vectors.ts";
import { Lowered, type LowerOptions } from "./lowered.ts";
import { RARE_OPERANDS, RareOp } from "./rare.ts";
import { Regions } from "./regions.ts";

export function lower(tree: FunctionTree, module: Module, options: LowerOptions): Lowered {
  return new Lowering(tree, module, options).run();
}

/** A structured statement whose body is being lowered; `otherwise` is the label of an `if`'s other branch while in its first. */
interface OpenBlock {
  readonly body: readonly Stmt[];
  next: number;
  readonly stmt: Stmt | null;
  readonly otherwise: number;
}

/** Whether an instruction gives the bits of its operand as they are, or their low word. */
function keepsBits(op: number): boolean {
  return op === Op["i32.wrap_i64"] || (op >= Op["i32.reinterpret_f32"] && op <= Op["f64.reinterpret_i64"]);
}

class Lowering {
  readonly #tree: FunctionTree;
  readonly #module: Module;
  readonly #sink: CodeSink;
  readonly #regions: Regions;
  readonly #calls: Calls;
  readonly #counted: LowerOptions["counted"];
  readonly #constants = new Map<string, number>();
  /** Slots of the operand stack move up by those of the constants kept in registers. */
  readonly #shift: number;
  /** Of a first memory of 64 bits. */
  readonly #addresses: Addresses64 | null;
  readonly #firstTemporary: number;
  #temporary: number;
  /** Where the opcode is that nulls the references of locals; -1 where there is none. */
  #initialized = -1;
  #limit: number;

  constructor(tree: FunctionTree, module: Module, options: LowerOptions) {
    this.#tree = tree;
    this.#module = module;
    this.#counted = options.counted;
    this.#sink = new CodeSink(tree.labels, 2 * tree.linkSlot, options.pairs, options.positions);
    const register = (slot: number) => this.#register(slot);
    this.#regions = new Regions(this.#sink, register);
    const use = this.#useExpr;
    this.#calls = new Calls(this.#sink, module, 2 * tree.linkSlot, register, use);
    this.#addresses = addressesOf(module, this.#sink, use, () => this.#newTemporary(Num.I64));
    this.#shift = slotsOfAll(tree.loopConstants.map(({ type }) => type));
    this.#firstTemporary = tree.slots + this.#shift;
    this.#temporary = this.#firstTemporary;
    this.#limit = this.#firstTemporary;
  }

  run(): Lowered {
    const tree = this.#tree;
    const sink = this.#sink;
    this.#prologue();
    this.#block(tree.body);
    this.#regions.finish();
    sink.finish();
    if (this.#initialized >= 0) sink.words[this.#initialized + RARE_OPERANDS] = 2 * this.#limit;
    return new Lowered(sink, this.#regions.list, 2 * tree.linkSlot, 2 * this.#paramSlots(), 2 * this.#limit);
  }

  #prologue(): void {
    if (this.#counted !== null) this.#sink.counter(Code.count, this.#counted.calls, this.#counted);
    const tree = this.#tree;
    // The size of the frame is filled in at the end.
    if (tree.hasReferences) {
      this.#initialized = this.#sink.words.length;
      this.#sink.rare(RareOp.InitReferences, 0, [0, 2 * tree.linkSlot, this.#paramSlots()]);
    }
    let slot = tree.stackSlot;
    for (const constant of tree.loopConstants) {
      this.#loadConstant(constant, 2 * slot);
      this.#constants.set(constantKey(constant), slot);
      slot += slotsOf(constant.type);
    }
  }

  #paramSlots(): number {
    const { locals, params } = this.#tree;
    return slotsOfAll(locals.slice(0, params));
  }

  /** The register of a slot of the tree. */
  #register(slot: number): number {
    return 2 * (slot >= this.#tree.stackSlot ? slot + this.#shift : slot);
  }

  #newTemporary(type: ValType): number {
    const slot = this.#temporary;
    this.#temporary += slotsOf(type);
    if (this.#temporary > this.#limit) this.#limit = this.#temporary;
    return 2 * slot;
  }

  #loadConstant(expr: Expr, register: number): void {
    if (isRef(expr.type)) this.#sink.emit(Code.constNull, register);
    else if (expr.type === Num.V128) {
      const [a, b, c, d] = wordsAt(this.#tree.bytes, expr.n);
      this.#sink.emit(Code.const4, a, b, c, d, register);
    } else if (isOneWord(expr.type)) this.#sink.emit(Code.const1, expr.lo, register);
    else this.#sink.emit(Code.const2, expr.lo, expr.hi, register);
  }

  readonly #useExpr = (expr: Expr): number => this.#use(expr);

  /** The register that holds an expression's value; computes it where it has none. */
  #use(expr: Expr): number {
    switch (expr.kind) {
      case ExprKind.Slot:
        return this.#register(expr.n);
      case ExprKind.Const:
        if (expr.type >= Num.F32) {
          const slot = this.#constants.get(constantKey(expr));
          if (slot !== undefined) return 2 * slot;
        }
        break;
      case ExprKind.Numeric:
        if (keepsBits(expr.op)) return this.#use(expr.a!);
        if (wordOfLane(expr) >= 0) return this.#use(expr.a!) + wordOfLane(expr);
        break;
      default:
    }
    const register = this.#newTemporary(expr.type);
    this.#compute(expr, register);
    return register;
  }

  /** Computes an expression into a register. */
  #compute(expr: Expr, to: number): void {
    switch (expr.kind) {
      case ExprKind.Slot:
        return this.#move(expr.type, this.#register(expr.n), to);
      case ExprKind.Const: {
        const from = this.#constants.size === 0 ? undefined : this.#constants.get(constantKey(expr));
        if (from !== undefined) return this.#move(expr.type, 2 * from, to);
        return this.#loadConstant(expr, to);
      }
      case ExprKind.Global:
        return this.#globalGet(expr, to);
      case ExprKind.MemorySize:
        if (this.#hasPlainSize(expr.n)) return this.#sink.emit(Code.memorySize, to);
        return this.#sink.rare(Op["memory.size"], to, [expr.n]);
      case ExprKind.Load:
        return this.#load(expr, to);
      case ExprKind.Select:
        return this.#select(expr, to);
      case ExprKind.Numeric:
        this.#sink.at = expr.at;
        if (isVector(expr.op)) return this.#vector(expr, to);
        return expr.b === null ? this.#unary(expr, to) : this.#binary(expr, to);
      case ExprKind.Reference: {
        const a = this.#use(expr.a!);
        const b = expr.b === null ? 0 : this.#use(expr.b);
        this.#sink.at = expr.at;
        return emitReference(this.#sink, expr, a, b, to);
      }
      default:
        throw new Error("unreachable");
    }
  }

  #move(type: number, from: number, to: number): void {
    if (from === to) return;
    const wide = type === Num.V128 ? Code.mov4 : Code.mov2;
    this.#sink.emit(isRef(type) ? Code.movRef : isOneWord(type) ? Code.mov1 : wide, from, to);
  }

  #vector(expr: Expr, to: number): void {
    const word = wordOfLane(expr);
    if (word >= 0) return this.#move(expr.type, this.#use(expr.a!) + word, to);
    lowerVector(expr, to, this.#sink, this.#tree.bytes, this.#useExpr);
  }

  #globalGet(expr: Expr, to: number): void {
    const index = expr.n;
    if (isRef(expr.type)) return this.#sink.emit(Code.globalGetRef, index, to);
    if (isSharedGlobal(this.#module, index)) return this.#sink.rare(Op["global.get"], to, [index]);
    const wide = expr.type === Num.V128 ? Code.globalGet4 : Code.globalGet2;
    this.#sink.emit(isOneWord(expr.type) ? Code.globalGet1 : wide, index * 4, to);
  }

  #select(expr: Expr, to: number): void {
    const a = this.#use(expr.a!);
    const b = this.#use(expr.b!);
    const c = this.#use(expr.c!);
    if (isRef(expr.type)) return this.#sink.rare(Op.select, to, [a, b, c]);
    const wide = expr.type === Num.V128 ? Code.select4 : Code.select2;
    this.#sink.emit(isOneWord(expr.type) ? Code.select1 : wide, a, b, c, to);
  }

  #unary(expr: Expr, to: number): void {
    const { op } = expr;
    const from = this.#use(expr.a!);
    if (keepsBits(op)) return this.#move(expr.type, from, to);
    this.#sink.at = expr.at;
    this.#sink.emit(codes.valueR[dense(op)]!, from, to);
  }

  #binary(expr: Expr, to: number): void {
    let a = expr.a!;
    let b = expr.b!;
    let { op } = expr;
    if (a.kind === ExprKind.Const && b.kind !== ExprKind.Const) {
      if (commutative.has(op)) [a, b] = [b, a];
      else {
        const other = mirrored.get(op);
        if (other !== undefined) {
          [a, b] = [b, a];
          op = other;
        }
      }
    }
    if (this.#fused(op, a, b, to)) return;
    if (commutative.has(op) && !bothMayTrap(a, b) && this.#fused(op, b, a, to)) return;
    const code = dense(op);
    if (b.kind === ExprKind.Const && codes.valueRK[code] !== 0) {
      const left = this.#use(a);
      this.#sink.at = expr.at;
      if (b.type === Num.I64) this.#sink.emit(codes.valueRK[code]!, left, b.lo, b.hi, to);
      else this.#sink.emit(codes.valueRK[code]!, left, b.lo, to);
      return;
    }
    if (a.kind === ExprKind.Const && codes.valueKR[code] !== 0) {
      this.#sink.emit(codes.valueKR[code]!, a.lo, this.#use(b), to);
      return;
    }
    const left = this.#use(a);
    const right = this.#use(b);
    this.#sink.at = expr.at;
    if (codes.valueRR[code] === 0) this.#sink.emit(codes.valueRR[mirrored.get(op)!]!, right, left, to);
    else this.#sink.emit(codes.valueRR[code]!, left, right, to);
  }

  /** Computes `op(a, b)` by one opcode with what `a` computes, where there is one. */
  #fused(op: number, a: Expr, b: Expr, to: number): boolean {
    if (a.kind !== ExprKind.Numeric || a.b === null) return false;
    let left = a.a!;
    let right = a.b;
    if (left.kind === ExprKind.Const && commutative.has(a.op)) [left, right] = [right, left];
    const innerConstant = right.kind === ExprKind.Const && right.type === Num.I32;
    const outerConstant = b.kind === ExprKind.Const && b.type === Num.I32;
    const key = (dense(op) * 512 + dense(a.op)) * 4 + (innerConstant ? 2 : 0) + (outerConstant ? 1 : 0);
    const code = codes.fused.get(key);
    if (code === undefined) return false;
    const x = this.#use(left);
    const y = innerConstant ? right.lo : this.#use(right);
    const z = outerConstant ? b.lo : this.#use(b);
    this.#sink.emit(code, x, y, z, to);
    return true;
  }

  /** Whether a memory's size is that of the first view, in pages of 64 KiB. */
  #hasPlainSize(memory: number): boolean {
    const { index64, shared, pageSizeLog2 } = this.#module.memories[memory]!;
    return memory === 0 && !index64 && !shared && pageSizeLog2 === 16;
  }

  /** Whether an access fits the fast forms: the first memory, an offset below 2^31. */
  #isPlain(memory: number, offset: number): boolean {
    return memory === 0 && offset < 0x80000000;
  }

  /** Emits an access by the form of its address that `tables` has a code for; `last` is the register or constant it moves. */
  #access(address: Expr, offset: number, opcode: number, tables: AddressTables, last: number, at: number): void {
    const op = dense(opcode);
    if (address.type === Num.I64) {
      const low = lowWord(address);
      if (low !== null) return this.#access(low, offset, opcode, tables, last, at);
      return this.#sink.emit(tables.R[op]!, this.#addresses!.register(address, at), offset, last);
    }
    if (address.kind === ExprKind.Const) {
      const absolute = (address.lo >>> 0) + offset;
      if (tables.A[op] !== 0 && absolute < 0x80000000) {
        this.#sink.at = at;
        return this.#sink.emit(tables.A[op]!, absolute, last);
      }
    }
    if (address.kind === ExprKind.Numeric && address.op === Op["i32.add"]) {
      let a = address.a!;
      let b = address.b!;
      if (a.kind === ExprKind.Const) [a, b] = [b, a];
      // A shifted register is looked for on the right, but with a constant on the left where there is a code for that.
      const shiftsLeft = isShift(a) && !isShift(b) && !bothMayTrap(a, b);
      if (shiftsLeft && (b.kind !== ExprKind.Const || (tables.T[op] === 0 && tables.K[op] === 0))) [a, b] = [b, a];
      if (b.kind === ExprKind.Const) {
        if (isShift(a) && tables.T[op] !== 0) {
          const x = this.#use(a.a!);
          this.#sink.at = at;
          return this.#sink.emit(tables.T[op]!, x, a.b!.lo, b.lo, offset, last);
        }
        if (tables.K[op] !== 0) {
          const x = this.#use(a);
          this.#sink.at = at;
          return this.#sink.emit(tables.K[op]!, x, b.lo, offset, last);
        }
      } else if (isShift(b) && tables.S[op] !== 0) {
        const x = this.#use(a);
        const y = this.#use(b.a!);
        this.#sink.at = at;
        return this.#sink.emit(tables.S[op]!, x, y, b.b!.lo, offset, last);
      } else if (tables.X[op] !== 0) {
        const x = this.#use(a);
        const y = this.#use(b);
        this.#sink.at = at;
        return this.#sink.emit(tables.X[op]!, x, y, offset, last);
      }
    }
    const x = this.#use(address);
    this.#sink.at = at;
    this.#sink.emit(tables.R[op]!, x, offset, last);
  }

  #load(expr: Expr, to: number): void {
    const { op, n: offset, b: vector } = expr;
    const isPlain = this.#isPlain(expr.lo, offset);
    if (isPlain && vector === null) return this.#access(expr.a!, offset, op, loadTables, to, expr.at);
    const address = this.#use(expr.a!);
    const lane = vector === null ? [] : [this.#use(vector), expr.hi];
    if (isPlain) this.#addresses?.check(expr.a!, address, expr.at);
    this.#sink.at = expr.at;
    if (isPlain) return this.#sink.emit(codes.loadR[dense(op)]!, address, offset, lane[0], lane[1], to);
    this.#sink.rare(op, to, [address, expr.lo, offset | 0, Math.floor(offset / 4294967296), ...lane]);
  }

  #store(stmt: Stmt): void {
    const { m: offset } = stmt;
    const op = scalarStore(stmt.op);
    const value = stmt.b!;
    if (!this.#isPlain(stmt.n, offset)) {
      const address = this.#use(stmt.a!);
      const from = storedPlace(stmt, this.#use(value));
      this.#sink.at = stmt.at;
      return this.#sink.rare(op, 0, [address, from, stmt.n, offset | 0, Math.floor(offset / 4294967296)]);
    }
    // A constant's low word is what every one-word store writes of it, if it is no lane of a vector.
    const constant = value.kind === ExprKind.Const && value.type !== Num.V128 && codes.storeRK[dense(op)] !== 0;
    if (constant) return this.#access(stmt.a!, offset, op, constantStoreTables, value.lo, stmt.at);
    // The address comes first: which of the two traps depends on it. A plain value needs no computing before the address.
    const early = bothMayTrap(stmt.a!, value) ? this.#use(stmt.a!) : -1;
    const from = storedPlace(stmt, this.#use(value));
    if (early < 0) return this.#access(stmt.a!, offset, op, storeTables, from, stmt.at);
    if (stmt.a!.type === Num.I64) this.#addresses!.check(stmt.a!, early, stmt.at);
    this.#sink.at = stmt.at;
    this.#sink.emit(storeTables.R[dense(op)]!, early, offset, from);
  }

  /** Branches to `label` where the condition is not zero, or where it is. */
  #branch(condition: Expr, label: number, negated: boolean): void {
    if (condition.kind === ExprKind.Const) {
      if ((condition.lo !== 0) !== negated) this.#sink.jump(label);
      return;
    }
    if (condition.kind === ExprKind.Numeric) {
      if (condition.op === Op["i32.eqz"]) return this.#branch(condition.a!, label, !negated);
      if (this.#compareBranch(condition, label, negated)) return;
    }
    if (condition.kind === ExprKind.Reference && condition.op === Op["ref.is_null"]) {
      this.#sink.emit(negated ? Code.brNonNull : Code.brNull, this.#use(condition.a!), 0);
      return this.#sink.target(label);
    }
    this.#sink.emit(negated ? Code.brz : Code.brnz, this.#use(condition), 0);
    this.#sink.target(label);
  }

  #compareBranch(expr: Expr, label: number, negated: boolean): boolean {
    let { op } = expr;
    if (op === Op["i64.eqz"]) {
      this.#sink.emit(codes.branchRK[negated ? Op["i64.ne"] : Op["i64.eq"]]!, this.#use(expr.a!), 0, 0, 0);
    } else if (op === Op["i32.and"] && expr.b!.kind === ExprKind.Const) {
      this.#sink.emit(negated ? Code.brAndzRK : Code.brAndnzRK, this.#use(expr.a!), expr.b!.lo, 0);
    } else if (op >= Op["f32.eq"] && op <= Op["f64.ge"]) {
      const a = this.#use(expr.a!);
      const b = this.#use(expr.b!);
      const opposite = oppositeOfFloat.get(op);
      if (negated && opposite !== undefined) this.#branchRR(codes.branchRR, opposite, a, b);
      else this.#branchRR(negated ? codes.branchNotRR : codes.branchRR, op, a, b);
    } else if (op >= Op["i32.eq"] && op <= Op["i64.ge_u"]) {
      let a = expr.a!;
      let b = expr.b!;
      if (a.kind === ExprKind.Const && b.kind !== ExprKind.Const) {
        [a, b] = [b, a];
        op = mirrored.get(op) ?? op;
      }
      if (negated) op = inverse(op);
      const left = this.#use(a);
      if (b.kind !== ExprKind.Const) this.#branchRR(codes.branchRR, op, left, this.#use(b));
      else if (b.type === Num.I64) this.#sink.emit(codes.branchRK[op]!, left, b.lo, b.hi, 0);
      else this.#sink.emit(codes.branchRK[op]!, left, b.lo, 0);
    } else return false;
    this.#sink.target(label);
    return true;
  }

  /** Where there is no opcode for the comparison there is one for its mirror image. */
  #branchRR(table: Int16Array, op: number, left: number, right: number): void {
    if (table[op] === 0) this.#sink.emit(table[mirrored.get(op)!]!, right, left, 0);
    else this.#sink.emit(table[op]!, left, right, 0);
  }

  #brTable(stmt: Stmt): void {
    const index = this.#use(stmt.a!);
    const { moves, list } = stmt;
    const stubs = new Map<string, { label: number; to: number; target: number }>();
    const labels = list.map((label, i) => {
      const target = moves === null ? 0 : moves.targets[i]!;
      if (moves === null || (target === moves.source && label !== LABEL_RETURN)) return label;
      const key = `${label} ${target}`;
      let stub = stubs.get(key);
      if (stub === undefined) stubs.set(key, (stub = { label: this.#sink.newLabel(), to: label, target }));
      return stub.label;
    });
    this.#sink.table(index, labels);
    for (const { label, to, target } of stubs.values()) {
      this.#sink.place(label);
      let source = moves!.source;
      let destination = target;
      for (const type of moves!.types) {
        this.#move(type, this.#register(source), this.#register(destination));
        source += slotsOf(type);
        destination += slotsOf(type);
      }
      this.#sink.jump(to);
    }
  }

  /** Statements nest as deep as the guest likes: open ones are kept in a list, not on the host's stack. */
  #block(body: readonly Stmt[]): void {
    const open: OpenBlock[] = [{ body, next: 0, stmt: null, otherwise: -1 }];
    while (open.length > 0) {
      const block = open[open.length - 1]!;
      if (block.next < block.body.length) {
        const stmt = block.body[block.next++]!;
        this.#temporary = this.#firstTemporary;
        this.#sink.at = stmt.at;
        const inner = this.#stmt(stmt);
        if (inner !== null) open.push(inner);
        continue;
      }
      open.pop();
      const rest = block.stmt === null ? null : this.#close(block, block.stmt);
      if (rest !== null) open.push(rest);
    }
  }

  /** Ends a structured statement's body; gives its other branch where that is still to come. */
  #close(block: OpenBlock, stmt: Stmt): OpenBlock | null {
    if (stmt.kind === StmtKind.Loop) return null;
    if (stmt.kind === StmtKind.Try) this.#regions.close(stmt as TryStmt);
    if (block.otherwise >= 0) {
      if (stmt.otherwise !== null && stmt.otherwise.length > 0) {
        this.#sink.jump(stmt.label);
        this.#sink.place(block.otherwise);
        return { body: stmt.otherwise, next: 0, stmt, otherwise: -1 };
      }
      this.#sink.place(block.otherwise);
    }
    this.#sink.place(stmt.label);
    return null;
  }

  #stmt(stmt: Stmt): OpenBlock | null {
    switch (stmt.kind) {
      case StmtKind.Block:
        return { body: stmt.body!, next: 0, stmt, otherwise: -1 };
      case StmtKind.Try:
        this.#regions.open(stmt as TryStmt);
        return { body: stmt.body!, next: 0, stmt, otherwise: -1 };
      case StmtKind.Loop:
        this.#sink.place(stmt.label);
        this.#countTurns(stmt.label);
        return { body: stmt.body!, next: 0, stmt, otherwise: -1 };
      case StmtKind.If: {
        const otherwise = this.#sink.newLabel();
        this.#branch(stmt.a!, otherwise, true);
        return { body: stmt.body!, next: 0, stmt, otherwise };
      }
      default:
        this.#plain(stmt);
        return null;
    }
  }

  #countTurns(label: number): void {
    if (this.#counted !== null) this.#sink.counter(Code.countLoop, this.#counted.turns, this.#counted, label);
  }

  #plain(stmt: Stmt): void {
    switch (stmt.kind) {
      case StmtKind.Set:
        this.#compute(stmt.a!, this.#register(stmt.n));
        return this.#addresses?.forget(this.#register(stmt.n));
      case StmtKind.Store:
        return this.#store(stmt);
      case StmtKind.GlobalSet: {
        const from = this.#use(stmt.a!);
        if (isRef(stmt.type)) return this.#sink.emit(Code.globalSetRef, from, stmt.n);
        if (isSharedGlobal(this.#module, stmt.n)) return this.#sink.rare(Op["global.set"], 0, [from, stmt.n]);
        const wide = stmt.type === Num.V128 ? Code.globalSet4 : Code.globalSet2;
        this.#sink.emit(isOneWord(stmt.type) ? Code.globalSet1 : wide, from, stmt.n * 4);
        return;
      }
      case StmtKind.Drop:
        this.#use(stmt.a!);
        return;
      case StmtKind.Br:
        return this.#sink.jump(stmt.label);
      case StmtKind.BrIf:
        return this.#brIf(stmt);
      case StmtKind.BrTable:
        return this.#brTable(stmt);
      case StmtKind.Return:
        return this.#sink.ret();
      case StmtKind.Unreachable:
        return this.#sink.emit(Code.unreachable);
      case StmtKind.Call:
      case StmtKind.CallIndirect:
      case StmtKind.CallRef:
      case StmtKind.TailCall:
      case StmtKind.Throw:
      case StmtKind.ThrowRef:
        return this.#calls.lower(stmt);
      case StmtKind.Rare: {
        if (stmt.op === Pseudo.Profile) return this.#sink.emitList(Code.profile, stmt.list);
        const args = stmt.args.map((arg) => this.#use(arg));
        this.#sink.at = stmt.at;
        const to = this.#register(stmt.m);
        if (isAggregate(stmt.op)) return emitAggregate(this.#sink, stmt.op, to, args, stmt.list);
        return this.#sink.rare(stmt.op, to, [...args, ...stmt.list]);
      }
      default:
        throw new Error("unreachable");
    }
  }

  #brIf(stmt: Stmt): void {
    if (stmt.label !== LABEL_RETURN) return this.#branch(stmt.a!, stmt.label, false);
    const over = this.#sink.newLabel();
    this.#branch(stmt.a!, over, true);
    this.#sink.ret();
    this.#sink.place(over);
  }
}
