// Writes text to the standard streams. By hand, because making Node's own streams takes longer than many a command.
import { codeOf, isTerminal, type StandardFd, writeBlocking } from "../node/descriptor.ts";
import { ExitCode, unwritable } from "./failure.ts";

/** Writes to standard output; ends the process silently where nobody reads it. */
export function print(text: string): void {
  write(1, text);
}

/** Writes bytes to standard output, likewise. */
export function printBytes(bytes: Uint8Array): void {
  writeBytes(1, bytes);
}

/** Writes to standard error. */
export function fail(text: string): void {
  write(2, text);
}

/** Text in a style, where the stream is a terminal and NO_COLOR does not forbid it. */
export type Style = (text: string) => string;

/** The styles of a stream. */
export interface Styles {
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
}

/** The styles that suit a stream. */
export function stylesOf(fd: StandardFd): Styles {
  const { NO_COLOR = "", TERM } = process.env;
  const isPlain = NO_COLOR !== "" || TERM === "dumb" || !isTerminal(fd);
  const style = (on: number, off: number): Style => {
    return (text) => (isPlain || text === "" ? text : `\x1b[${on}m${text}\x1b[${off}m`);
  };
  return { bold: style(1, 22), dim: style(2, 22), red: style(31, 39) };
}

/** Text of a module or a user, made visible: a terminal obeys control characters, and U+202E and its kin turn text around. */
export function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** Ends the process where an error says that nobody reads the output. */
export function exitOnBrokenPipe(error: unknown): void {
  if (codeOf(error) === "EPIPE") process.exit(ExitCode.BrokenPipe);
}

function write(fd: StandardFd, text: string): void {
  writeBytes(fd, new TextEncoder().encode(text));
}

function writeBytes(fd: StandardFd, bytes: Uint8Array): void {
  try {
    writeBlocking(fd, bytes);
  } catch (error) {
    exitOnBrokenPipe(error);
    throw unwritable(fd === 1 ? "standard output" : "standard error", error);
  }
}
