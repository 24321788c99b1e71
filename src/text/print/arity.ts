// Takes an instruction and its immediates, gives how many values it takes and leaves (specification: 3.4 Instructions). Where the code is not
// valid the numbers may be anything: they only decide how operands are nested.
import { instructions } from "../../syntax/instructions.ts";
import { type Imm, Op } from "../../syntax/opcodes.ts";
import { type DefType, defType } from "../../syntax/types.ts";
import type { CodeScope } from "./code-scope.ts";

/** How many values an instruction takes and leaves, as `operands << 16 | results`. */
export type Arity = number;

/** Packs an arity; numbers that do not fit are of invalid code. */
export function arityOf(operands: number, results: number): Arity {
  return (Math.min(operands, 0x7fff) << 16) | Math.min(results, 0xffff);
}

const fixed: Map<number, Arity> = new Map();
const immediatesOf: Map<number, Imm> = new Map();

for (const [code, imm, signature] of Object.values(instructions)) {
  immediatesOf.set(code, imm);
  if (signature === null) continue;
  const [operands, results] = signature.split("->").map((part) => part.match(/\w+/g)?.length ?? 0);
  fixed.set(code, arityOf(operands, results));
}

/** The instructions with a fixed arity whose types the table cannot say: operands, then results. */
const others: readonly (readonly [operands: number, results: number, ...ops: readonly Op[]])[] = [
  [0, 0, Op.unreachable, Op.rethrow],
  [0, 1, Op["local.get"], Op["global.get"], Op["ref.null"], Op["ref.func"]],
  [0, 1, Op["struct.new_default"], Op["table.size"]],
  [1, 0, Op.drop, Op.throw_ref, Op["local.set"], Op["global.set"]],
  [1, 1, Op["local.tee"], Op["table.get"], Op["ref.is_null"], Op["ref.as_non_null"], Op["ref.i31"]],
  [1, 1, Op["struct.get"], Op["struct.get_s"], Op["struct.get_u"], Op["array.new_default"]],
  [1, 1, Op["ref.test"], Op["ref.test_null"], Op["ref.cast"], Op["ref.cast_null"]],
  [1, 1, Op["any.convert_extern"], Op["extern.convert_any"]],
  [2, 0, Op["table.set"], Op["struct.set"]],
  [2, 1, Op["table.grow"], Op["array.new"], Op["array.new_data"], Op["array.new_elem"]],
  [2, 1, Op["array.get"], Op["array.get_s"], Op["array.get_u"]],
  [3, 0, Op["array.set"], Op["memory.copy"], Op["table.init"], Op["table.copy"], Op["table.fill"]],
  [3, 1, Op.select, Op.select_t],
  [4, 0, Op["array.fill"], Op["array.init_data"], Op["array.init_elem"]],
  [5, 0, Op["array.copy"]],
];
for (const [operands, results, ...ops] of others) for (const op of ops) fixed.set(op, arityOf(operands, results));

/** What follows an opcode, or nothing where it is none. */
export function immediates(op: number): Imm | undefined {
  return immediatesOf.get(op);
}

/** The arity of an instruction with its first immediate; that of blocks is known to who reads the block type. */
export function arity(op: Op, index: number, count: number, code: CodeScope): Arity {
  const known = fixed.get(op);
  if (known !== undefined) return known;
  const { labels, scope } = code;
  switch (op) {
    case Op.br:
      return arityOf(labels.arity(index), 0);
    case Op.br_table:
      return arityOf(labels.arity(index) + 1, 0);
    case Op.br_if:
    case Op.br_on_null:
      // What decides is on top: a condition that goes, or a reference that stays.
      return arityOf(labels.arity(index) + 1, labels.arity(index) + (op === Op.br_if ? 0 : 1));
    case Op.br_on_non_null:
      return arityOf(labels.arity(index), Math.max(0, labels.arity(index) - 1));
    case Op.br_on_cast:
    case Op.br_on_cast_fail:
      return arityOf(labels.arity(index), labels.arity(index));
    case Op.return:
      return arityOf(labels.arity(labels.depth - 1), 0);
    case Op.throw:
      return arityOf(scope.module.tags[index] === undefined ? 0 : defType(scope.module.tags[index]).params.length, 0);
    case Op.call:
      return callArity(scope.type(scope.module.functions[index]), 0, true);
    case Op.return_call:
      return callArity(scope.type(scope.module.functions[index]), 0, false);
    case Op.call_indirect:
    case Op.call_ref:
      return callArity(scope.type(index), 1, true);
    case Op.return_call_indirect:
    case Op.return_call_ref:
      return callArity(scope.type(index), 1, false);
    case Op["struct.new"]:
      return arityOf(scope.type(index)?.fields.length ?? 0, 1);
    case Op["array.new_fixed"]:
      return arityOf(count, 1);
    default:
      return 0;
  }
}

// The callee of an indirect call is one more operand.
function callArity(type: DefType | undefined, callee: number, returns: boolean): Arity {
  return type === undefined ? 0 : arityOf(type.params.length + callee, returns ? type.results.length : 0);
}
