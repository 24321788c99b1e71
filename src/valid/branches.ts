// Checks br_table (specification: 3.4.11). Its time is linear in the body even where thousands of labels take a thousand operands each.
import { failLeb } from "../binary/reader.ts";
import { Num } from "../syntax/types.ts";
import { lebEnd, readU32 } from "../util/leb128.ts";
import { ctx } from "./context.ts";
import { checkLabel, labelCount, labelStart } from "./control.ts";
import { fail, failType } from "./fail.ts";
import { checkMany, pop, setDead } from "./operands.ts";

// The pool positions of the types checked for this table, once each.
const checked = new Set<number>();

/** Checks a branch by a table of labels; their number is read. */
export function checkBranchTable(count: number): void {
  pop(Num.I32);
  const { bytes, end } = ctx;
  if (count > end - ctx.pos) fail("length out of bounds");
  let arity = -1;
  let last = -1;
  let pos = ctx.pos;
  checked.clear();
  for (let i = 0; i <= count; i++) {
    let label = bytes[pos++];
    if (!(label < 0x80)) {
      label = readU32(bytes, pos - 1, end);
      if (lebEnd < 0) failLeb(lebEnd, pos - 1);
      pos = lebEnd;
    }
    if (label === last) continue;
    last = label;
    ctx.pos = pos;
    arity = checkTarget(label, arity);
  }
  ctx.pos = pos;
  setDead();
}

function checkTarget(label: number, arity: number): number {
  checkLabel(label);
  const count = labelCount(label);
  if (arity >= 0 && count !== arity) failType(`has labels of ${arity} and of ${count} operands`);
  const start = labelStart(label);
  if (count !== 0 && !checked.has(start)) {
    checked.add(start);
    checkMany(start, count);
  }
  return count;
}
