// What a WASI function is: it takes a process and arguments, and gives an errno (witx: errno).
import { isPromise } from "../fs/eventual.ts";
import { type AbiType, type coreTypes, type Errno, errno, type FunctionName, type functions } from "./abi.ts";
import type { Process } from "./process.ts";

type ArgumentOf<T extends AbiType> = (typeof coreTypes)[T] extends "i64" ? bigint : number;
type ArgumentsOf<P extends readonly (readonly [string, AbiType])[]> = {
  -readonly [K in keyof P]: ArgumentOf<P[K][1]>;
};

/** An errno now, or once what the function waits for is there. */
export type Outcome = Errno | PromiseLike<Errno>;

/** One function of the table. Arguments are unsigned, but for a `filedelta`. */
export type WasiFunction<F extends FunctionName> = (
  process: Process,
  ...args: ArgumentsOf<(typeof functions)[F]>
) => Outcome;

/** The functions whose names begin with a word or several. */
export type Group<Prefix extends string> = {
  readonly [F in Extract<FunctionName, `${Prefix}_${string}`>]: WasiFunction<F>;
};

/** Goes on with what a stream gave, at once or once it settles; a failure that has an errno becomes that. */
export function outcomeOf<T>(start: () => T | PromiseLike<T>, done: (value: T) => Errno): Outcome {
  let value: T | PromiseLike<T>;
  try {
    value = start();
  } catch (error) {
    return errnoOf(error);
  }
  return isPromise(value) ? value.then(done, errnoOf) : done(value);
}

/** The `code` of a system error, perhaps of another realm, as Node's own are in a context of `vm`; undefined where there is none. */
export function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}

/** The errno in a system's error (`code: "EPIPE"`). Throws any other error: it is the host's own, and the host should see it. */
export function errnoOf(error: unknown): Errno {
  const code = codeOf(error);
  if (code === "EWOULDBLOCK") return errno.again;
  const name = typeof code === "string" && code.startsWith("E") ? code.slice(1).toLowerCase() : "";
  if (Object.hasOwn(errno, name)) return errno[name as keyof typeof errno];
  throw error;
}
