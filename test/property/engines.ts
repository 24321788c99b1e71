// Takes a program and arguments, runs it in both forms of dispatch, in the compiler and in the model, and compares all that can be seen.
import assert from "node:assert/strict";
import { type Global, type Module, Runtime, Trap } from "zerowasm";
import { decode } from "#dist/binary/decode.js";
import { closures } from "#dist/engine/interpreter/blocks.js";
import { codeNames, lengths } from "#dist/engine/interpreter/codes.generated.js";
import { switchForm } from "#dist/engine/interpreter/dispatch.js";
import { lower } from "#dist/engine/interpreter/lower.js";
import type { GlobalInstance } from "#dist/instance/global.js";
import { build } from "#dist/ir/build.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { Machine } from "./machine.ts";
import { encode, type Program, type Signature } from "./program.ts";
import { ModelTrap } from "./scalar-ops.ts";
import { type Bits, type NumberType, widthOf } from "./values.ts";
import { lanesOf } from "./vector-ops.ts";

export const dispatches = ["switch", "closures"] as const;

const runtimes = [
  ...dispatches.map((dispatch) => ({ label: dispatch, runtime: new Runtime({ engine: "interpreter", dispatch }) })),
  { label: "compiler", runtime: new Runtime({ engine: "compiler", eager: true }) },
];

/** What a call ended with: its results or the trap's message. */
export type Outcome = readonly Bits[] | string;

export interface Instance {
  readonly label: string;
  readonly module: Module;
  run(index: number, args: readonly Bits[]): Outcome;
}

/** Values as a raw call takes them: a vector in two slots, the low half first. */
function slots(types: readonly NumberType[], bits: readonly Bits[]): Bits[] {
  return types.flatMap((type, i) => (type === "v128" ? [BigInt.asUintN(64, bits[i]!), bits[i]! >> 64n] : [bits[i]!]));
}

function values(types: readonly NumberType[], stack: BigUint64Array): Bits[] {
  let at = 0;
  return types.map((type) => {
    const low = stack[at++]!;
    return type === "v128" ? low | (stack[at++]! << 64n) : low;
  });
}

/** An instance of a program for each form of dispatch, and for the compiler. */
export function instantiate(program: Program, binary: Uint8Array<ArrayBuffer> = encode(program)): Instance[] {
  return runtimes.map(({ label, runtime }) => {
    const module = runtime.instantiate(binary);
    const functions = program.functions.map((_, index) => module.exportedFunction(`f${index}`)!);
    const run = (index: number, args: readonly Bits[]): Outcome => {
      const { params, results } = program.functions[index]!;
      const stack = new BigUint64Array(2 * Math.max(params.length, results.length));
      stack.set(slots(params, args));
      try {
        functions[index]!.callRaw(stack);
      } catch (error) {
        if (error instanceof Trap) return error.code;
        throw error;
      }
      return values(results, stack);
    };
    return { label, module, run };
  });
}

/** The same from the model. */
export function runModel(machine: Machine, index: number, args: readonly Bits[]): Outcome {
  try {
    return machine.call(index, args);
  } catch (error) {
    if (error instanceof ModelTrap) return error.message;
    throw error;
  }
}

const quiet: Readonly<Record<string, Bits>> = { f32: 0x7fc00000n, f64: 0x7ff8000000000000n };

/** Whether bits are right where the model says `wanted`: its canonical NaN stands for every quiet one. */
export function isRight(type: NumberType, wanted: Bits, got: Bits): boolean {
  if (wanted === got) return true;
  if (type === "v128") {
    const alike = (lane: "f32" | "f64", width: 32 | 64): boolean => {
      const lanes = lanesOf(got, width);
      return lanesOf(wanted, width).every((x, i) => isRight(lane, x, lanes[i]!));
    };
    return alike("f32", 32) || alike("f64", 64);
  }
  const nan = quiet[type];
  return nan !== undefined && (wanted & nan) === nan && isCanonical(type, wanted) && (got & nan) === nan;
}

function isCanonical(type: NumberType, bits: Bits): boolean {
  return (bits & (type === "f32" ? 0x7fffffffn : 0x7fffffffffffffffn)) === quiet[type];
}

/** Whether outcomes agree, given what the function's results are. */
export function agrees({ results }: Signature, wanted: Outcome, got: Outcome): boolean {
  if (typeof wanted === "string" || typeof got === "string") return wanted === got;
  return results.every((type, i) => isRight(type, wanted[i]!, got[i]!));
}

export function show(outcome: Outcome): string {
  return typeof outcome === "string" ? `trap: ${outcome}` : outcome.map((bits) => `0x${bits.toString(16)}`).join(" ");
}

/** The opcodes of packed code that a module's functions are lowered to for either form. */
function opcodesOf(binary: Uint8Array<ArrayBuffer>): Set<string> {
  const module = validate(decode(binary), allFeatures);
  const names = new Set<string>();
  for (let index = 0; index < module.functions.length; index++) {
    for (const { pairs } of [switchForm, closures]) {
      const { words } = lower(build(module, index), module, { pairs, positions: false, counted: null });
      for (let at = 0; at < words.length; ) {
        const name = codeNames[words[at]!]!;
        names.add(name);
        at += name === "brTable" ? words[at + 1]! + 4 : name === "rare" ? words[at + 1]! : lengths[words[at]!]!;
      }
    }
  }
  return names;
}

/** Calls of one program: function index and arguments. */
export type Call = readonly [index: number, args: readonly Bits[]];

/** Fails where an engine's outcome, memory or global is not the model's. Gives the opcodes the program is lowered to. */
export function check(program: Program, calls: readonly Call[]): ReadonlySet<string> {
  const binary = encode(program);
  const machine = new Machine(program);
  const instances = instantiate(program, binary);
  for (const [index, args] of calls) {
    const wanted = runModel(machine, index, args);
    for (const { label, module, run } of instances) {
      const got = run(index, args);
      if (!agrees(program.functions[index]!, wanted, got)) {
        const body = JSON.stringify(program.functions[index]!.body, (_, v) => (typeof v === "bigint" ? `${v}` : v));
        assert.fail(`${label}: f${index}(${show(args)}) gives ${show(got)}, not ${show(wanted)}\n${body}`);
      }
      compareState(`${label}, after f${index}(${show(args)})`, program, machine, module);
    }
  }
  return opcodesOf(binary);
}

/** The bits of a global: its value as a number could have lost those of a NaN. */
function globalBits(global: Global, type: NumberType): Bits {
  const { words, at } = global as GlobalInstance;
  const count = widthOf(type) / 32;
  return Array.from(words.subarray(at, at + count), (word) => BigInt(word >>> 0)).reduceRight(
    (bits, word) => (bits << 32n) | word,
    0n,
  );
}

/** Fails where memory or globals differ. */
export function compareState(label: string, program: Program, machine: Machine, module: Module): void {
  if (program.memoryPages !== undefined) {
    const memory = module.memory!;
    const bytes = memory.subarray(0, memory.byteLength)!;
    if (Buffer.compare(bytes, machine.memory) !== 0) {
      const at = machine.memory.findIndex((byte, i) => byte !== bytes[i]);
      assert.fail(`${label}: memory differs at ${at} of ${machine.memory.length} and ${bytes.length}`);
    }
  }
  program.globals?.forEach(({ type }, i) => {
    const wanted = machine.globals[i]!;
    const got = globalBits(module.exportedGlobal(`g${i}`)!, type);
    assert.ok(
      isRight(type, wanted, got),
      `${label}: global ${i} is 0x${got.toString(16)}, not 0x${wanted.toString(16)}`,
    );
  });
}
