// Takes structures and arrays of guests, gives objects that tell nothing of them, and the way back (JavaScript API: Garbage Collected Objects).
import { ArrayInstance, StructInstance } from "../embedding.ts";

const nothing = Object.freeze(Object.create(null));

const handler: ProxyHandler<object> = {
  setPrototypeOf: () => false,
  preventExtensions: () => false,
  set: () => refuse(),
  deleteProperty: () => refuse(),
};

function refuse(): never {
  throw new TypeError("structures and arrays of a guest are opaque");
}

const objects = new WeakMap<object, object>();
const referents = new WeakMap<object, object>();
let isUsed = false;

/** The object that stands for a structure or array, always the same one; other values stay as they are. */
export function exportedObject(value: unknown): unknown {
  if (!(value instanceof StructInstance || value instanceof ArrayInstance)) return value;
  let object = objects.get(value);
  if (object === undefined) {
    object = new Proxy(nothing, handler) as object;
    objects.set(value, object);
    referents.set(object, value);
    isUsed = true;
  }
  return object;
}

/** What a value of the host's stands for: a structure or array, or itself. */
export function referentOf(value: unknown): unknown {
  return isUsed && typeof value === "object" ? (referents.get(value as object) ?? value) : value;
}
