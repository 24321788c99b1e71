// Takes a message before the host copies it, gives one in which plain objects stand for modules and shared memories, and the way back from what
// the host copied (JavaScript API: Serialization of Module objects; threads proposal: of Memory objects; HTML: 2.7 Structured data).
import { MemoryInstance } from "../embedding.ts";
import { Exception } from "./exception.ts";
import { referentOf } from "./gc-object.ts";
import { Global } from "./global.ts";
import { Instance } from "./instance.ts";
import { fromMessage, type MemoryMessage, type ModuleMessage, toMessage } from "./message.ts";
import { isModule } from "./module.ts";
import type { WebAssemblyNamespace } from "./namespace-type.ts";
import { externOf } from "./object-cache.ts";
import { Suspending } from "./suspending.ts";
import { Table } from "./table.ts";
import { Tag } from "./tag.ts";
import type { Memory, Module } from "./types.ts";

/** Where what stands for an object of ours has itself. No JSON gives such an object: it has no cycles. */
const MARK = "zerowasm:posted";

type Fields = Record<string, unknown>;

interface Host {
  DOMException: new (message: string, name: string) => Error;
}

/** The message itself where it holds nothing of ours. Throws a DataCloneError where it holds what no message takes. */
export function packed(message: unknown): unknown {
  return isToBeCopied(message) ? copied(message) : message;
}

/**
 * Whether it holds something of ours, other than by a name of an array: to list these takes longer than the host's copy. What a getter gives is
 * known once it was called, and then the host must not call it again.
 */
function isToBeCopied(message: unknown): boolean {
  if (!isObject(message)) return false;
  // What is added to a set is visited too.
  const reached = new Set([message]);
  const reach = (value: unknown): void => {
    if (isObject(value)) reached.add(value);
  };
  for (const object of reached) {
    if (Array.isArray(object)) eachElement(object, reach);
    else if (isPlain(object)) {
      for (const key of Object.keys(object)) {
        const property = Object.getOwnPropertyDescriptor(object, key);
        if (property?.get !== undefined) return true;
        reach(property?.value);
      }
    } else if (isOurs(object)) return true;
    else if (isMap(object)) {
      mapEach.call(object, (value, key) => {
        reach(key);
        reach(value);
      });
    } else if (isSet(object)) setEach.call(object, reach);
  }
  return false;
}

/** A copy of what the host would copy as it is anyway, with all else in it itself, each object once. */
function copied(message: unknown): unknown {
  const copies = new Map<object, object>();
  const copyOf = (value: unknown): unknown => {
    if (!isObject(value)) return value;
    let copy = copies.get(value);
    if (copy === undefined) {
      copy = standIn(value);
      copies.set(value, copy);
    }
    return copy;
  };
  const copy = copyOf(message);
  // So are those of a map.
  for (const [object, itsCopy] of copies) if (object !== itsCopy) fill(itsCopy, object, copyOf);
  return copy;
}

/** What is posted for an object, empty yet. */
function standIn(object: object): object {
  if (Array.isArray(object)) return new Array(object.length);
  if (isPlain(object)) return {};
  if (isOurs(object)) return marked(object);
  if (isMap(object)) return new Map();
  return isSet(object) ? new Set() : object;
}

function fill(copy: object, object: object, copyOf: (value: unknown) => unknown): void {
  if (Array.isArray(object) || isRecord(object)) {
    for (const key of Object.keys(object)) {
      // Not set: the key may be `__proto__`.
      const value = copyOf((object as Fields)[key]);
      Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
    }
  } else if (isMap(object)) {
    mapEach.call(object, (value, key) => (copy as Map<unknown, unknown>).set(copyOf(key), copyOf(value)));
  } else if (isSet(object)) setEach.call(object, (value) => (copy as Set<unknown>).add(copyOf(value)));
}

/** What was unpacked: a message that is read again is not searched again. */
const unpackedMessages = new WeakSet<object>();

/** A message that the host copied, itself but for what stands for something of ours: of that the object, in a namespace. */
export function unpacked(message: unknown, namespace: WebAssemblyNamespace): unknown {
  if (!isObject(message) || unpackedMessages.has(message)) return message;
  const whole = objectOf(message, namespace);
  if (whole !== message) return whole;
  unpackedMessages.add(message);
  const reached = new Set([message]);
  const reach = (value: object): object => {
    const object = objectOf(value, namespace);
    if (object === value) reached.add(object);
    return object;
  };
  for (const object of reached) {
    if (Array.isArray(object)) eachElement(object, (element, i) => unpackMember(object, i, element, reach));
    else if (isRecord(object)) {
      for (const key of Object.keys(object)) {
        // What a host copied has no getters; an event that a program made may.
        unpackMember(object, key, Object.getOwnPropertyDescriptor(object, key)?.value, reach);
      }
    } else if (isMap(object)) unpackMap(object, reach);
    else if (isSet(object)) unpackSet(object, reach);
  }
  return message;
}

type Reach = (value: object) => object;

function unpackMember(object: object, key: string | number, member: unknown, reach: Reach): void {
  if (!isObject(member)) return;
  const value = reach(member);
  if (value !== member) Reflect.defineProperty(object, key, { value });
}

// A map or set with anything new is filled again, in its order.
function unpackMap(map: Map<unknown, unknown>, reach: Reach): void {
  const entries: [unknown, unknown][] = [];
  let isSame = true;
  mapEach.call(map, (value, key) => {
    const entry: [unknown, unknown] = [isObject(key) ? reach(key) : key, isObject(value) ? reach(value) : value];
    isSame &&= entry[0] === key && entry[1] === value;
    entries.push(entry);
  });
  if (isSame) return;
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function unpackSet(set: Set<unknown>, reach: Reach): void {
  const values: unknown[] = [];
  let isSame = true;
  setEach.call(set, (value) => {
    values.push(isObject(value) ? reach(value) : value);
    isSame &&= values.at(-1) === value;
  });
  if (isSame) return;
  set.clear();
  for (const value of values) set.add(value);
}

/** Whether an object is looked through. Throws a DataCloneError for what would look empty. */
function isPlain(object: object): boolean {
  return isRecord(object) && (referentOf(object) === object || refuse("structure or array of a guest"));
}

/** Whether it travels as another object. Throws a DataCloneError for an object of ours that cannot travel. */
function isOurs(object: object): boolean {
  if (isModule(object)) return true;
  const extern = externOf(object);
  if (extern instanceof MemoryInstance) return extern.shared !== null || refuse("memory that is not shared");
  const type = [Instance, Table, Global, Tag, Exception, Suspending].find((type) => object instanceof type);
  if (type !== undefined) refuse(`WebAssembly.${type.name}`);
  return false;
}

function refuse(what: string): never {
  const { DOMException } = globalThis as unknown as Host;
  throw new DOMException(`a ${what} could not be cloned`, "DataCloneError");
}

function marked(object: object): object {
  const message: object = toMessage(object as Module | Memory);
  return Object.defineProperty(message, MARK, { value: message, enumerable: true });
}

/** Of what stands for an object of ours, that object; itself where it tells of none. */
const objects = new WeakMap<object, object>();

function objectOf(message: object, namespace: WebAssemblyNamespace): object {
  if (!Object.hasOwn(message, MARK) || (message as Fields)[MARK] !== message) return message;
  let object = objects.get(message);
  if (object === undefined) {
    try {
      object = fromMessage(message as MemoryMessage | ModuleMessage, namespace);
    } catch {
      object = message;
    }
    objects.set(message, object);
  }
  return object;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether an object is a plain one, of any realm: of what has another prototype only the host knows what it is. */
function isRecord(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

function eachElement(array: readonly unknown[], visit: (element: unknown, key: number) => void): void {
  // A very long one may be nearly empty.
  if (array.length > 2 ** 24) for (const key of Object.keys(array)) visit(array[Number(key)], Number(key));
  else for (let i = 0; i < array.length; i++) visit(array[i], i);
}

const mapEach = Map.prototype.forEach;
const setEach = Set.prototype.forEach;

function isMap(object: object): object is Map<unknown, unknown> {
  return isTagged(object, "Map") && isTakenBy(Map.prototype.has, object);
}

function isSet(object: object): object is Set<unknown> {
  return isTagged(object, "Set") && isTakenBy(Set.prototype.has, object);
}

// Node's own maps, in what it posts to a new worker, have no prototype of the realm's.
function isTagged(object: object, tag: string): boolean {
  return Object.prototype.toString.call(object) === `[object ${tag}]`;
}

/** Whether a method takes an object, which may only have the tag. */
function isTakenBy(has: (value: unknown) => boolean, object: object): boolean {
  try {
    has.call(object, undefined);
    return true;
  } catch {
    return false;
  }
}
