// An exception of the store: a tag and the values that go with it (specification: 4.2.16 Exception instances).
import type { StackFrame } from "../api/errors.ts";
import type { Exception } from "../api/exception.ts";
import type { Tag } from "../api/global.ts";
import type { WasmValue } from "../api/value.ts";
import { funcType, isRef, Ref, slotsOf, slotsOfAll, typeName } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { isCaught } from "./convention.ts";
import { matchesRef } from "./reference.ts";
import { TagInstance } from "./tag.ts";
import { mismatch, readValue, writeValue } from "./value.ts";

/** The values of an exception by slot, with exact bits: two words each, or a reference. */
export interface Payload {
  readonly words: readonly number[];
  /** Empty where the tag has no references. */
  readonly references: readonly unknown[];
}

const noFrames: readonly StackFrame[] = [];

/** An `exnref` is one of these, or a `ForeignException`. */
export class ExceptionInstance implements Exception {
  static {
    // It is an `Error`, but not made by `Error`: that would look at the stack, for some microseconds.
    Object.setPrototypeOf(ExceptionInstance.prototype, Error.prototype);
    Object.defineProperty(ExceptionInstance, "name", { value: "Exception" });
  }

  readonly tag: TagInstance;
  readonly payload: Payload;
  wasmStack: readonly StackFrame[] = noFrames;
  /** Made where it was thrown, if that is in compiled code and no guest is known to catch it: frames are in its stack. */
  origin: Error | null = null;

  constructor(tag: Tag, values: readonly WasmValue[], payload: Payload = payloadOf(tag, values)) {
    this.tag = tag as TagInstance;
    this.payload = payload;
  }

  get name(): "Exception" {
    return "Exception";
  }

  get message(): string {
    return `exception with a tag of type (${this.tag.params.join(" ")})`;
  }

  get stack(): string {
    const frames = this.wasmStack.map(({ module, functionIndex, functionName, offset }) => {
      const place = `${module}[${functionIndex}]:0x${offset.toString(16)}`;
      return `\n    at ${functionName === undefined ? place : `${functionName} (${place})`}`;
    });
    return `${this.name}: ${this.message}${frames.join("")}`;
  }

  /** Forgets where it came from: a guest has caught it, and where it is thrown from next is another place. */
  forget(): void {
    this.wasmStack = noFrames;
    this.origin = null;
  }

  is(tag: Tag): boolean {
    return this.tag === tag;
  }

  getArg(tag: Tag, index: number): WasmValue {
    if (!this.is(tag)) throw new TypeError("the exception was thrown with another tag");
    const { values } = this.tag;
    const type = values[index];
    if (type === undefined)
      throw new RangeError(`the exception has ${counted(values.length, "value")}, and none at ${index}`);
    const slot = slotsOfAll(values.slice(0, index));
    const { words, references } = this.payload;
    return isRef(type) ? references[slot] : readValue(type, Int32Array.from(words), 2 * slot);
  }
}

/** The tag of what JavaScript throws (JavaScript API: JavaScript exceptions); guests have it only if the host gives it to them. */
export const javascriptTag: TagInstance = new TagInstance(funcType([Ref.ExternNull], []));

/**
 * What a host function threw that is no exception of the guest's: guests catch it by `catch_all`, or by the tag of JavaScript's exceptions, and
 * the host gets it back as it was.
 */
export class ForeignException {
  readonly tag: TagInstance = javascriptTag;
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  get payload(): Payload {
    return { words: [0, 0], references: [this.value] };
  }
}

/** What guests throw and catch. */
export type Thrown = ExceptionInstance | ForeignException;

/**
 * What leaves a function of compiled code that was called with `n` (see convention.ts): where nothing above is known to catch it, an exception
 * takes the host's stack along.
 */
export function traced(error: unknown, n: number): unknown {
  if (!isCaught(n) && error instanceof ExceptionInstance && error.origin === null) error.origin = new Error();
  return error;
}

/** The payload of an exception that the host makes. Throws a TypeError where it does not fit the tag. */
function payloadOf(tag: Tag, values: readonly WasmValue[]): Payload {
  if (!(tag instanceof TagInstance)) throw new TypeError("an exception needs a tag of a module");
  const types = tag.values;
  if (values.length !== types.length) {
    throw new TypeError(`the tag takes ${counted(types.length, "value")}, got ${values.length}`);
  }
  const words = new Int32Array(2 * tag.slots);
  const references: unknown[] = tag.hasReferences ? new Array(tag.slots).fill(null) : [];
  let slot = 0;
  for (const [i, type] of types.entries()) {
    const value = values[i];
    if (isRef(type) ? !matchesRef(type, value) : !writeValue(type, value, words, 2 * slot)) {
      throw new TypeError(`value ${i} of a tag (${types.map(typeName).join(" ")}) is of type ${mismatch(type, value)}`);
    }
    if (isRef(type)) references[slot] = value;
    slot += slotsOf(type);
  }
  return { words: Array.from(words), references };
}
