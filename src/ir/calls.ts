// Takes a validated body, gives the calls in it without building its tree (specification: 2.4.2 Control instructions).
import type { ValidatedModule } from "../syntax/module.ts";
import { Op } from "../syntax/opcodes.ts";
import type { TypeId } from "../syntax/types.ts";
import { BodyReader } from "./reader.ts";
import { opcode, skipImmediates, skipType } from "./skip.ts";

/** What a function calls, each once. */
export interface Calls {
  readonly functions: ReadonlySet<number>;
  /** Types of what is called through tables and references. */
  readonly types: ReadonlySet<TypeId>;
  /** Whether it waits for a word of a memory. */
  readonly waits: boolean;
}

/** The calls of a function of the module's own. */
export function callsOf(module: ValidatedModule, index: number): Calls {
  const body = index - module.importedFunctions;
  const reader = new BodyReader(module.bytes, module.bodyStart[body]!);
  const end = module.bodyEnd[body]!;
  const functions = new Set<number>();
  const types = new Set<TypeId>();
  let waits = false;
  for (let groups = reader.u32(); groups > 0; groups--) {
    reader.u32();
    skipType(reader);
  }
  while (reader.pos < end) {
    const op = opcode(reader, reader.u8());
    const at = reader.pos;
    switch (op) {
      case Op.call:
      case Op.return_call:
        functions.add(reader.u32());
        break;
      case Op.call_indirect:
      case Op.return_call_indirect:
      case Op.call_ref:
      case Op.return_call_ref:
        types.add(module.types[reader.u32()]!.id);
        break;
      case Op["memory.atomic.wait32"]:
      case Op["memory.atomic.wait64"]:
        waits = true;
        break;
      default:
    }
    reader.pos = at;
    skipImmediates(reader, op);
  }
  return { functions, types, waits };
}
