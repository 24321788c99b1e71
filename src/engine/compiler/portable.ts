// Takes an instruction that names types by the process's canonical numbers, gives it with their indices in the module, and back.
import type { Instruction } from "../../instance/engine.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { Op } from "../../syntax/opcodes.ts";
import { FIRST_DEFINED, heapOf, isNullable, isRef, refType, type TypeId, type ValType } from "../../syntax/types.ts";

/** For source that outlives the process: defined types are told by `FIRST_DEFINED` and their index in the module. */
export function toPortable(what: Instruction, { types }: ValidatedModule): Instruction {
  return renumber(what, (id) => FIRST_DEFINED + types.findIndex((type) => type.id === id));
}

/** Undoes `toPortable`, in whatever process. */
export function fromPortable(what: Instruction, { types }: ValidatedModule): Instruction {
  return renumber(what, (portable) => types[portable - FIRST_DEFINED]!.id);
}

function renumber({ op, params, immediates, results }: Instruction, type: (id: TypeId) => TypeId): Instruction {
  const value = (one: ValType): ValType =>
    isRef(one) && heapOf(one) >= FIRST_DEFINED ? refType(type(heapOf(one)), isNullable(one)) : one;
  const immediate = (one: number, place: number): number => {
    if (op === Op["ref.test"] || op === Op["ref.cast"]) return place === 0 ? value(one) : one;
    return place < typesOf(op) ? type(one) : one;
  };
  return { op, params: params.map(value), immediates: immediates.map(immediate), results: results.map(value) };
}

/** How many immediates of an instruction are types; they come first. */
function typesOf(op: number): number {
  if (op === Op["array.copy"]) return 2;
  return op >= Op["struct.new"] && op <= Op["array.init_elem"] && op !== Op["array.len"] ? 1 : 0;
}
