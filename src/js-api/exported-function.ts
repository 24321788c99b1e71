// Takes functions of the store, gives functions of JavaScript's that call them, one for each (JavaScript API: Exported Functions).
import type { FunctionInstance } from "../embedding.ts";
import { funcType, typeName, type ValType } from "../syntax/types.ts";
import { toArguments, toJavaScript } from "./convert.ts";
import { directCallable } from "./direct-call.ts";
import { hostFunction } from "./host-function.ts";
import { thrownByGuest } from "./thrown.ts";
import { areCrossable, refuse, valueTypes } from "./value-types.ts";
import { dictionary, exposeMembers, isObject } from "./web-idl.ts";

type Callable = (...args: unknown[]) => unknown;

// A constructor that gives what it is given: a class below it has private fields on any object.
function given(object: object): object {
  return object;
}

/** Marks functions as exported: a private field on the function itself costs a tenth of an entry in a weak map. */
class Exported extends (given as unknown as new (object: object) => object) {
  readonly #instance: FunctionInstance;

  constructor(callable: Callable, instance: FunctionInstance) {
    super(callable);
    this.#instance = instance;
  }

  static instanceOf(value: object): FunctionInstance | undefined {
    return #instance in value ? value.#instance : undefined;
  }
}

/** The class of exported functions, and of functions of JavaScript's with a type (type reflection proposal). */
export class TypedFunction {
  constructor(type: unknown, func: unknown) {
    const members = dictionary(type, "the type of a function");
    const parameters = valueTypes(members["parameters"], "the parameters of a function");
    const id = funcType(parameters, valueTypes(members["results"], "its results"));
    if (typeof func !== "function") throw new TypeError("a function was expected");
    const { prototype } = new.target;
    // biome-ignore lint/correctness/noConstructorReturn: what is made is a function
    return Object.setPrototypeOf(
      exportedFunction(hostFunction(func as Callable, id, 0, func.name)),
      // What is no object is no prototype.
      isObject(prototype) ? prototype : TypedFunction.prototype,
    );
  }

  type(): { parameters: string[]; results: string[] } {
    const { params, results } = instanceOf(this).signature;
    return { parameters: params.map(typeName), results: results.map(typeName) };
  }
}

Object.setPrototypeOf(TypedFunction, Function);
Object.setPrototypeOf(TypedFunction.prototype, Function.prototype);
Object.defineProperty(TypedFunction, "name", { value: "Function" });
// Without a tag of its own: programs ask by that whether a value is a function.
exposeMembers(TypedFunction.prototype);

/** The function that JavaScript calls, always the same one. */
export function exportedFunction(f: FunctionInstance): Callable {
  f.exported ??= callableOf(f);
  return f.exported;
}

/** The function of the store that an exported function calls; undefined for any other value. */
export function functionOf(value: unknown): FunctionInstance | undefined {
  return typeof value === "function" ? Exported.instanceOf(value) : undefined;
}

/** The same, or a TypeError. */
export function instanceOf(value: unknown): FunctionInstance {
  const f = functionOf(value);
  if (f === undefined) throw new TypeError("an exported function was expected");
  return f;
}

function callableOf(f: FunctionInstance): Callable {
  const { params } = f.signature;
  // Arrow functions are no constructors.
  const callable: Callable = areCrossable(f.signature)
    ? (directCallable(f) ?? ((...args) => invoke(f, args)))
    : () => refuse();
  if (callable.length !== params.length) Object.defineProperty(callable, "length", { value: params.length });
  Object.defineProperty(callable, "name", { value: String(f.index) });
  new Exported(callable, f);
  return Object.setPrototypeOf(callable, TypedFunction.prototype);
}

function invoke(f: FunctionInstance, args: unknown[]): unknown {
  const { params, results } = f.signature;
  toArguments(args, params);
  let result: unknown;
  try {
    result = f.call(...args);
  } catch (error) {
    throw thrownByGuest(error);
  }
  return resultOf(result, results);
}

/** What JavaScript gets of a call's result. */
export function resultOf(result: unknown, types: readonly ValType[]): unknown {
  if (types.length === 0) return undefined;
  if (types.length === 1) return toJavaScript(result, types[0]);
  return (result as unknown[]).map((value, i) => toJavaScript(value, types[i]));
}
