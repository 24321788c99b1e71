// Takes a function's tree, gives text to read: one statement a line, expressions folded, slots by what they hold (tree.ts says what a tree is).
import { opName } from "../syntax/instructions.ts";
import { Imm, Op } from "../syntax/opcodes.ts";
import { isRef, Num, signatureName, slotsOf, typeName, type ValType } from "../syntax/types.ts";
import { immediates } from "./shapes.ts";
import {
  type Expr,
  ExprKind,
  type FunctionTree,
  LABEL_RETURN,
  Pseudo,
  type Stmt,
  StmtKind,
  type TryStmt,
} from "./tree.ts";

export interface PrintOptions {
  /** Whether each statement's byte offset is printed. Default: false. */
  readonly offsets?: boolean;
}

/**
 * Prints a tree. Slots are `l0`… by local, `r0`… where results leave beyond the locals, `s0`… by place on the operand stack;
 * labels are `L0`…, tags `e0`….
 */
export function print(tree: FunctionTree, options: PrintOptions = {}): string {
  return new Printer(tree, options.offsets ?? false).run();
}

class Printer {
  readonly #tree: FunctionTree;
  readonly #offsets: boolean;
  /** Names of the slots below the link. */
  readonly #names: string[] = [];
  readonly #lines: string[] = [];

  constructor(tree: FunctionTree, offsets: boolean) {
    this.#tree = tree;
    this.#offsets = offsets;
    tree.locals.forEach((type, i) => {
      for (let slot = 0; slot < slotsOf(type); slot++) this.#names.push(slot === 0 ? `l${i}` : `l${i}.${slot}`);
    });
  }

  run(): string {
    const { locals, params, loopConstants, body } = this.#tree;
    const named = locals.map((type, i) => `l${i}: ${typeName(type)}`);
    const rest = named.slice(params);
    const constants = loopConstants.map((expr) => this.#expr(expr));
    this.#lines.push(
      `function (${named.slice(0, params).join(", ")})${rest.length === 0 ? "" : ` ${rest.join(", ")}`}`,
    );
    if (constants.length > 0) this.#lines.push(`  constants of loops: ${constants.join(", ")}`);
    this.#list(body, 1);
    return `${this.#lines.join("\n")}\n`;
  }

  #line(depth: number, text: string, stmt?: Stmt): void {
    const offset = this.#offsets && stmt !== undefined ? ` @0x${stmt.at.toString(16)}` : "";
    this.#lines.push("  ".repeat(depth) + text + offset);
  }

  #slot(slot: number): string {
    const { linkSlot, stackSlot } = this.#tree;
    if (slot >= stackSlot) return `s${slot - stackSlot}`;
    return slot === linkSlot ? "link" : (this.#names[slot] ?? `r${slot}`);
  }

  // ---- statements

  #list(body: readonly Stmt[], depth: number): void {
    for (const stmt of body) this.#stmt(stmt, depth);
  }

  #stmt(stmt: Stmt, depth: number): void {
    switch (stmt.kind) {
      case StmtKind.Block:
      case StmtKind.Loop:
      case StmtKind.If:
      case StmtKind.Try:
        return this.#structured(stmt, depth);
      default:
        return this.#line(depth, this.#plain(stmt), stmt);
    }
  }

  #structured(stmt: Stmt, depth: number): void {
    const label = `L${stmt.label}`;
    if (stmt.kind === StmtKind.If) this.#line(depth, `if ${label} ${this.#expr(stmt.a!)}`, stmt);
    else if (stmt.kind === StmtKind.Try) this.#line(depth, this.#try(stmt as TryStmt), stmt);
    else this.#line(depth, `${stmt.kind === StmtKind.Loop ? "loop" : "block"} ${label}`, stmt);
    this.#list(stmt.body!, depth + 1);
    if (stmt.otherwise === null) return;
    this.#line(depth, "else");
    this.#list(stmt.otherwise, depth + 1);
  }

  #try({ label: own, handlers, outer }: TryStmt): string {
    const cases = handlers.map(({ tag, label: target, slot, exception }) => {
      const values = tag < 0 ? "all" : `e${tag} at ${this.#slot(slot)}`;
      return `${values}${exception < 0 ? "" : ` in ${this.#slot(exception)}`} to ${label(target)}`;
    });
    return `try L${own} [${cases.join(", ")}]${outer === LABEL_RETURN ? "" : ` else L${outer}`}`;
  }

  #plain(stmt: Stmt): string {
    const { n, m, a, b } = stmt;
    switch (stmt.kind) {
      case StmtKind.Set:
        return `${this.#slot(n)} = ${this.#expr(a!)}`;
      case StmtKind.Store:
        return `${opName(stmt.op)}${this.#address(a!, m, n)} = ${this.#expr(b!)}${lane(stmt.list[0])}`;
      case StmtKind.GlobalSet:
        return `g${n} = ${this.#expr(a!)}`;
      case StmtKind.Drop:
        return `drop ${this.#expr(a!)}`;
      case StmtKind.Br:
        return `br ${label(stmt.label)}`;
      case StmtKind.BrIf:
        return `br_if ${label(stmt.label)} ${this.#expr(a!)}`;
      case StmtKind.BrTable:
        return this.#brTable(stmt);
      case StmtKind.Return:
        return "return";
      case StmtKind.Unreachable:
        return "unreachable";
      case StmtKind.Call:
      case StmtKind.CallIndirect:
      case StmtKind.CallRef:
      case StmtKind.TailCall:
        return this.#call(stmt);
      case StmtKind.Throw:
        return `throw e${n} from ${this.#slot(m)}`;
      case StmtKind.ThrowRef:
        return `throw_ref ${this.#expr(a!)}`;
      case StmtKind.Rare:
        if (stmt.op === Pseudo.Profile) return `profile ${stmt.list.join(" ")}`;
        return stmt.op === Pseudo.Meter ? `meter ${stmt.list[0]}` : this.#rare(stmt);
      default:
        throw new Error("unreachable");
    }
  }

  #call({ kind, op, n, m, a, list }: Stmt): string {
    const tail = kind === StmtKind.TailCall ? "return_" : "";
    const from = `from ${this.#slot(m)}`;
    if (a === null) return `${tail}call f${n} ${from}`;
    const indirect = kind === StmtKind.CallIndirect || op === Op.return_call_indirect;
    if (!indirect) return `${tail}call_ref ${this.#expr(a)} ${signatureName(n)} ${from}`;
    return `${tail}call_indirect t${list[0]}[${this.#expr(a)}] ${signatureName(n)} ${from}`;
  }

  #brTable({ a, list, moves }: Stmt): string {
    const targets = list.map((target, i) => {
      if (moves === null || moves.targets[i] === moves.source) return label(target);
      return `${label(target)} to ${this.#slot(moves.targets[i]!)}`;
    });
    const values =
      moves === null ? "" : ` with ${moves.types.map(typeName).join(" ")} from ${this.#slot(moves.source)}`;
    return `br_table ${this.#expr(a!)} [${targets.join(", ")}]${values}`;
  }

  #rare({ op, type, m, args, list }: Stmt): string {
    const result = type === Num.Bottom ? "" : `${this.#slot(m)} = `;
    const operands = args.map((arg) => this.#expr(arg)).join(", ");
    return `${result}${[opName(op), ...list].join(" ")}(${operands})`;
  }

  // ---- expressions

  #address(base: Expr, offset: number, memory: number): string {
    return `${memory === 0 ? "" : ` m${memory}`}[${this.#expr(base)}${offset === 0 ? "" : ` + ${offset}`}]`;
  }

  /** A shuffle's lanes, or the lane of an instruction that has one. */
  #immediate({ op, n }: Expr): string {
    const kind = immediates.get(op);
    if (kind === Imm.Lanes) return ` ${this.#bytes(n, 1)}`;
    return kind === Imm.None ? "" : lane(n);
  }

  /** 16 bytes of the module, as numbers of one or four bytes. */
  #bytes(at: number, size: 1 | 4): string {
    const { buffer, byteOffset } = this.#tree.bytes;
    const view = new DataView(buffer, byteOffset + at, 16);
    const numbers = Array.from({ length: 16 / size }, (_, i) =>
      size === 1
        ? `${view.getUint8(i)}`
        : `0x${view
            .getUint32(4 * i, true)
            .toString(16)
            .padStart(8, "0")}`,
    );
    return numbers.join(" ");
  }

  #expr(expr: Expr): string {
    const { op, n, a, b, c } = expr;
    switch (expr.kind) {
      case ExprKind.Const:
        return expr.type === Num.V128 ? `v128 ${this.#bytes(n, 4)}` : constant(expr.type, expr.lo, expr.hi);
      case ExprKind.Slot:
        return this.#slot(n);
      case ExprKind.Global:
        return `g${n}`;
      case ExprKind.Numeric:
        return `${opName(op)}${this.#immediate(expr)}(${[a, b, c].flatMap((x) => (x === null ? [] : [this.#expr(x)])).join(", ")})`;
      case ExprKind.Load:
        return `${opName(op)}${this.#address(a!, n, expr.lo)}${b === null ? "" : ` into ${this.#expr(b)}${lane(expr.hi)}`}`;
      case ExprKind.Select:
        return `select(${this.#expr(c!)} ? ${this.#expr(a!)} : ${this.#expr(b!)})`;
      case ExprKind.MemorySize:
        return `memory.size(${n})`;
      case ExprKind.Reference:
        return `${opName(op)}${immediate(expr)}(${this.#expr(a!)}${b === null ? "" : `, ${this.#expr(b)}`})`;
      default:
        throw new Error("unreachable");
    }
  }
}

function lane(number: number | undefined): string {
  return number === undefined ? "" : `.${number}`;
}

/** What tells a test or a field from another of its kind. */
function immediate({ op, n, lo }: Expr): string {
  if (op === Op["ref.test"] || op === Op["ref.cast"]) return ` ${typeName(n)}`;
  return op >= Op["struct.get"] && op <= Op["struct.get_u"] ? ` ${lo}` : "";
}

function label(number: number): string {
  return number === LABEL_RETURN ? "return" : `L${number}`;
}

const view = new DataView(new ArrayBuffer(8));

/** A constant with its type; NaNs by their bits. */
function constant(type: ValType, lo: number, hi: number): string {
  if (isRef(type)) return "null";
  view.setInt32(0, lo, true);
  view.setInt32(4, hi, true);
  switch (type) {
    case Num.I32:
      return `${lo}`;
    case Num.I64:
      return `i64 ${view.getBigInt64(0, true)}`;
    case Num.F32:
      return float("f32", view.getFloat32(0, true), view.getUint32(0, true).toString(16));
    case Num.F64:
      return float("f64", view.getFloat64(0, true), view.getBigUint64(0, true).toString(16));
    default:
      return `${typeName(type)} constant`;
  }
}

function float(type: string, value: number, bits: string): string {
  if (value !== value) return `${type} nan:0x${bits}`;
  return `${type} ${Object.is(value, -0) ? "-0" : value}`;
}
