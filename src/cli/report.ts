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
import { ExitCode } from "./failure.ts";
import { escaped, fail, type Styles, stylesOf } from "./output.ts";

/** Reports an error that compiling, linking or running a module threw. Throws what is none of these. */
export function report(file: string, error: unknown): number {
  if (error instanceof ExitError) return error.exitCode & 0xff;
  if (error instanceof TextError) return reportText(file, error);
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  const styles = stylesOf(2);
  const [kind, message] = problem;
  fail(`zerowasm: ${escaped(file)}: ${styles.red(styles.bold(kind))}: ${escaped(message)}\n`);
  if (!(error instanceof Trap || error instanceof Exception)) return ExitCode.Failure;
  fail(stackLines(error.wasmStack, styles));
  return ExitCode.Trap;
}

// The place stands where editors and terminals look for it. What is no character of a terminal keeps its width, for the caret below.
function reportText(file: string, { message, line, column }: TextError): number {
  const styles = stylesOf(2);
  const [summary, ...excerpt] = message.split("\n");
  const problem = summary.replace(` at ${line}:${column}`, "");
  const place = `${escaped(file)}:${line}:${column}`;
  fail(`zerowasm: ${place}: ${styles.red(styles.bold("malformed text"))}: ${escaped(problem)}\n`);
  for (const text of excerpt) fail(`${text.replace(/[^\P{C}\t]/gu, "\ufffd")}\n`);
  return ExitCode.Failure;
}

function problemOf(error: unknown): [kind: string, message: string] | undefined {
  if (error instanceof Trap) return ["trap", reasonOf(error)];
  if (error instanceof Exception) return ["uncaught", error.message];
  if (error instanceof MalformedError) return ["malformed module", error.message];
  if (error instanceof InvalidError) return ["invalid module", `${error.message}${featureHint(error)}`];
  if (error instanceof LinkError) return ["cannot be linked", error.message];
  if (error instanceof UnsupportedError) return ["not supported", error.message];
  return undefined;
}

// Who ended the guest from outside says why.
function reasonOf({ code, message, cause }: Trap): string {
  return code === "aborted" && cause instanceof Error ? cause.message : message;
}

function featureHint({ message }: InvalidError): string {
  const [, feature] = /^feature (\S+) is off: /.exec(message) ?? [];
  return feature === undefined ? "" : ` (--features wasm3,${feature} allows it)`;
}

function stackLines(stack: readonly StackFrame[], { bold, dim }: Styles): string {
  const lines: { readonly name: string; readonly place: string; times: number }[] = [];
  for (const { module, functionName, functionIndex, offset } of stack) {
    const name = escaped(`${module === "" ? "" : `${module}.`}${functionName ?? `function ${functionIndex}`}`);
    const place = `function ${functionIndex}, offset 0x${offset.toString(16)}`;
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
