// Takes what ended a guest or refused a module, writes it for people, gives the exit code.
import {
  ExitError,
  InvalidError,
  LinkError,
  MalformedError,
  type StackFrame,
  TextError,
  Trap,
  UnsupportedError,
} from "../api/errors.ts";
import { Exception } from "../exception.ts";
import type { TextPosition } from "../text/index.ts";
import { ExitCode } from "./failure.ts";
import type { ModuleFile } from "./module-file.ts";
import { escaped, fail, type Styles, stylesOf } from "./output.ts";

/** Reports an error that compiling, linking or running a module threw. Throws what is none of these. */
export function report(file: ModuleFile, error: unknown): number {
  if (error instanceof ExitError) return error.exitCode & 0xff;
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  const styles = stylesOf(2);
  const { kind, message, hint = "", position } = inText(file, problem);
  const place = position === undefined ? escaped(file.path) : placeIn(file, position);
  fail(`zerowasm: ${place}: ${styles.red(styles.bold(kind))}: ${escaped(message + hint)}\n`);
  // What is no character of a terminal keeps its width, for the caret below.
  if (position !== undefined) fail(`${position.excerpt.replace(/[^\P{C}\t\n]/gu, "\ufffd")}\n`);
  if (!(error instanceof Trap || error instanceof Exception)) return ExitCode.Failure;
  fail(stackLines(file, error.wasmStack, styles));
  return ExitCode.Trap;
}

interface Problem {
  readonly kind: string;
  readonly message: string;
  readonly hint?: string;
  /** The byte that it is about. */
  readonly offset?: number;
  readonly position?: TextPosition | undefined;
}

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Trap) return { kind: "trap", message: reasonOf(error) };
  if (error instanceof TextError) return { kind: "malformed text", ...ofText(error) };
  if (error instanceof Error) {
    const { message } = error;
    if (error instanceof Exception) return { kind: "uncaught", message };
    if (error instanceof MalformedError) return { kind: "malformed module", message, offset: error.offset };
    if (error instanceof InvalidError)
      return { kind: "invalid module", message, hint: featureHint(error), offset: error.offset };
    if (error instanceof LinkError) return { kind: "cannot be linked", message };
    if (error instanceof UnsupportedError) return { kind: "not supported", message };
  }
  return undefined;
}

function ofText({ message, line, column }: TextError): Pick<Problem, "message" | "position"> {
  const [summary, ...excerpt] = message.split("\n");
  return {
    message: summary.replace(` at ${line}:${column}`, ""),
    position: { line, column, excerpt: excerpt.join("\n") },
  };
}

/** The same problem with its place in the text, for a module that was given as one: of the binary nobody has seen an offset. */
function inText(file: ModuleFile, problem: Problem): Problem {
  const { message, offset } = problem;
  const position = offset === undefined ? undefined : file.positionAt(offset);
  return position === undefined
    ? problem
    : { ...problem, message: message.replace(/ at offset 0x[\da-f]+$/, ""), position };
}

// The place stands where editors and terminals look for it.
function placeIn({ path }: ModuleFile, { line, column }: TextPosition): string {
  return `${escaped(path)}:${line}:${column}`;
}

// Who ended the guest from outside says why.
function reasonOf({ code, message, cause }: Trap): string {
  return code === "aborted" && cause instanceof Error ? cause.message : message;
}

function featureHint({ message }: InvalidError): string {
  const [, feature] = /^feature (\S+) is off: /.exec(message) ?? [];
  return feature === undefined ? "" : ` (--features wasm3,${feature} allows it)`;
}

function stackLines(file: ModuleFile, stack: readonly StackFrame[], { bold, dim }: Styles): string {
  const lines: { readonly name: string; readonly place: string; times: number }[] = [];
  for (const { module, functionName, functionIndex, offset } of stack) {
    const name = escaped(`${module === "" ? "" : `${module}.`}${functionName ?? `function ${functionIndex}`}`);
    const position = file.positionAt(offset);
    const place =
      position === undefined ? `function ${functionIndex}, offset 0x${offset.toString(16)}` : placeIn(file, position);
    const last = lines.at(-1);
    if (last?.place === place && last.name === name) last.times++;
    else lines.push({ name, place, times: 1 });
  }
  const width = Math.min(48, Math.max(0, ...lines.map(({ name }) => name.length)));
  return lines
    .map(({ name, place, times }) => {
      const gap = " ".repeat(Math.max(0, width - name.length));
      return `    at ${bold(name)}${gap}  ${dim(`${place}${times > 1 ? `, and ${times - 1} times more` : ""}`)}\n`;
    })
    .join("");
}
