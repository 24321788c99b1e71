// Takes NaNs of every kind, moves them in every way that must keep their bits, cold and hot (specification: 4.2.1 Values).
import assert from "node:assert/strict";
import test from "node:test";
import type { Instr } from "../support/module-builder.ts";
import { instantiate, runModel, show } from "./engines.ts";
import { Machine } from "./machine.ts";
import { constant, type Program, type ProgramFunction, type Signature } from "./program.ts";
import type { Bits } from "./values.ts";

const ROUNDS = 20_000;

const nans: Readonly<Record<"f32" | "f64", readonly Bits[]>> = {
  f32: [0x7f800001n, 0xff800001n, 0x7fa00000n, 0x7fbfffffn, 0xffabcdefn, 0x7fc00000n, 0xffc00000n, 0x7fdeadben],
  f64: [0x7ff0000000000001n, 0xfff0000000000001n, 0x7ff4000000000000n, 0x7ff7ffffffffffffn, 0xfff123456789abcdn].concat(
    [0x7ff8000000000000n, 0xfff8000000000000n, 0x7ffdeadbeefcafe1n, 0x7ff0000100000000n],
  ),
};

/** Functions that take a NaN and give it back, or only its sign changed. */
function programOf(type: "f32" | "f64"): Program {
  const int = type === "f32" ? "i32" : "i64";
  const toInt = `${int}.reinterpret_${type}` as "i32.reinterpret_f32";
  const fromInt = `${type}.reinterpret_${int}` as "f32.reinterpret_i32";
  const minusOne = constant(type, type === "f32" ? 0xbf800000n : 0xbff0000000000000n);
  const x: Instr = ["local.get", 0];
  const fixed = constant(type, nans[type][4]!);
  const types: Signature[] = [
    { params: [type], results: [type] },
    { params: [type], results: [type, type] },
    { params: [type, type], results: [type, type] },
  ];
  const functions: ProgramFunction[] = [];
  const add = (...body: Instr[]): void => {
    functions.push({ params: [type], results: [type], locals: [type, type, int, "i32"], body });
  };
  const load: Instr = [`${type}.load`, 8];
  const store: Instr = [`${type}.store`, 8];
  const at = (address: number): Instr => ["i32.const", address];
  add(x);
  add(x, ["local.set", 1], ["local.get", 1], ["local.tee", 2], ["local.set", 1], ["local.get", 1]);
  add(x, fixed, ["i32.const", 1], "select");
  add(fixed, x, ["local.get", 4], "select");
  add(x, ["global.set", 0], ["global.get", 0]);
  add(x, ["call", 0]);
  add(x, at(0), ["call_indirect", 0]);
  add(["block", type], x, "end");
  add(x, ["loop", 0], "end");
  add(x, at(1), ["if", 0], "else", "drop", fixed, "end");
  add(["block", type], x, at(1), ["br_if", 0], "drop", fixed, "end");
  add(fixed, ["block", 1], x, ["br", 0], "end", ["local.set", 1], "drop", ["local.get", 1]);
  // A branch by table that moves two values down, over one that is dropped.
  add(["block", type], fixed, x, at(0), ["br_table", 0, 0], "end");
  add(fixed, ["block", 1], x, at(5), ["br_table", 0, 0], "end", ["local.set", 2], "drop", ["local.get", 2]);
  add(["block", type], fixed, fixed, x, ["local.get", 4], ["br_table", 0, 1], "end");
  for (const address of [0, 1, 3, 16]) add(at(address), x, store, at(address), load);
  add(["local.get", 4], x, store, ["local.get", 4], load);
  // By the bits of the integer of the same width.
  add(x, toInt, fromInt);
  add(x, toInt, ["local.set", 3], ["local.get", 3], fromInt);
  add(at(24), x, toInt, [`${int}.store`, 0], at(24), [`${type}.load`, 0]);
  add(at(24), x, [`${type}.store`, 0], at(24), [`${int}.load`, 0], fromInt);
  add(x, `${type}.neg`, `${type}.neg`);
  add(x, `${type}.neg`);
  add(x, `${type}.abs`);
  add(x, x, `${type}.copysign`);
  add(x, minusOne, `${type}.copysign`);
  add(fixed);
  for (const bits of nans[type]) {
    // In a loop an engine may keep the constant; two turns.
    const counted: Instr[] = [["local.get", 4], at(1), "i32.add", ["local.tee", 4], at(2), "i32.lt_u", ["br_if", 0]];
    add(["loop"], constant(type, bits), ["local.set", 1], ...counted, "end", ["local.get", 1]);
    add(["loop"], at(40), constant(type, bits), store, ...counted, "end", at(40), load);
    add(constant(type, bits), ["global.set", 0], ["global.get", 0]);
  }
  // The last one makes the engine hot: it calls all others in a loop, as often as its second parameter says.
  const calls = functions.flatMap((_, index): Instr[] => [x, ["call", index], "drop"]);
  const count: Instr[] = [["local.get", 1], at(1), "i32.sub", ["local.tee", 1], ["br_if", 0]];
  functions.push({
    params: [type, "i32"],
    results: [type],
    locals: [],
    body: [["loop"], ...calls, ...count, "end", x],
  });
  return {
    types,
    functions,
    globals: [{ type, bits: 0n }],
    memoryPages: { min: 1, max: 1 },
    table: [0],
  };
}

for (const type of ["f32", "f64"] as const) {
  test(`${type}: bits of NaNs survive moves, cold and after ${ROUNDS} rounds`, () => {
    const program = programOf(type);
    const last = program.functions.length - 1;
    const moves = program.functions.slice(0, last);
    const wanted = moves.map((_, index) => nans[type].map((nan) => show(runModel(new Machine(program), index, [nan]))));
    for (const { label, run } of instantiate(program)) {
      const compare = (when: string): void => {
        moves.forEach(({ body }, index) => {
          const got = nans[type].map((nan) => show(run(index, [nan])));
          assert.deepEqual(got, wanted[index], `${label}, ${when}: f${index} ${JSON.stringify(body.slice(0, 6))}`);
        });
      };
      compare("cold");
      run(last, [nans[type][0]!, BigInt(ROUNDS)]);
      compare("hot");
    }
  });
}
