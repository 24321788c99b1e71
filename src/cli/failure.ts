// Why a command fails, and the exit code that says so.
import { codeOf } from "../node/descriptor.ts";

export const ExitCode = {
  Success: 0,
  /** The module is malformed, invalid or cannot be linked. */
  Failure: 1,
  /** The command line is wrong; nothing ran. */
  Usage: 2,
  /** As a shell reports SIGABRT: the guest trapped. */
  Trap: 134,
  /** As a shell reports SIGPIPE: nobody reads the output any more. */
  BrokenPipe: 141,
} as const;

/** What is wrong with the command line, in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a file or stream that does not take a command's result is told as. */
export function unwritable(name: string, error: unknown): UsageError {
  return new UsageError(`${name}: cannot be written: ${reasons.get(codeOf(error)) ?? (error as Error).message}`);
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "no such folder"],
  ["ENOTDIR", "no such folder"],
  ["EISDIR", "is a directory"],
  ["EACCES", "permission denied"],
  ["ENOSPC", "no space left"],
]);
