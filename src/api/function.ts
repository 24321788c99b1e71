// Takes arguments of the host, gives a guest function's results (specification: 4.7.3 Invocation).
import type { FunctionType, WasmResult, WasmValue } from "./value.ts";

/** What is known of a function before it is called. */
export interface FunctionDefinition extends FunctionType {
  /** From the name section, else the first export name, else "". */
  readonly name: string;
  /** Index in its module's function index space. */
  readonly index: number;
  readonly exportNames: readonly string[];
  /** Module and name of the import, where it is one. */
  readonly import: { readonly module: string; readonly name: string } | undefined;
}

/** A function of a module that the host can call. */
export interface ExportedFunction {
  readonly definition: FunctionDefinition;

  /**
   * Calls the function and gives its result: undefined, one value, or an array of several.
   * @throws TypeError where an argument does not fit its type or there are too many or too few; Trap; Exception; ExitError; SuspendError where a host
   * function returned a promise; or what a host function threw.
   */
  call(...args: readonly WasmValue[]): WasmResult;

  /** As `call`; a host function that returns a promise suspends the guest until it settles. What `call` throws rejects the promise. */
  callAsync(...args: readonly WasmValue[]): Promise<WasmResult>;

  /**
   * Calls with exact bits: `stack` holds the parameters, one slot each (two for v128), and receives the results.
   * References cannot cross this way.
   * @throws RangeError where `stack` is too short, TypeError where it is another kind of array or the signature has references.
   */
  callRaw(stack: BigUint64Array): void;
}
