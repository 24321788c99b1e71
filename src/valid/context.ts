// What the functions of the validator share: the module being validated, and the body being read (specification: 3.1.6 Contexts, A.5.1 Data structures).
// One object for the process: validation never calls out, so no second one can start before the first ends; `enterModule` and `enterBody` set
// every field that a thrown error may have left behind.
import { decode } from "../binary/decode.ts";
import { Reader } from "../binary/reader.ts";
import type { TypeSpace } from "../binary/value-types.ts";
import type { Features } from "../syntax/features.ts";
import { allFeatures } from "../syntax/features.ts";
import { Fact, type Module } from "../syntax/module.ts";
import { CompositeKind, type DefType, isRef, Num, type ValType } from "../syntax/types.ts";
import { Packed, packTypes } from "./packed.ts";
import { stepOf } from "./steps.ts";
import { Addr, Shape, Word, type Words, wordsFor } from "./words.ts";

/** Block types are indices into the signatures of the context: 0 is empty, 1–5 one result of that `Num`, 8 + i the module's type i. */
export const FIRST_TYPE = 8;

/** Locals with an index of one byte. */
export const SHORT_LOCALS = 128;

export interface Context {
  // The module
  module: Module;
  features: Features;
  bytes: Uint8Array;
  /** For immediates that are rare: its position is set before each use. */
  reader: Reader;
  space: TypeSpace;
  /** The words of the instructions for this module, and those of the features. */
  words: Int32Array;
  prefixed: Words;
  /** The steps of the instructions for this module. */
  readonly steps: Int32Array;
  /** The signatures: where the parameters and the results begin in `pool`, and how many they are; -1 where the type is no function's. */
  pool: Int32Array;
  poolLength: number;
  paramStart: Int32Array;
  paramCount: Int32Array;
  resultStart: Int32Array;
  resultCount: Int32Array;
  /** The same packed, -1 where they cannot be. */
  paramOps: Int32Array;
  resultOps: Int32Array;
  typeFacts: Uint8Array;
  /** Number of signatures, without and with those made for block types of one reference. */
  typeCount: number;
  signatureCount: number;
  refBlocks: Map<ValType, number>;
  functions: Uint32Array;
  globalTypes: Int32Array;
  globalMutable: Uint8Array;
  tableTypes: Int32Array;
  /** The index type of each table and memory: `Num.I32` or `Num.I64`. */
  tableIndex: Uint8Array;
  memoryIndex: Uint8Array;
  // The body
  functionIndex: number;
  end: number;
  locals: Int32Array;
  localCount: number;
  /** The types of locals in packed form, by an index of one byte; `Packed.Other` for one that is longer or unknown. */
  readonly shortLocals: Uint8Array;
  /** Locals set although they have no default value, in order; they are unset again at the end of the block. */
  setLocals: number[];
  /** Offset of the instruction being checked. */
  at: number;
  /** Offset of what follows the immediates that were read so far. */
  pos: number;
  /** Height of the operand stack, without the operands that the loop holds packed. */
  sp: number;
  /** Height at which the operands of the innermost frame begin. */
  base: number;
  /** Operands that runs of types have given in this function. */
  given: number;
  /** The types of the operands, from 0 to `sp`. */
  stack: Int32Array;
  /** What was learned of the body so far: bits of `Fact`. */
  facts: number;
  /** The innermost frame; -1 after the body's end. */
  depth: number;
  /** Of each frame by its depth: the opcode that opened it, or its part (`else`, `catch`), and its block type. */
  frameOp: Uint8Array;
  frameType: Int32Array;
  /** What a branch to the frame's label takes, packed; -1 where it cannot be. */
  frameLabel: Int32Array;
  /** The height at which the frame's operands begin. */
  frameBase: Int32Array;
  /** 1 after an instruction that does not go on. */
  frameDead: Uint8Array;
  /** How many of `setLocals` were set before the frame. */
  frameSet: Int32Array;
}

const noModule = decode(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));

const noInts = new Int32Array(0);
const initialFrames = 1024;

export const ctx: Context = {
  module: noModule,
  features: allFeatures,
  bytes: noModule.bytes,
  reader: new Reader(noModule.bytes, 0, 0),
  space: { types: [], groupSize: 0 },
  words: noInts,
  prefixed: { plain: noInts, prefixed: noInts, immediates: noModule.bytes },
  steps: new Int32Array(256),
  pool: noInts,
  poolLength: 0,
  paramStart: noInts,
  paramCount: noInts,
  resultStart: noInts,
  resultCount: noInts,
  paramOps: noInts,
  resultOps: noInts,
  typeFacts: noModule.bytes,
  typeCount: 0,
  signatureCount: 0,
  refBlocks: new Map(),
  functions: noModule.functions,
  globalTypes: noInts,
  globalMutable: noModule.bytes,
  tableTypes: noInts,
  tableIndex: noModule.bytes,
  memoryIndex: noModule.bytes,
  functionIndex: -1,
  end: 0,
  locals: noInts,
  localCount: 0,
  shortLocals: new Uint8Array(256).fill(Packed.Other),
  setLocals: [],
  at: 0,
  pos: 0,
  sp: 0,
  base: 0,
  given: 0,
  stack: noInts,
  facts: 0,
  depth: -1,
  frameOp: noModule.bytes,
  frameType: noInts,
  frameLabel: noInts,
  frameBase: noInts,
  frameDead: noModule.bytes,
  frameSet: noInts,
};

// Assigned here and not above: a field that has been assigned once is no constant to V8's compiler, which would throw code away when it changes.
ctx.locals = new Int32Array(1024);
ctx.stack = new Int32Array(4096);
resizeFrames(initialFrames);

/** Makes the context that of a module. */
export function enterModule(module: Module, features: Features): void {
  ctx.module = module;
  ctx.features = features;
  ctx.bytes = module.bytes;
  ctx.reader = new Reader(module.bytes, 0, module.bytes.length);
  ctx.space = { types: module.types, groupSize: 0 };
  ctx.functions = module.functions;
  ctx.globalTypes = Int32Array.from(module.globals, ({ type }) => type.type);
  ctx.globalMutable = Uint8Array.from(module.globals, ({ type }) => (type.mutable ? 1 : 0));
  ctx.tableTypes = Int32Array.from(module.tables, ({ type }) => type.element);
  ctx.tableIndex = Uint8Array.from(module.tables, ({ type }) => (type.index64 ? Num.I64 : Num.I32));
  ctx.memoryIndex = Uint8Array.from(module.memories, ({ index64 }) => (index64 ? Num.I64 : Num.I32));
  ctx.functionIndex = -1;
  ctx.end = module.bytes.length;
  ctx.prefixed = wordsFor(features);
  ctx.words = moduleWords(ctx.prefixed.plain, ctx.memoryIndex);
  ctx.words.forEach((word, op) => {
    ctx.steps[op] = stepOf(word);
  });
  enterTypes(module.types);
}

/** Forgets the module, and the space that only an unusual one needs. */
export function leaveModule(): void {
  ctx.module = noModule;
  ctx.bytes = noModule.bytes;
  ctx.reader = new Reader(noModule.bytes, 0, 0);
  ctx.space = { types: [], groupSize: 0 };
  ctx.functions = noModule.functions;
  ctx.pool = noInts;
  if (ctx.stack.length > 1 << 18) ctx.stack = new Int32Array(4096);
  if (ctx.frameOp.length > 1 << 16) resizeFrames(initialFrames);
}

// Memory instructions get the index type of memory 0, or are outlined where there is none.
function moduleWords(plain: Int32Array, memoryIndex: Uint8Array): Int32Array {
  const words = plain.slice();
  for (let op = 0; op < words.length; op++) {
    const word = words[op];
    if (((word >> Word.ShapeShift) & Word.Shape) !== Shape.Memory) continue;
    words[op] = memoryIndex.length === 0 ? word | Word.Outlined : withAddr(word, memoryIndex[0]);
  }
  return words;
}

/** A word, or its operands, with `Addr` replaced by an index type. */
export function withAddr(word: number, index: number): number {
  for (let shift = 0; shift <= Word.OperandShift + 8; shift += 4) {
    if (((word >> shift) & 15) === Addr) word ^= (Addr ^ index) << shift;
  }
  return word;
}

function enterTypes(types: readonly DefType[]): void {
  let values = FIRST_TYPE;
  for (const { params, results } of types) values += params.length + results.length;
  const count = FIRST_TYPE + types.length;
  ctx.typeCount = ctx.signatureCount = count;
  ctx.refBlocks = new Map();
  ctx.pool = new Int32Array(values + 64);
  ctx.poolLength = 0;
  ctx.paramStart = new Int32Array(count + 16);
  ctx.paramCount = new Int32Array(count + 16);
  ctx.resultStart = new Int32Array(count + 16);
  ctx.resultCount = new Int32Array(count + 16);
  ctx.paramOps = new Int32Array(count + 16);
  ctx.resultOps = new Int32Array(count + 16);
  ctx.typeFacts = new Uint8Array(count + 16);
  for (let i = 0; i < FIRST_TYPE; i++) setSignature(i, [], i === 0 ? [] : [i]);
  for (let i = 0; i < types.length; i++) {
    const { kind, params, results } = types[i];
    setSignature(FIRST_TYPE + i, params, results);
    if (kind !== CompositeKind.Func) ctx.paramCount[FIRST_TYPE + i] = -1;
  }
}

function setSignature(index: number, params: readonly ValType[], results: readonly ValType[]): void {
  const { pool } = ctx;
  let { poolLength } = ctx;
  let facts = 0;
  ctx.paramStart[index] = poolLength;
  ctx.paramCount[index] = params.length;
  for (const type of params) facts |= factsOfType((pool[poolLength++] = type));
  ctx.resultStart[index] = poolLength;
  ctx.resultCount[index] = results.length;
  ctx.paramOps[index] = packTypes(params);
  ctx.resultOps[index] = packTypes(results);
  for (const type of results) facts |= factsOfType((pool[poolLength++] = type));
  ctx.typeFacts[index] = facts;
  ctx.poolLength = poolLength;
}

/** What a value of a type means for a body. */
export function factsOfType(type: ValType): number {
  return isRef(type) ? Fact.References : type === Num.V128 ? Fact.Vector : 0;
}

/** The block type of one result that is a reference. */
export function refBlock(type: ValType): number {
  let index = ctx.refBlocks.get(type);
  if (index === undefined) {
    index = ctx.signatureCount++;
    ctx.refBlocks.set(type, index);
    if (index >= ctx.paramStart.length || ctx.poolLength >= ctx.pool.length) growSignatures();
    setSignature(index, [], [type]);
  }
  return index;
}

function growSignatures(): void {
  ctx.pool = grown(ctx.pool, ctx.pool.length * 2);
  const count = ctx.paramStart.length * 2;
  ctx.paramStart = grown(ctx.paramStart, count);
  ctx.paramCount = grown(ctx.paramCount, count);
  ctx.resultStart = grown(ctx.resultStart, count);
  ctx.resultCount = grown(ctx.resultCount, count);
  ctx.paramOps = grown(ctx.paramOps, count);
  ctx.resultOps = grown(ctx.resultOps, count);
  ctx.typeFacts = grownBytes(ctx.typeFacts, count);
}

/** Makes room on the operand stack for a height, and for the few operands that one instruction pushes. */
export function growStack(height: number): void {
  const length = height + 16;
  if (length > ctx.stack.length) ctx.stack = grown(ctx.stack, length * 2);
}

/** Makes room for a frame. */
export function growFrames(): void {
  if (ctx.depth >= ctx.frameOp.length) resizeFrames(ctx.depth * 2);
}

function resizeFrames(count: number): void {
  ctx.frameOp = grownBytes(ctx.frameOp, count);
  ctx.frameType = grown(ctx.frameType, count);
  ctx.frameLabel = grown(ctx.frameLabel, count);
  ctx.frameBase = grown(ctx.frameBase, count);
  ctx.frameDead = grownBytes(ctx.frameDead, count);
  ctx.frameSet = grown(ctx.frameSet, count);
}

/** A longer copy. */
export function grown(array: Int32Array, length: number): Int32Array {
  const copy = new Int32Array(length);
  copy.set(array.subarray(0, length));
  return copy;
}

function grownBytes(array: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  copy.set(array.subarray(0, length));
  return copy;
}
