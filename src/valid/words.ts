// Takes the opcode table, gives one packed word per opcode: all that the validator's loop needs to know of a simple instruction.
import type { Feature, Features } from "../syntax/features.ts";
import { instructions } from "../syntax/instructions.ts";
import { Fact } from "../syntax/module.ts";
import { Imm, Op, type Signature } from "../syntax/opcodes.ts";
import { Num } from "../syntax/types.ts";

/**
 * The fields of a word. Bits 0–3: result; 4–15: up to three operands, the top first; 16–19: `Shape`; 20–22: greatest alignment;
 * 23–31: what follows. Types are those of `Num`, 0 stands for none.
 */
export const enum Word {
  Result = 0xf,
  OperandShift = 4,
  Operands = 0xfff,
  ShapeShift = 16,
  Shape = 0xf,
  AlignShift = 20,
  Align = 7,
  /** Outlined into `checkControl`, not `checkRare`. */
  Control = 0x80_0000,
  /** Bits 24–28 are those of `Fact`. */
  FactShift = 24,
  Facts = 31,
  /** The feature that the instruction came with is off. */
  Disabled = 0x2000_0000,
  /** The first immediate is a u32. */
  HasIndex = 0x4000_0000,
  /** In the words of prefixed instructions: there is one of this code. */
  Known = 0x4000_0000,
  /** The sign: checked by a function of its own. */
  Outlined = -0x8000_0000,
}

/** How the loop treats an instruction's immediate beyond the u32. */
export const enum Shape {
  Plain,
  Memory,
  LocalGet = 4,
  LocalSet = 2,
  LocalTee = 3,
  Int = 5,
  Bytes4,
  Bytes8,
}

/** Stands in a word for the index type of the instruction's memory. */
export const Addr = 6;

/** The words of the instructions without a prefix by opcode, those with one by `prefixIndex`, and the latter's immediates. */
export interface Words {
  readonly plain: Int32Array;
  readonly prefixed: Int32Array;
  readonly immediates: Uint8Array;
}

/** The place of an instruction with prefix 0xfb to 0xfe in a table; the code is below 0x200. */
export function prefixIndex(prefix: number, code: number): number {
  return ((prefix - 0xfb) << 9) | code;
}

const wordsOf = new WeakMap<Features, Words>();

/** The words of a set of features. */
export function wordsFor(features: Features): Words {
  let words = wordsOf.get(features);
  if (words === undefined) wordsOf.set(features, (words = build(features)));
  return words;
}

function build(features: Features): Words {
  // A byte that is no opcode is outlined, and refused there.
  const words = {
    plain: new Int32Array(256).fill(Word.Outlined),
    prefixed: new Int32Array(4 << 9),
    immediates: new Uint8Array(4 << 9),
  };
  for (const name in instructions) {
    const [code, immediates, signature, since] = instructions[name]!;
    const off = since !== undefined && !features.has(since);
    const shared = (off ? Word.Disabled | Word.Outlined : 0) | factsOf(since);
    if (code < 0x100) {
      words.plain[code] = shared | plainWord(code, immediates, signature);
    } else {
      const index = code < 0xfd100 ? prefixIndex(code >> 8, code & 0xff) : prefixIndex(0xfd, code & 0xfff);
      words.prefixed[index] = shared | packSignature(signature) | Word.Known;
      words.immediates[index] = immediates;
    }
  }
  return words;
}

const packed = new Map<Signature, number>([[null, Word.Outlined]]);

function packSignature(signature: Signature): number {
  let word = packed.get(signature);
  if (word === undefined) packed.set(signature, (word = pack(signature!)));
  return word;
}

// More than three operands, more than one result, or a reference: outlined.
function pack(signature: string): number {
  const arrow = signature.indexOf("->");
  const operands = signature.slice(0, arrow).match(/\w+/g) ?? [];
  const results = signature.slice(arrow).match(/\w+/g) ?? [];
  const types = [...results, ...operands].map(typeCode);
  if (operands.length > 3 || results.length > 1 || types.includes(0)) return Word.Outlined;
  let word = results.length === 1 ? types[0] : 0;
  operands.reverse().forEach((name, i) => {
    word |= typeCode(name) << (Word.OperandShift + 4 * i);
  });
  return word;
}

function typeCode(name: string): number {
  switch (name) {
    case "i32":
      return Num.I32;
    case "i64":
      return Num.I64;
    case "f32":
      return Num.F32;
    case "f64":
      return Num.F64;
    case "v128":
      return Num.V128;
    case "addr":
      return Addr;
    default:
      return 0;
  }
}

function factsOf(since: Feature | undefined): number {
  switch (since) {
    case "simd":
    case "relaxed-simd":
      return Fact.Vector << Word.FactShift;
    case "reference-types":
    case "function-references":
    case "gc":
    case "exceptions":
      return Fact.References << Word.FactShift;
    default:
      return 0;
  }
}

function plainWord(code: Op, immediates: Imm, signature: Signature): number {
  if (immediates >= Imm.Mem1) {
    const shape = (Shape.Memory << Word.ShapeShift) | ((immediates - Imm.Mem1) << Word.AlignShift);
    return packSignature(signature) | shape | Word.HasIndex;
  }
  const shape = shapeOf(code);
  if (shape !== Shape.Plain) {
    return immediates === Imm.Local
      ? (shape << Word.ShapeShift) | Word.HasIndex
      : (shape << Word.ShapeShift) | packSignature(signature);
  }
  const outlined = immediates === Imm.None ? packSignature(signature) : Word.Outlined;
  return outlined | (hasIndex(immediates) ? Word.HasIndex : 0) | controlBits(code);
}

function shapeOf(code: Op): Shape {
  switch (code) {
    case Op["local.get"]:
      return Shape.LocalGet;
    case Op["local.set"]:
      return Shape.LocalSet;
    case Op["local.tee"]:
      return Shape.LocalTee;
    case Op["i32.const"]:
    case Op["i64.const"]:
      return Shape.Int;
    case Op["f32.const"]:
      return Shape.Bytes4;
    case Op["f64.const"]:
      return Shape.Bytes8;
    default:
      return Shape.Plain;
  }
}

function hasIndex(immediates: Imm): boolean {
  switch (immediates) {
    case Imm.Label:
    case Imm.Labels:
    case Imm.Func:
    case Imm.Type:
    case Imm.TypeTable:
    case Imm.ValTypes:
    case Imm.Tag:
    case Imm.Global:
    case Imm.Table:
    case Imm.Memory:
      return true;
    default:
      return false;
  }
}

function controlBits(code: Op): number {
  switch (code) {
    case Op.loop:
      return Word.Control | (Fact.Loop << Word.FactShift);
    case Op.block:
    case Op.if:
    case Op.else:
    case Op.end:
    case Op.br:
    case Op.br_if:
      return Word.Control;
    case Op.call:
    case Op.call_indirect:
    case Op.call_ref:
    case Op.return_call:
    case Op.return_call_indirect:
    case Op.return_call_ref:
      return Fact.Call << Word.FactShift;
    default:
      return 0;
  }
}
