// Of each memory, table, global and tag of the store, the object that JavaScript has, and the way back (JavaScript API: Object Caches).
import type { Extern } from "../embedding.ts";

/** Follows what an object stands for where it is made for that. No program has it: asked in vain, a proxy would tell of it. */
export const INSIDE: unknown = Symbol();

const objects = new WeakMap<Extern, object>();
const externs = new WeakMap<object, Extern>();

/** The object of an extern, if JavaScript has seen it. */
export function objectOf(extern: Extern): object | undefined {
  return objects.get(extern);
}

/** The extern that an object stands for, whichever namespace made it. */
export function externOf(value: unknown): Extern | undefined {
  return typeof value === "object" && value !== null ? externs.get(value) : undefined;
}

/** Keeps an extern and its object together. */
export function keepObject(extern: Extern, object: object): void {
  objects.set(extern, object);
  externs.set(object, extern);
}
