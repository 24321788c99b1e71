// Takes an atomic access or a notification, gives the host's own on the memory's integers (threads proposal: Atomic memory accesses).
import type { Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { pair } from "./pair.ts";
import { value } from "./value.ts";
import { entries, keepAll } from "./words.ts";

/** The rows that the instructions from i32.atomic.load on form: seven for each of these. */
const actions = ["load", "store", "add", "sub", "and", "or", "xor", "exchange", "compareExchange"] as const;
const ROW = 7;
/** The sizes of a row in bytes. */
const sizes = [4, 8, 1, 2, 1, 2, 4] as const;
const lanes: Readonly<Record<number, string>> = { 1: "u8", 2: "u16", 4: "i32" };

/** Writes an instruction of threads; gives whether it is one. */
export function atomicInstruction(e: FunctionEmitter, stmt: Stmt): boolean {
  const { op } = stmt;
  if (op === Op["memory.atomic.notify"]) notify(e, stmt);
  else if (op >= Op["i32.atomic.load"] && op >> 8 === 0xfe) access(e, stmt);
  else return false;
  return true;
}

function notify(e: FunctionEmitter, stmt: Stmt): void {
  const { writer } = e;
  const { memory, address, values } = checked(e, stmt, 4);
  writer.line(`${writer.slot(stmt.m, Num.I32)}=notify(${memory},${address},${values[0]}>>>0);`);
}

function access(e: FunctionEmitter, stmt: Stmt): void {
  const { writer, memories } = e;
  const { op, m, type } = stmt;
  const action = actions[Math.floor((op - Op["i32.atomic.load"]) / ROW)]!;
  const size = sizes[(op - Op["i32.atomic.load"]) % ROW]!;
  const { memory, address, values } = checked(e, stmt, size);
  const place = `${memory}.lanes.${lanes[size]!},${size === 1 ? address : `${address}/${size}`}`;
  // Of an i64 the low word counts: what is expected is wrapped to the size too.
  const given = values.filter((_, i) => stmt.args[1]!.type !== Num.I64 || i % 2 === 0);
  const source =
    size === 8
      ? `atomic64(${[`atomics.${action}`, memory, address, ...values].join()});`
      : `atomics.${action}(${[place, ...given].join()});`;
  if (type === Num.Bottom) return writer.line(source);
  // What another thread did before it wrote what was read is seen from here on, also that it made the memory grow: asking for its size shows that.
  const again = memories.growsOutside(stmt.list[0]!) ? `${memory}.pages;${memories.rebindLater()}` : "";
  const high = type === Num.I64 ? `${writer.high(m)}=${size === 8 ? e.names.arrays.high() : 0};` : "";
  writer.line(`${writer.slot(m, type)}=${source}${high}${again}`);
}

/** Computes the operands and checks the address. */
function checked(
  e: FunctionEmitter,
  { args, list, at }: Stmt,
  size: number,
): { readonly memory: string; readonly address: string; readonly values: readonly string[] } {
  const { writer, memories } = e;
  const [base, ...rest] = args;
  const offset = list[2]! * 4294967296 + (list[1]! >>> 0);
  const { lo, hi } = base!.type === Num.I64 ? pair(e, base!) : { lo: value(e, base!), hi: "0" };
  const low = writer.keep(lo);
  const high = hi === "0" ? "" : `(${hi}>>>0)*4294967296+`;
  const address = writer.keep(`${high}(${low}>>>0)+${offset}`, Num.F64);
  const values = rest.flatMap((arg) => keepAll(e, arg, entries(e, arg)));
  const memory = memories.object(list[0]!);
  writer.lineAt(at, `checkAtomic(${memory},${address},${low}+${offset % 8},${size});`);
  return { memory, address, values };
}
