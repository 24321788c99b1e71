// Takes a table and a type, gives the code of the table's functions of that type by their place: a call asks one thing (specification: 4.6.2 call_indirect).
import type { CompiledCode } from "../../instance/convention.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import type { TableInstance } from "../../instance/table.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { matchesHeap, type TypeId } from "../../syntax/types.ts";

/** Code by the place of its function in a table. */
export type Codes = (CompiledCode | undefined)[];

/** A longer table is called as it is: there is a list for each type. */
const MAX_LENGTH = 4096;

/** How much all lists of an instance hold, and what the shortest counts for: each is looked at where an element is set. */
const ROOM = 1 << 18;
const LEAST = 512;

/** More than there are types. */
const TYPES = 2 ** 32;

/** Whether calls through a table go by lists. Those of another module's would be kept as long as the table. */
export function hasCodes({ importedTables, tables }: ValidatedModule, table: number): boolean {
  return table >= importedTables && tables[table]!.type.limits.min <= MAX_LENGTH;
}

/** The lists of an instance. A table that is written to takes out of them what it had. */
export class TableCodes {
  /** By type and index of the table. */
  readonly #lists = new Map<number, Codes>();
  #room = ROOM;

  /** The list of a table, by its index, and a type; an empty one where there is no room. */
  of(index: number, { length, codes }: TableInstance, type: TypeId): Codes {
    const key = index * TYPES + type;
    let list = this.#lists.get(key);
    if (list !== undefined) return list;
    list = [];
    const taken = Math.max(length, LEAST);
    if (taken > this.#room) return list;
    this.#room -= taken;
    // One by one, so that it is dense.
    for (let i = length; i > 0; i--) list.push(undefined);
    codes.push(list);
    this.#lists.set(key, list);
    return list;
  }

  /** Takes out code that a function of a type had. */
  remove(type: TypeId, code: CompiledCode): void {
    for (const [key, list] of this.#lists) {
      if (key % TYPES !== type) continue;
      for (let at = list.indexOf(code); at >= 0; at = list.indexOf(code)) list[at] = undefined;
    }
  }
}

/** Traps where a function called through a table is none, or not of the expected type. */
export function checkCall(
  f: FunctionInstance | null | undefined,
  index: number,
  expected: TypeId,
  table: unknown[],
): void {
  if (index >>> 0 >= table.length) trap(TrapCode.UndefinedElement);
  if (f === null || f === undefined) trap(TrapCode.UninitializedElement, index >>> 0);
  if (!matchesHeap(f.type, expected)) trap(TrapCode.IndirectCallType);
}
