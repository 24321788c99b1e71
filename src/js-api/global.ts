// Globals as JavaScript sees them (JavaScript API: Globals).
import { defaultValue, GlobalInstance } from "../embedding.ts";
import { Ref, typeName, type ValType } from "../syntax/types.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { INSIDE, keepObject, objectOf } from "./object-cache.ts";
import { isCrossable, valueType } from "./value-types.ts";
import { defineInterface, dictionary } from "./web-idl.ts";

/** A global. */
export class Global {
  readonly #global: GlobalInstance;

  constructor(descriptor: unknown, v: unknown = undefined) {
    this.#global = v === INSIDE ? (descriptor as GlobalInstance) : allocate(descriptor, v);
    keepObject(this.#global, this);
  }

  valueOf(): unknown {
    return read(this.#global);
  }

  get value(): unknown {
    return read(this.#global);
  }

  set value(value: unknown) {
    const { type, mutable } = this.#global.type;
    if (!isCrossable(type)) throw new TypeError("the global's value cannot cross from JavaScript");
    if (!mutable) throw new TypeError("the global is immutable");
    this.#global.set(toWebAssembly(value, type));
  }

  type(): { value: string; mutable: boolean } {
    const { type, mutable } = this.#global.type;
    return { mutable, value: typeName(type) };
  }
}

defineInterface(Global, "Global");

function allocate(descriptor: unknown, value: unknown): GlobalInstance {
  const members = dictionary(descriptor, "the descriptor of a global");
  const mutable = Boolean(members["mutable"]);
  const type = valueType(members["value"], "the value type of a global");
  if (!isCrossable(type)) throw new TypeError("a value of the type cannot cross from JavaScript");
  return GlobalInstance.of({ type, mutable }, value === undefined ? initial(type) : toWebAssembly(value, type));
}

/** The value that a global or an element has where none is given: undefined where that is one. */
export function initial(type: ValType): unknown {
  return type === Ref.ExternNull ? undefined : defaultValue(type);
}

function read(global: GlobalInstance): unknown {
  const { type } = global.type;
  if (!isCrossable(type)) throw new TypeError("the global's value cannot cross to JavaScript");
  return toJavaScript(global.get(), type);
}

/** The object of a global of the store. */
export function globalObject(global: GlobalInstance): Global {
  return (objectOf(global) as Global | undefined) ?? new Global(global, INSIDE);
}
