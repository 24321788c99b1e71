// Takes a statement that calls or throws, gives its packed code (specification: 4.6.5 Function calls, 4.6.2 throw).
import { type Expr, type Stmt, StmtKind } from "../../ir/tree.ts";
import type { Module } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { isRef, slotsOf } from "../../syntax/types.ts";
import type { CodeSink } from "./code-sink.ts";
import { Code } from "./codes.generated.ts";

/** Lowers the calls of one function, whose link is at word `linkWord`. */
export class Calls {
  readonly #sink: CodeSink;
  readonly #module: Module;
  readonly #linkWord: number;
  readonly #register: (slot: number) => number;
  readonly #use: (expr: Expr) => number;

  constructor(
    sink: CodeSink,
    module: Module,
    linkWord: number,
    register: (slot: number) => number,
    use: (expr: Expr) => number,
  ) {
    this.#sink = sink;
    this.#module = module;
    this.#linkWord = linkWord;
    this.#register = register;
    this.#use = use;
  }

  lower(stmt: Stmt): void {
    // Computed first: it may be of more than one opcode.
    const operand = stmt.a === null ? 0 : this.#use(stmt.a);
    this.#sink.at = stmt.at;
    if (stmt.kind === StmtKind.TailCall) this.#tailCall(stmt, operand);
    else this.#plain(stmt, operand);
    // What follows may be returned to, or is not reached.
    this.#sink.seal();
  }

  #plain({ kind, n, m, list }: Stmt, operand: number): void {
    const sink = this.#sink;
    switch (kind) {
      case StmtKind.Call:
        if (n < this.#module.importedFunctions) return sink.emit(Code.callImport, n, this.#register(m));
        return sink.emit(Code.call, n * 4, this.#register(m));
      case StmtKind.CallIndirect:
        return sink.emit(Code.callIndirect, n, this.#register(m), operand, list[0]!);
      case StmtKind.CallRef:
        return sink.emit(Code.callRef, this.#register(m), operand);
      case StmtKind.Throw:
        return sink.emit(Code.throw, n, this.#register(m));
      default: // ThrowRef
        return sink.emit(Code.throwRef, operand);
    }
  }

  #tailCall({ op, n, m, list }: Stmt, operand: number): void {
    const sink = this.#sink;
    const window = this.#register(m);
    if (op === Op.return_call_ref) return sink.emit(Code.tailCallRef, window, operand, this.#linkWord);
    if (op === Op.return_call_indirect) {
      return sink.emit(Code.tailCallIndirect, n, window, operand, list[0]!, this.#linkWord);
    }
    if (n < this.#module.importedFunctions) return sink.emit(Code.tailCallImport, n, window, this.#linkWord);
    let slot = 0;
    for (const type of this.#module.types[this.#module.functions[n]!]!.params) {
      // The opcode moves words only.
      if (isRef(type)) sink.emit(Code.movRef, window + 2 * slot, 2 * slot);
      slot += slotsOf(type);
    }
    sink.emit(Code.tailCall, n * 4, window, 2 * slot, this.#linkWord);
  }
}
