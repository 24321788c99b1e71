// Takes the text of a script, runs it in a process of its own with the node door at hand.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** A running script. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it printed, once it ended. */
  readonly ended: Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number | null }>;
}

const head = 'import { clocks, clocksAsync, random, stdio, stdioAsync } from "zerowasm/node";\n';

/** Starts a script; thirty seconds at most. Tests run from the package's root, where the package knows itself. */
export function start(script: string, file?: string): Running {
  const args = ["--input-type=module", "--eval", head + script];
  const [command, ...rest] =
    file === undefined ? [process.execPath, ...args] : ["sh", "-c", '"$@" < "$0"', file, process.execPath, ...args];
  const child = spawn(command!, rest, { timeout: 30_000 });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
  child.stdin.on("error", () => {});
  const ended = new Promise<Awaited<Running["ended"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code });
    });
  });
  return { child, ended };
}

/** Runs a script to its end with all of its input. */
export async function run(script: string, input: string | Uint8Array = ""): Promise<string> {
  const { child, ended } = start(script);
  child.stdin.end(input);
  const { stdout, stderr } = await ended;
  return stdout + stderr;
}
