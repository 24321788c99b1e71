// Takes a piece of a function, gives its call and what is around its statements: values go in as arguments and come out as results do (convention.ts).
import { hasSharedMemory } from "../../syntax/module.ts";
import { Num } from "../../syntax/types.ts";
import type { Variable } from "./accesses.ts";
import type { FunctionEmitter } from "./emit.ts";
import { framesHere } from "./exceptions.ts";
import type { Piece } from "./outline.ts";
import { kindOfSlot } from "./vector.ts";

/** So many exits are a chain of tests, more are a switch. */
const MAX_TESTS = 3;

/** The function that a piece of a function is. */
export function pieceName(index: number, { number }: Piece): string {
  return `p${index}_${number}`;
}

/** The names of variables, in order: an i64 has two, a vector as many as lanes. */
function namesOf(e: FunctionEmitter, variables: readonly Variable[]): string[] {
  const { writer } = e;
  return variables.flatMap(({ slot, type }) => {
    if (type === Num.V128) return writer.vector(slot, kindOfSlot(e, slot));
    // Whole values stand in `Z`, which pieces share.
    if (type === Num.I64 && writer.isWide) return [];
    const name = writer.slot(slot, type);
    return type === Num.I64 ? [name, writer.high(slot)] : [name];
  });
}

/** Each variable with its place in the arrays that results are left in. */
function places(e: FunctionEmitter, variables: readonly Variable[]): { name: string; array: string; at: number }[] {
  const taken = { RI: 0, RD: 0, RR: 0 };
  return namesOf(e, variables).map((name) => {
    const array = arrayOf(name);
    return { name, array, at: taken[array]++ };
  });
}

function arrayOf(name: string): "RI" | "RD" | "RR" {
  if (name.startsWith("r")) return "RR";
  return isFloat(name) ? "RD" : "RI";
}

function isFloat(name: string): boolean {
  return name.startsWith("f") || name.startsWith("d");
}

/** The names of what a piece is given: of a run also where it begins. */
export function parameters(e: FunctionEmitter, { ins, run }: Piece): string[] {
  const names = namesOf(e, ins);
  return run === null ? names : [`q${run.chain[0]!.label}`, ...names];
}

/** Calls a piece and goes on where it says. */
export function callPiece(e: FunctionEmitter, piece: Piece): void {
  const { writer } = e;
  const { outs, exits, falls } = piece;
  writer.forget();
  const args = [...parameters(e, piece), framesHere(e)];
  const tells = exits.length + (falls ? 1 : 0) > 1;
  const call = `${pieceName(e.index, piece)}(${args.join()});`;
  const taken = places(e, outs).map(({ name, array, at }) => `${name}=${array}[${at}];`);
  const again = piece.grows || hasSharedMemory(e.module) ? e.memories.rebind() : "";
  writer.line(`${tells ? `${writer.declare("p")}=` : ""}${call}${again}${taken.join("")}`);
  const tested = falls ? exits : exits.slice(0, -1);
  if (tested.length <= MAX_TESTS)
    for (const [i, label] of tested.entries()) writer.line(`if(p===${i + 1})${e.branch(label)}`);
  else writer.line(`switch(p){${tested.map((label, i) => `case ${i + 1}:${e.branch(label)}`).join("")}}`);
  if (!falls && exits.length > 0) writer.line(e.branch(exits[exits.length - 1]!));
}

/** What a piece does to leave to a label outside; undefined where that is in it. */
export function leavePiece({ exits }: Piece, label: number): string | undefined {
  const at = exits.indexOf(label);
  return at < 0 ? undefined : `{p=${at + 1};break X;}`;
}

/** What comes before the statements of a piece: its parameters are told to be what they are. */
export function beginPiece(e: FunctionEmitter, piece: Piece): string {
  const names = parameters(e, piece);
  const coerced = names.map((name) => {
    if (name.startsWith("r")) return "";
    return isFloat(name) ? `${name}=+${name};` : `${name}|=0;`;
  });
  const name = pieceName(e.index, piece);
  const whole = e.writer.isWide ? e.names.wholeTurns(name) + e.writer.wideNames() : "";
  return `function ${name}(${[...names, "n"].join()}){${whole}${coerced.join("")}`;
}

/** What comes after them. */
export function endPiece(e: FunctionEmitter, { outs }: Piece): string {
  const given = places(e, outs).map(({ name, array, at }) =>
    name.startsWith("d") ? `put(${array},${at},${name});` : `${array}[${at}]=${name};`,
  );
  return `${e.writer.isWide ? "break" : ""}}${given.join("")}return p;`;
}
