// Takes a scalar instruction, gives a program that uses it in every way an engine may treat apart: operands, constants, conditions, loops.
import type { Instr } from "../support/module-builder.ts";
import { constant, type Program, type ProgramFunction } from "./program.ts";
import type { ScalarOp } from "./scalar-ops.ts";
import type { Bits, NumberType } from "./values.ts";

const zero = (type: NumberType): Instr => constant(type, 0n);

/** Function 0 is the plain form: all operands from parameters. */
export function numericForms(op: ScalarOp, constants: readonly (readonly Bits[])[]): Program {
  const { params, result } = op;
  const name = op.instr ?? (op.name as Instr);
  const functions: ProgramFunction[] = [];
  const add = (results: readonly NumberType[], locals: readonly NumberType[], ...body: Instr[]): void => {
    functions.push({ params, results, locals, body });
  };
  const gets = params.map((_, i): Instr => ["local.get", i]);
  const first = params.length;

  add([result], [], ...gets, name);
  add([result], [result], ...gets, name, ["local.set", first], ["local.get", first]);
  add([], [], ...gets, name, "drop");
  // Into an operand's own place, with its old value still wanted.
  params.forEach((type, i) => {
    if (type === result) add([type, result], [], ["local.get", i], ...gets, name, ["local.tee", i]);
  });
  add([result], [], ...params.map((type): Instr => ["local.get", params.indexOf(type)]), name);
  for (const chosen of [0, 1]) {
    const other = zero(result);
    add([result], [], ...gets, name, other, ["i32.const", chosen], "select");
    add([result], [], other, ...gets, name, ["i32.const", chosen], "select");
  }
  for (const bits of constants) withConstants(op, name, bits, add);
  if (result === "i32" || result === "i64") asCondition(result, [...gets, name], add);
  for (const [i, type] of params.entries()) {
    if (type !== result || params.length !== 2) continue;
    // Nested in itself, on either side and on both.
    const inner = [...gets, name];
    add([result], [], ...(i === 0 ? [...inner, gets[1]!] : [gets[0]!, ...inner]), name);
    if (i === 0 && params[1] === result) add([result], [], ...inner, gets[1]!, gets[0]!, name, name);
  }
  return { types: [], functions };
}

type Add = (results: readonly NumberType[], locals: readonly NumberType[], ...body: Instr[]) => void;

function withConstants({ params, result }: ScalarOp, name: Instr, bits: readonly Bits[], add: Add): void {
  const constants = params.map((type, i) => constant(type, bits[i]!));
  const forms: Instr[][] = [constants];
  if (params.length === 3) forms.push([["local.get", 0], constants[1]!, ["local.get", 2]]);
  if (params.length === 2) forms.push([["local.get", 0], constants[1]!], [constants[0]!, ["local.get", 1]]);
  for (const operands of forms) {
    const value = [...operands, name];
    add([result], [], ...value);
    add([], [], ...value, "drop");
    if (result === "i32") asCondition(result, value, add);
    // Three turns of a loop, outside which engines may keep constants.
    const counter = params.length;
    const turn: Instr[] = [
      ["local.get", counter],
      ["i32.const", 1],
      "i32.add",
      ["local.tee", counter],
      ["i32.const", 3],
      "i32.lt_u",
      ["br_if", 0],
    ];
    add([result], ["i32", result], ["loop"], ...value, ["local.set", counter + 1], ...turn, "end", [
      "local.get",
      counter + 1,
    ]);
  }
}

/** The value decides a branch: plain, negated, doubly negated, and a choice between values. */
function asCondition(result: NumberType, instrs: readonly Instr[], add: Add): void {
  const test: Instr[] = result === "i64" ? ["i64.eqz"] : [];
  const value = [...instrs, ...test];
  const yes: Instr = ["i32.const", 1];
  const no: Instr = ["i32.const", 2];
  for (const negations of [[], ["i32.eqz"], ["i32.eqz", "i32.eqz"]] as Instr[][]) {
    add(["i32"], [], ...value, ...negations, ["if", "i32"], yes, "else", no, "end");
    add(["i32"], [], ["block"], ...value, ...negations, ["br_if", 0], yes, "return", "end", no);
    add(["i32"], [], ["block", "i32"], no, ...value, ...negations, ["br_if", 0], "drop", yes, "end");
    add(["i32"], [], yes, no, ...value, ...negations, "select");
  }
  add(
    ["i32"],
    [],
    ["block"],
    ["block"],
    ["block"],
    ...value,
    ["br_table", 0, 1, 2],
    "end",
    yes,
    "return",
    "end",
    no,
    "return",
    "end",
    ["i32.const", 3],
  );
}
