// Takes classes and arguments, gives them the shape and the checks that Web IDL asks for (Web IDL: 3 JavaScript binding).

type Class = abstract new (...args: never[]) => object;

/** Makes a class an interface: its members are enumerable, its objects have a tag. Its name is set, as bundlers shorten those of classes. */
export function defineInterface(type: Class, name: string): void {
  Object.defineProperty(type, "name", { value: name });
  exposeMembers(type.prototype);
  exposeMembers(type);
  defineTag(type.prototype, `WebAssembly.${name}`);
}

/** Sets what `Object.prototype.toString` calls an object. */
export function defineTag(object: object, tag: string): void {
  Object.defineProperty(object, Symbol.toStringTag, { value: tag, configurable: true });
}

/** Sets a property that is not enumerable. */
export function defineHidden(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true });
}

/** Makes members enumerable. A function that a transpiler made of a class has some that cannot be, as `caller`. */
export function exposeMembers(object: object): void {
  for (const [key, { get, configurable }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
    const isMember = get !== undefined || !/^(?:constructor|name|length)$/.test(key);
    if (configurable && isMember) Object.defineProperty(object, key, { enumerable: true });
  }
}

/** A dictionary: an object, or nothing for an empty one. */
export function dictionary(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new TypeError(`${what} is not an object`);
  return value as Record<string, unknown>;
}

/** Whether a value is an object or a function. */
export function isObject(value: unknown): value is object {
  return Object(value) === value;
}

/** A member of a dictionary that is one of some words. */
export function oneOf<T extends string>(value: unknown, words: readonly T[], what: string): T {
  // Of a symbol no text is made: that is a TypeError.
  const text = `${value}` as T;
  if (!words.includes(text)) throw new TypeError(`${what} is one of ${words.join(", ")}`);
  return text;
}

/** A sequence: the values of an object that can be iterated. */
export function sequence(value: unknown, what: string): unknown[] {
  if (!isObject(value)) throw new TypeError(`${what} is not a sequence`);
  return iterated(value, what);
}

/** The values of anything that can be iterated. Its iterator is asked for once. */
export function iterated(value: unknown, what: string): unknown[] {
  const method = (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator];
  if (typeof method !== "function") throw new TypeError(`${what} is not a sequence`);
  return [...{ [Symbol.iterator]: () => method.call(value as Iterable<unknown>) }];
}

/** A whole number in the range of an unsigned 32-bit integer ([EnforceRange] unsigned long). */
export function unsignedLong(value: unknown, what: string): number {
  const number = Math.trunc(Number(plain(value)));
  if (!(number >= 0 && number <= 0xffff_ffff)) throw new TypeError(`${what} is not in the range of 32-bit numbers`);
  return number + 0;
}

// `Number` takes bigints, which the conversion of JavaScript's operators refuses.
function plain(value: unknown): number {
  return +(value as number);
}

/** The bytes of a buffer source, not copied. */
export function bytesOf(value: unknown, what: string): Uint8Array {
  const view = ArrayBuffer.isView(value) ? value : undefined;
  const length = view === undefined ? byteLengthOf(value) : view.byteLength;
  if (length === undefined) throw new TypeError(`${what} is not a buffer or a view of one`);
  // A detached buffer has no bytes either, and takes no view.
  return length === 0
    ? new Uint8Array()
    : new Uint8Array((view?.buffer ?? value) as ArrayBuffer, view?.byteOffset, length);
}

const buffers = [ArrayBuffer, typeof SharedArrayBuffer === "undefined" ? ArrayBuffer : SharedArrayBuffer];

// A buffer of any realm, and nothing that only looks like one.
function byteLengthOf(value: unknown): number | undefined {
  if (!isObject(value)) return undefined;
  for (const { prototype } of buffers) {
    try {
      return Object.getOwnPropertyDescriptor(prototype, "byteLength")!.get!.call(value);
    } catch {}
  }
  return undefined;
}
