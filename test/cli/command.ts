// Takes arguments, runs the command line in a process of its own; makes the modules it is tried with.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { node, type Outcome } from "../examples/process.ts";

export const CLI = "dist/bundled/main.js";

/** Runs a command. */
export function zerowasm(...args: readonly string[]): Promise<Outcome> {
  return node([CLI, ...args]);
}

// Of util-linux: runs a command in a terminal.
const SCRIPT = "/usr/bin/script";
/** Where tests that need a terminal are left out. */
export const noTerminal: boolean = process.platform !== "linux" || !existsSync(SCRIPT);

/** What a command writes to a terminal; `prefix` sets variables of the environment. */
export async function inTerminal(prefix: string, ...args: readonly string[]): Promise<string> {
  const line = [prefix, process.execPath, CLI, ...args].join(" ");
  const child = spawn(SCRIPT, ["-qec", line, "/dev/null"], {
    // An empty NO_COLOR counts as none.
    env: { ...process.env, NO_COLOR: "", TERM: "xterm" },
    timeout: 60_000,
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
  });
  await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  return output;
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
