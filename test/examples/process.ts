// Takes a command line of Node's, gives what the process printed. Tests run from the package's root.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a finished process left. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
}

/** Runs `node` with `stdin` piped in and waits for its end; two minutes at most. */
export function node(args: readonly string[], stdin: Uint8Array | string = ""): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { timeout: 120_000 });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code });
    });
    // A guest that ends before it has read everything closes the pipe.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
  });
}

/** The text of a file in an example's folder. */
export function textOf(example: string, file: string): string {
  return readFileSync(`examples/${example}/${file}`, "utf8");
}
