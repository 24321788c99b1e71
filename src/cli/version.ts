// `zerowasm version`.
import { readFileSync } from "node:fs";
import { ExitCode } from "./failure.ts";
import { parseFlags } from "./flags.ts";
import { refuseMore } from "./module-file.ts";
import { print } from "./output.ts";

export const help = `zerowasm version

Prints the version.
`;

/** Runs the command. */
export function run(args: readonly string[]): number {
  refuseMore(parseFlags(args, { command: "version", flags: {} }).rest, "version");
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  print(`zerowasm ${manifest.version}\n`);
  return ExitCode.Success;
}
