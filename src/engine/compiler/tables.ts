// Takes an instruction on a table, a whole range of a memory, or a segment, gives source for it (specification: 4.6.7, 4.6.8).
import { TrapCode } from "../../instance/trap.ts";
import type { Expr, Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { hasGuard, kept, value } from "./value.ts";
import { unsigned } from "./words.ts";

/** Writes an instruction on a table; gives whether it is one. */
export function tableInstruction(e: FunctionEmitter, stmt: Stmt): boolean {
  const { writer, names } = e;
  const { op, args, list, m } = stmt;
  switch (op) {
    case Op["table.get"]: {
      const elements = names.table(list[0]!);
      const index = place(e, args[0]!);
      check(e, stmt, elements, index);
      writer.line(`${writer.slot(m, stmt.type)}=${elements}[${index}];`);
      return true;
    }
    case Op["table.set"]: {
      const elements = names.table(list[0]!);
      const index = place(e, args[0]!);
      const source = kept(e, args[1]!);
      check(e, stmt, elements, index);
      writer.line(`${names.tableObject(list[0]!)}.put(${index},${source});`);
      return true;
    }
    case Op["table.size"]:
      result(e, stmt, `${names.table(list[0]!)}.length`);
      return true;
    case Op["table.grow"]: {
      const [initial, count] = numbers(e, stmt) as [string, string];
      result(e, stmt, `${names.tableObject(list[0]!)}.growBy(${count},${initial})`);
      return true;
    }
    case Op["table.fill"]:
      writer.line(`fillTable(${names.tableObject(list[0]!)},${numbers(e, stmt).join()});`);
      return true;
    case Op["table.copy"]:
      writer.line(`copyTable(${list.map((index) => names.tableObject(index)).join()},${numbers(e, stmt).join()});`);
      return true;
    case Op["table.init"]: {
      const segment = `M.elements[${list[0]!}]`;
      writer.line(`initTable(${names.tableObject(list[1]!)},${segment},${numbers(e, stmt).join()});`);
      return true;
    }
    case Op["elem.drop"]:
      writer.line(`M.elements[${list[0]!}]=[];`);
      return true;
    default:
      return false;
  }
}

/** Writes an instruction on a range of a memory, or one that grows it; gives whether it is one. */
export function memoryInstruction(e: FunctionEmitter, stmt: Stmt): boolean {
  const { writer, memories } = e;
  const { op, list } = stmt;
  switch (op) {
    case Op["memory.grow"]: {
      const [count] = numbers(e, stmt) as [string];
      result(e, stmt, `${memories.object(list[0]!)}.grow(${count})`);
      writer.line(memories.rebind());
      return true;
    }
    case Op["memory.fill"]: {
      const [start, source, count] = numbers(e, stmt);
      writer.line(`fillMemory(${memories.object(list[0]!)},${start},${source},${count});`);
      return true;
    }
    case Op["memory.copy"]:
      writer.line(`copyMemory(${list.map((index) => memories.object(index)).join()},${numbers(e, stmt).join()});`);
      return true;
    case Op["memory.init"]:
      writer.line(`initMemory(${memories.object(list[1]!)},M.data[${list[0]!}],${numbers(e, stmt).join()});`);
      return true;
    case Op["data.drop"]:
      writer.line(`M.data[${list[0]!}]=noBytes;`);
      return true;
    default:
      return false;
  }
}

/** The operands: addresses, indices and counts as numbers that are not negative, references as they are. */
function numbers(e: FunctionEmitter, { args }: Stmt): string[] {
  return args.map((arg, i) => {
    const isNumber = arg.type === Num.I32 || arg.type === Num.I64;
    const source = isNumber ? unsigned(e, arg) : value(e, arg);
    if (!args.slice(i + 1).some(hasGuard)) return source;
    return e.writer.keep(source, isNumber ? Num.F64 : arg.type);
  });
}

/** An index, computed. */
function place(e: FunctionEmitter, expr: Expr): string {
  if (expr.type === Num.I64) return e.writer.keep(unsigned(e, expr), Num.F64);
  return `${kept(e, expr)}>>>0`;
}

function check({ writer }: FunctionEmitter, { at }: Stmt, elements: string, index: string): void {
  writer.lineAt(at, `if(${index}>=${elements}.length)return trap(${TrapCode.TableBounds});`);
}

/** Sets the result, a number that is not below -1. */
function result(e: FunctionEmitter, { m, type }: Stmt, source: string): void {
  const { writer } = e;
  const low = writer.slot(m, type);
  if (type !== Num.I64) return writer.line(`${low}=${source}|0;`);
  const number = writer.keep(`+${source}`, Num.F64);
  writer.line(`${low}=${number}|0;${writer.high(m)}=${number}<0?-1:0;`);
}
