// Takes calls and returns, gives them in the convention of compiled code (convention.ts says it; specification: 4.6.5 Function calls).

import { TrapCode } from "../../instance/trap.ts";
import { slotExpr } from "../../ir/operands.ts";
import { Effect, type Expr, type Stmt, StmtKind } from "../../ir/tree.ts";
import { defType, isRef, Num, slotsOf, type ValType } from "../../syntax/types.ts";
import { prefersElements } from "./elements.ts";
import type { FunctionEmitter } from "./emit.ts";
import { Level } from "./level.ts";
import { release } from "./magnitude.ts";
import { pair } from "./pair.ts";
import { otherTwin } from "./twin.ts";
import { hasGuard, kept, value } from "./value.ts";
import { resultWords, setWords, vectorResult, words } from "./vector.ts";

/**
 * A call of a function of the module's index space; `args` set arguments that are not in their slots yet, in order, and `to` is the slot that the result
 * goes to.
 */
export function call(e: FunctionEmitter, stmt: Stmt, args: readonly Stmt[] = [], to: number = stmt.m): void {
  const callee = stmt.n === e.index && e.twin !== undefined ? otherTwin(e.twin, e.index) : e.names.functionName(stmt.n);
  const type = e.names.typeOf(stmt.n);
  const source = `${callee}(${list(e, type.params, stmt.m, args)})`;
  e.site(stmt);
  invoke(e, source, type.results, to);
}

/** A call through a table, or of what a reference refers to. */
export function callDynamic(e: FunctionEmitter, stmt: Stmt, args: readonly Stmt[] = [], to: number = stmt.m): void {
  const type = defType(stmt.n);
  const operand = kept(e, stmt.a!);
  const source = list(e, type.params, stmt.m, args, args.length);
  const f = stmt.kind === StmtKind.CallRef ? calledReference(e, operand) : calledElement(e, stmt, operand);
  e.site(stmt);
  invoke(e, `${f}(${source})`, type.results, to);
}

/** The variable that gets the code of a table's element, which has to be of a call's type. */
export function calledElement(e: FunctionEmitter, { n, list: [table] }: Stmt, index: string): string {
  const elements = e.names.table(table!);
  const expected = e.names.typeName(n);
  const f = e.writer.declare("C", "null");
  const codes = e.names.codes(table!, n);
  if (codes !== null) {
    e.writer.line(`${f}=${codes}[${index}]??called(${codes},${index},${expected},${elements});`);
    return f;
  }
  // V8 is quicker with an index that is not negative, JavaScriptCore without making it so.
  const unsigned = prefersElements() ? "" : ">>>0";
  e.writer.line(
    `${f}=${elements}[${index}${unsigned}];` +
      `if(${f}==null||${f}.type!==${expected})checkCall(${f},${index},${expected},${elements});` +
      linked(e, f),
  );
  return f;
}

/** Sets a variable to the code of the function in it. What is not the instance's is asked for: it may be closed, or close the caller. */
function linked({ names }: FunctionEmitter, f: string): string {
  return `${f}=${f}.instance===M&&${f}.${names.code}!==null?${f}.${names.code}:link(${f});`;
}

/** The variable that gets the code of the function that a reference is. */
export function calledReference(e: FunctionEmitter, callee: string): string {
  const f = e.writer.declare("C", "null");
  e.writer.line(`${f}=${callee};if(${f}===null)return trap(${TrapCode.NullFunction});${linked(e, f)}`);
  return f;
}

/** How many arguments come before one that may trap, as their own traps have to. */
function beforeLastGuard(args: readonly Stmt[]): number {
  let count = args.length - 1;
  while (count > 0 && !hasGuard(args[count]!.a)) count--;
  return count;
}

/** The arguments of a call, in order: an i64 is two. Where what comes next may trap, the `early` first of `args` trap before it. */
export function list(
  e: FunctionEmitter,
  params: readonly ValType[],
  first: number,
  args: readonly Stmt[] = [],
  early: number = beforeLastGuard(args),
): string {
  let source = "";
  let slot = first;
  let place = 0;
  for (const type of params) {
    const arg = args[place]?.n === slot ? args[place]!.a! : null;
    const isEarly = arg !== null && place < early && (arg.effects & Effect.Memory) !== 0;
    source += `${argument(e, arg ?? slotExpr(slot, type), isEarly)},`;
    if (arg !== null) place++;
    slot += slotsOf(type);
  }
  return source + e.framesOfCallee();
}

/** A value as an argument: an i64 is two, a vector several. Where it is early it is computed now. */
export function argument(e: FunctionEmitter, expr: Expr, isEarly = false): string {
  const { writer } = e;
  const { type } = expr;
  if (type === Num.V128) {
    const lanes = words(e, expr);
    return (isEarly ? lanes.map((lane) => writer.keep(lane)) : lanes).join();
  }
  if (type === Num.I64) {
    const { lo, hi } = isEarly ? writer.keepPair(pair(e, expr)) : pair(e, expr);
    return `${lo},${hi}`;
  }
  return isEarly ? kept(e, expr) : value(e, expr, Level.Whole);
}

/** Puts the results of a call into their slots; views of memories are taken again where it may have made one grow. */
function invoke(e: FunctionEmitter, source: string, results: readonly ValType[], first: number): void {
  const { writer } = e;
  release();
  const rebind = e.memories.rebindLater();
  const type = results[0];
  if (results.length !== 1 || type === undefined || type === Num.V128) {
    writer.line(`${source};${rebind}`);
    return takeResults(e, results, first);
  }
  const high = type === Num.I64 ? `${writer.high(first)}=${e.names.arrays.high()};` : "";
  writer.line(`${writer.slot(first, type)}=${source};${high}${rebind}`);
}

/** Vectors and several results come through arrays that all compiled code shares. */
function takeResults(e: FunctionEmitter, results: readonly ValType[], first: number): void {
  const { writer } = e;
  let slot = first;
  for (const [i, type] of results.entries()) {
    const at = slot;
    slot += slotsOf(type);
    if (type === Num.V128) setWords(e, at, resultWords(i));
    else {
      const high = type === Num.I64 ? `${writer.high(at)}=RI[${2 * i + 1}];` : "";
      writer.line(`${writer.slot(at, type)}=${resultPlace(type, i)};${high}`);
    }
  }
}

/** Where result `index` of a call is, if it is no vector; of an i64 the low half. */
export function resultPlace(type: ValType, index: number): string {
  if (isRef(type)) return `RR[${index}]`;
  return type === Num.F32 || type === Num.F64 ? `RD[${index}]` : `RI[${2 * index}]`;
}

/** Statements that leave what a slot holds as result `index`. */
export function leaveResult(e: FunctionEmitter, slot: number, type: ValType, index: number): string {
  if (type === Num.V128) return vectorResult(e, slot, index);
  const { writer } = e;
  const name = writer.slot(slot, type);
  if (type === Num.F64) return `put(RD,${index},${name});`;
  const high = type === Num.I64 ? `RI[${2 * index + 1}]=${writer.high(slot)};` : "";
  return `${resultPlace(type, index)}=${name};${high}`;
}

/** Returns the one value `expr`, or what stands in the slots from 0. */
export function returnResults(e: FunctionEmitter, expr: Expr | null): void {
  const { writer } = e;
  if (expr === null) return writer.line(returnStatement(e));
  if (expr.type === Num.I64) {
    const halves = pair(e, expr);
    const lo = writer.keep(halves.lo);
    writer.line(`${e.names.arrays.high()}=${halves.hi};return ${lo};`);
  } else if (expr.type === Num.V128) {
    const lanes = words(e, expr);
    writer.line(`${lanes.map((lane, i) => `RV[${i}]=${lane};`).join("")}return;`);
  } else writer.line(`return(${value(e, expr, Level.Whole)});`); // a value may begin on a new line
}

/** Returns what stands in the slots from 0, as one statement. */
export function returnStatement(e: FunctionEmitter): string {
  const { writer } = e;
  const results = e.names.resultsOf(e.index);
  const type = results[0];
  if (type === undefined) return "return;";
  if (results.length === 1) {
    if (type === Num.V128) return `{${vectorResult(e, 0, 0)}return;}`;
    const name = writer.slot(0, type);
    return type === Num.I64 ? `{${e.names.arrays.high()}=${writer.high(0)};return ${name};}` : `return ${name};`;
  }
  let slot = 0;
  let source = "";
  results.forEach((result, i) => {
    source += leaveResult(e, slot, result, i);
    slot += slotsOf(result);
  });
  return `{${source}return;}`;
}
