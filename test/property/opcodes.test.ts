// Takes every opcode of the packed code, joined and fused ones too, compares what it does in both forms of dispatch with the model.
import assert from "node:assert/strict";
import test from "node:test";
import { codeNames } from "#dist/engine/interpreter/codes.generated.js";
import { type Call, check } from "./engines.ts";
import { globalTypes, locals, statements } from "./opcode-statement.ts";
import type { Program, ProgramFunction } from "./program.ts";
import { Random } from "./random.ts";
import { edges, type NumberType, randomBits } from "./values.ts";

const SEED = 20240;
const FIRST_VECTOR = locals.indexOf("v128");
/** Written by other means: they enter, leave and choose. */
const control = new Set([
  "exit",
  "crossReturn",
  "call",
  "callImport",
  "callIndirect",
  "ret",
  "brTable",
  "rare",
  "aggregate",
  "callRef",
  "tailCall",
  "tailCallImport",
  "tailCallIndirect",
  "tailCallRef",
  "throw",
  "throwRef",
  "hot",
  "compiled",
  "hotLoop",
  "profile",
  "count",
  "countLoop",
]);
/** The model has no references: the contract of engines tests these. */
const references = /Ref$|^ref|Null$|^struct|^array/;

/** Opcodes that store a float they have just computed: were it a NaN, its bits would be anyone's. */
const storesFloat = /^f(32|64)\.(add|sub|mul|div)\..*\+f(32|64)\.store/;

/** Arguments of small addresses more often than not; floats that are finite if so wanted. */
function argument(type: NumberType, random: Random, finite: boolean): bigint {
  if ((type === "i32" || type === "i64") && !random.once(3)) return BigInt(random.below(3000));
  const bits = random.once(4) ? random.pick(edges[type]) : randomBits(type, random);
  const exponent = type === "f32" ? 0x7f800000n : type === "f64" ? 0x7ff0000000000000n : 0n;
  return finite && exponent !== 0n && (bits & exponent) === exponent ? bits ^ (exponent & -exponent) : bits;
}

/** Functions that all take and give every local, with the opcode's statements in a block that a branch can leave. */
function programOf(opcode: string, random: Random, variants: number): Program {
  const functions = Array.from({ length: variants }, (_, variant): ProgramFunction => {
    // What follows shows whether a branch was taken, and may be joined to the opcode.
    const mark = [["i32.const", 77] as const, ["local.set", locals.length] as const];
    // After a vector's, some scalar opcodes are done by another switch.
    const vector = [["local.get", FIRST_VECTOR] as const, "v128.not" as const, ["local.set", FIRST_VECTOR] as const];
    const before = variant % 2 === 0 ? [] : vector;
    const marked = [...before, ...statements(opcode, random), ...(variant % 3 === 0 ? [] : mark)];
    const gets = [...locals.keys(), locals.length].map((i) => ["local.get", i] as const);
    return {
      params: locals,
      results: [...locals, "i32"],
      locals: ["i32"],
      body: [["block"], ...marked, "end", ...gets],
    };
  });
  const bytes = Array.from({ length: 5000 }, (_, i) => (i * 167 + (i >> 8)) & 0xff);
  return {
    types: [],
    functions,
    globals: globalTypes.map((type) => ({ type, bits: randomBits(type, random) })),
    memoryPages: { min: 1, max: 1 },
    memory64: opcode.startsWith("address"),
    memory: bytes,
  };
}

test(`each opcode does what the model does (seed ${SEED})`, () => {
  const unreached: string[] = [];
  let calls = 0;
  codeNames.forEach((opcode, code) => {
    if (control.has(opcode) || references.test(opcode)) return;
    const random = new Random(SEED + code);
    const program = programOf(opcode, random, 6);
    const list: Call[] = program.functions.flatMap((f, index) =>
      Array.from(
        { length: 12 },
        (): Call => [index, f.params.map((type) => argument(type, random, storesFloat.test(opcode)))],
      ),
    );
    if (!check(program, list).has(opcode)) unreached.push(opcode);
    calls += list.length;
  });
  assert.deepEqual(unreached, [], "opcodes that nothing is lowered to");
  assert.ok(calls > 20_000);
});
