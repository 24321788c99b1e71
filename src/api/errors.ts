// The errors a host can meet, one class a stage (specification: 1.2.2 Semantic phases).

function at(offset: number): string {
  return ` at offset 0x${offset.toString(16)}`;
}

/** The binary is not a module: the decoder met bytes that the binary format does not allow. */
export class MalformedError extends Error {
  override readonly name: "MalformedError" | "TextError" = "MalformedError";
  /** Byte offset into the binary. */
  readonly offset: number;

  constructor(message: string, offset: number, place: string = at(offset)) {
    super(message + place);
    this.offset = offset;
  }
}

/** The text is not a module: the parser met what the text format does not allow. */
export class TextError extends MalformedError {
  override readonly name = "TextError";
  /** Line of the mistake; the first is 1. */
  readonly line: number;
  /** Column of the mistake in UTF-16 units; the first is 1. */
  readonly column: number;

  /** `excerpt` is the line of the source with a caret below the mistake; `offset` counts UTF-16 units of the text. */
  constructor(message: string, offset: number, line: number, column: number, excerpt: string) {
    super(message, offset, ` at ${line}:${column}\n${excerpt}`);
    this.line = line;
    this.column = column;
  }
}

/** The module is well formed and breaks a rule of validation, or uses a feature that is off. */
export class InvalidError extends Error {
  override readonly name = "InvalidError";
  /** Byte offset into the binary. */
  readonly offset: number;
  /** Index of the function whose body is invalid. */
  readonly functionIndex: number | undefined;

  constructor(message: string, offset: number, functionIndex?: number) {
    super(message + (functionIndex === undefined ? "" : ` in function ${functionIndex}`) + at(offset));
    this.offset = offset;
    this.functionIndex = functionIndex;
  }
}

/** An import is missing or of the wrong type, a name is taken, or a memory or table cannot be had: nothing was instantiated. */
export class LinkError extends Error {
  override readonly name = "LinkError";
}

/** One activation of a trap's stack, the innermost first. */
export interface StackFrame {
  /** Unique name of the module instance, "" where it has none. */
  readonly module: string;
  readonly functionIndex: number;
  /** From the name section, else an export, else undefined. */
  readonly functionName: string | undefined;
  /** Byte offset of the instruction in the binary. */
  readonly offset: number;
}

/** The guest broke a rule of execution; its instance stays usable. */
export class Trap extends Error {
  override readonly name = "Trap";
  /** The specification's message, such as "integer divide by zero". */
  readonly code: string;
  /** The activations at the trap, the innermost first; long stacks are cut in the middle. */
  wasmStack: readonly StackFrame[] = [];

  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/** The guest left by an exit code, or its module was closed under it. */
export class ExitError extends Error {
  override readonly name = "ExitError";
  readonly exitCode: number;

  constructor(exitCode: number, module = "") {
    super(`module ${module === "" ? "" : `"${module}" `}closed with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** A guest called by `call` met a host function that returned a promise: only `callAsync` can suspend it. */
export class SuspendError extends TypeError {
  override readonly name = "SuspendError";
}

/** What was asked for is no part of this version, or not possible on this host. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}
