// Takes an instruction that has no kind of its own in the tree, gives source for it: written out, or a call of the engine's function for it.
import type { Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num, type ValType } from "../../syntax/types.ts";
import { aggregate } from "./aggregates.ts";
import { atomicInstruction } from "./atomics.ts";
import { invoke } from "./calls.ts";
import type { FunctionEmitter } from "./emit.ts";
import { pair } from "./pair.ts";
import { wideInstruction } from "./sums.ts";
import { memoryInstruction, tableInstruction } from "./tables.ts";
import { hasGuard, value } from "./value.ts";
import { setWords, words } from "./vector.ts";

/** An instruction of references, tables, bulk memory, and whatever else is rare. */
export function instruction(e: FunctionEmitter, stmt: Stmt): void {
  const { writer } = e;
  const { args, list, op, m } = stmt;
  switch (op) {
    case Op["ref.null"]:
      return writer.line(`${writer.slot(m, stmt.type)}=null;`);
    case Op["ref.is_null"]:
      return writer.line(`${writer.slot(m, Num.I32)}=${value(e, args[0]!)}===null?1:0;`);
    case Op["global.get"]:
      if (stmt.type === Num.V128) return setWords(e, m, e.globals.readVector(list[0]!));
      return writer.line(`${writer.slot(m, stmt.type)}=${e.globals.read(list[0]!, stmt.type)};`);
    case Op["global.set"]:
      return e.globals.write(e, list[0]!, args[0]!);
    case Op["ref.func"]:
      return writer.line(`${writer.slot(m, stmt.type)}=functionAt(${list[0]!});`);
    default:
      if (op >> 8 === 0xfb) aggregate(e, stmt);
      else if (!isWritten(e, stmt)) general(e, stmt);
  }
}

function isWritten(e: FunctionEmitter, stmt: Stmt): boolean {
  return (
    tableInstruction(e, stmt) || memoryInstruction(e, stmt) || atomicInstruction(e, stmt) || wideInstruction(e, stmt)
  );
}

/** Calls the engine's function for the instruction. */
function general(e: FunctionEmitter, stmt: Stmt): void {
  const { writer } = e;
  const { args, list, op, type, m } = stmt;
  const sources: string[] = [];
  args.forEach((arg, i) => {
    const early = args.slice(i + 1).some(hasGuard);
    if (arg.type === Num.V128) {
      const lanes = words(e, arg);
      sources.push(...(early ? lanes.map((lane) => writer.keep(lane)) : lanes));
    } else if (arg.type === Num.I64) {
      const halves = pair(e, arg);
      sources.push(...(early ? [writer.keep(halves.lo), writer.keep(halves.hi)] : [halves.lo, halves.hi]));
    } else sources.push(early ? writer.keep(value(e, arg), arg.type) : value(e, arg));
  });
  const results = resultsOf(op, type);
  const name = e.names.instruction({ op, params: args.map((arg) => arg.type), immediates: list, results });
  invoke(e, `${name}(${sources.join()})`, results, m, false);
}

function resultsOf(op: number, type: ValType): readonly ValType[] {
  if (op >= Op["i64.add128"] && op <= Op["i64.mul_wide_u"]) return [Num.I64, Num.I64];
  return type === Num.Bottom ? [] : [type];
}
