// Why a command fails, and the exit code that says so.

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
