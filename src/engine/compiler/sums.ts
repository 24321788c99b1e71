// Takes an instruction with two i64 results, gives source for it (wide arithmetic proposal).
import type { Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { entries, keepAll } from "./words.ts";

/** Writes an instruction of wide arithmetic; gives whether it is one. */
export function wideInstruction(e: FunctionEmitter, { op, args, m }: Stmt): boolean {
  if (op < Op["i64.add128"] || op > Op["i64.mul_wide_u"]) return false;
  const { writer } = e;
  const words = args.flatMap((arg) => keepAll(e, arg, entries(e, arg)));
  const sources = op <= Op["i64.sub128"] ? sum(e, op, words) : product(e, op, words);
  const places = [m, m + 1].flatMap((slot) => [writer.slot(slot, Num.I64), writer.high(slot)]);
  writer.line(places.map((place, i) => `${place}=${sources[i]};`).join(""));
  return true;
}

/** Word by word, each with what the one below carries or borrows. */
function sum(e: FunctionEmitter, op: number, words: readonly string[]): string[] {
  const isSum = op === Op["i64.add128"];
  const sign = isSum ? "+" : "-";
  const sources: string[] = [];
  let carry = "";
  for (let i = 0; i < 3; i++) {
    const name = e.writer.keep(`(${words[i]}>>>0)${sign}(${words[i + 4]}>>>0)${carry}`, Num.F64);
    sources.push(`${name}|0`);
    carry = `${sign}(${name}${isSum ? ">4294967295" : "<0"}|0)`;
  }
  return [...sources, `${words[3]}${sign}${words[7]}${carry}|0`];
}

function product({ writer }: FunctionEmitter, op: number, words: readonly string[]): string[] {
  writer.line(`${op === Op["i64.mul_wide_s"] ? "i64MulWideS" : "i64MulWideU"}(${words.join()});`);
  return [0, 1, 2, 3].map((i) => `WIDE[${i}]`);
}
