// Checks the instructions with a prefix: vectors, threads, bulk operations, wide arithmetic; aggregates are apart (specification: 3.4.4, 3.4.5, 3.4.10, 3.4.11).
import { MalformedError } from "../api/errors.ts";
import { failOpcode } from "../binary/reader.ts";
import { prefixedOp } from "../syntax/instructions.ts";
import { Imm, Op } from "../syntax/opcodes.ts";
import { matchesVal, Num, typeName, type ValType } from "../syntax/types.ts";
import { checkAggregate } from "./aggregates.ts";
import { ctx } from "./context.ts";
import { failDisabled, failType } from "./fail.ts";
import {
  checkData,
  checkElements,
  checkTable,
  readByte,
  readIndex,
  readLane,
  readMemArg,
  readMemory,
  readTable,
  skipBytes,
} from "./immediates.ts";
import { pop, push } from "./operands.ts";
import { Addr, prefixIndex, Word } from "./words.ts";

/** Checks an instruction after its prefix. */
export function checkPrefixed(prefix: number): void {
  const code = readIndex();
  const index = prefixIndex(prefix, code);
  const word = code < 0x200 ? ctx.prefixed.prefixed[index] : 0;
  if (word === 0) failOpcode(ctx.bytes, ctx.at);
  const op = prefixedOp(prefix, code);
  if ((word & Word.Disabled) !== 0) failDisabled(op);
  ctx.facts |= (word >> Word.FactShift) & Word.Facts;
  if (prefix === 0xfb) checkAggregate(op);
  else if (word < 0) checkBulk(op);
  else checkFixed(word, ctx.prefixed.immediates[index], prefix === 0xfe);
}

// Operands and result stand in the word.
function checkFixed(word: number, immediates: Imm, isAtomic: boolean): void {
  const addr = readImmediates(immediates, isAtomic);
  for (let operands = (word >>> Word.OperandShift) & Word.Operands; operands !== 0; operands >>>= 4) {
    const type = operands & 15;
    pop(type === Addr ? addr : type);
  }
  if ((word & Word.Result) !== 0) push(word & Word.Result);
}

// Gives the index type of the memory, if the instruction has one.
function readImmediates(immediates: Imm, isAtomic: boolean): ValType {
  if (immediates >= Imm.MemLane1) {
    const size = immediates - Imm.MemLane1;
    const addr = readMemArg(readIndex(), size, false);
    readLane(16 >> size);
    return addr;
  }
  if (immediates >= Imm.Mem1) return readMemArg(readIndex(), immediates - Imm.Mem1, isAtomic);
  switch (immediates) {
    case Imm.V128:
      skipBytes(16);
      break;
    case Imm.Lanes:
      for (let i = 0; i < 16; i++) readLane(32);
      break;
    case Imm.Lane2:
    case Imm.Lane4:
    case Imm.Lane8:
    case Imm.Lane16:
      readLane(2 << (immediates - Imm.Lane2));
      break;
    case Imm.Fence:
      if (readByte() !== 0) throw new MalformedError("zero byte expected", ctx.pos - 1);
      break;
    case Imm.Data:
      checkData(readIndex());
      break;
    case Imm.DataMemory: {
      const segment = readIndex();
      const addr = readMemory();
      checkData(segment);
      return addr;
    }
    case Imm.Memory:
      return readMemory();
    case Imm.Elem:
      checkElements(readIndex());
      break;
  }
  return Num.Bottom;
}

function checkBulk(op: number): void {
  switch (op) {
    case Op["memory.copy"]: {
      const target = readMemory();
      const source = readMemory();
      popRange(target, source, Math.min(target, source));
      break;
    }
    case Op["table.copy"]:
      checkTableCopy();
      break;
    case Op["table.init"]: {
      const segment = readIndex();
      const table = readTable();
      const index = checkTable(table);
      const type = checkElements(segment);
      if (!matchesVal(type, ctx.tableTypes[table])) failTypes(type, ctx.tableTypes[table]);
      popRange(index, Num.I32, Num.I32);
      break;
    }
    case Op["table.size"]:
      push(checkTable(readIndex()));
      break;
    case Op["table.grow"]:
    case Op["table.fill"]: {
      const table = readIndex();
      const index = checkTable(table);
      pop(index);
      pop(ctx.tableTypes[table]);
      if (op === Op["table.fill"]) pop(index);
      else push(index);
      break;
    }
    default:
      checkWide(op);
  }
}

function checkTableCopy(): void {
  const target = readTable();
  const source = readTable();
  const targetIndex = checkTable(target);
  const sourceIndex = checkTable(source);
  const { tableTypes } = ctx;
  if (!matchesVal(tableTypes[source], tableTypes[target])) failTypes(tableTypes[source], tableTypes[target]);
  popRange(targetIndex, sourceIndex, Math.min(targetIndex, sourceIndex));
}

function failTypes(source: ValType, target: ValType): never {
  failType(`of ${typeName(source)} to a table of ${typeName(target)}`);
}

// A count on top, below it the source, below that the target.
function popRange(target: ValType, source: ValType, count: ValType): void {
  pop(count);
  pop(source);
  pop(target);
}

function checkWide(op: number): void {
  const operands = op === Op["i64.add128"] || op === Op["i64.sub128"] ? 4 : 2;
  for (let i = 0; i < operands; i++) pop(Num.I64);
  push(Num.I64);
  push(Num.I64);
}
