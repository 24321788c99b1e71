// Exceptions of guests as JavaScript throws and catches them (JavaScript API: Exceptions).
import { ExceptionInstance, javascriptTag, type TagInstance } from "../embedding.ts";
import { counted } from "../util/count.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { INSIDE } from "./object-cache.ts";
import { tagOf } from "./tag.ts";
import { isCrossable } from "./value-types.ts";
import { defineInterface, dictionary, sequence, unsignedLong } from "./web-idl.ts";

const objects = new WeakMap<ExceptionInstance, Exception>();
const instances = new WeakMap<object, ExceptionInstance>();

/** An exception. */
export class Exception {
  readonly #exception: ExceptionInstance;
  readonly #stack: string | undefined;

  constructor(exceptionTag: unknown, payload: unknown, options: unknown = undefined) {
    if (payload === INSIDE) this.#exception = exceptionTag as ExceptionInstance;
    else {
      const tag = tagOf(exceptionTag);
      const values = sequence(payload, "the payload of an exception");
      const isTraced = dictionary(options, "the options of an exception")["traceStack"];
      this.#exception = allocate(tag, values);
      if (isTraced) this.#stack = new Error("").stack?.replace(/^Error/, "WebAssembly.Exception");
    }
    objects.set(this.#exception, this);
    instances.set(this, this.#exception);
  }

  getArg(exceptionTag: unknown, index: unknown): unknown {
    const exception = this.#exception;
    const tag = tagOf(exceptionTag);
    const at = unsignedLong(index, "the index of a value");
    const type = tag.values[at];
    if (exception.tag === tag && type !== undefined && !isCrossable(type))
      throw new TypeError("the value cannot cross to JavaScript");
    return toJavaScript(exception.getArg(tag, at), type!);
  }

  is(exceptionTag: unknown): boolean {
    const { tag } = this.#exception;
    return tag === tagOf(exceptionTag);
  }

  get stack(): string | undefined {
    return this.#stack;
  }
}

defineInterface(Exception, "Exception");

function allocate(tag: TagInstance, values: readonly unknown[]): ExceptionInstance {
  if (tag === javascriptTag) throw new TypeError("an exception cannot be made with the tag of JavaScript's");
  if (values.length !== tag.values.length)
    throw new TypeError(`the tag takes ${counted(tag.values.length, "value")}, got ${values.length}`);
  const converted = tag.values.map((type, i) => {
    if (!isCrossable(type)) throw new TypeError("a value of the tag cannot cross from JavaScript");
    return toWebAssembly(values[i], type);
  });
  return new ExceptionInstance(tag, converted);
}

/** The object of an exception of the store. */
export function exceptionObject(exception: ExceptionInstance): Exception {
  return objects.get(exception) ?? new Exception(exception, INSIDE);
}

/** The exception of the store that an object is, if it is one. */
export function exceptionInstance(value: object): ExceptionInstance | undefined {
  return instances.get(value);
}
