// Takes arguments, runs the command line in a process of its own; makes the modules it is tried with.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { node, type Outcome } from "../examples/process.ts";

export const CLI = "dist/cli/main.js";

/** Runs a command. */
export function zerowasm(...args: readonly string[]): Promise<Outcome> {
  return node([CLI, ...args]);
}

/** A folder for a test file's modules; it is gone when the tests are through. */
export const folder: string = mkdtempSync(join(tmpdir(), "zerowasm-"));
after(() => rmSync(folder, { recursive: true }));

/** Writes a file into the folder and gives its path. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
