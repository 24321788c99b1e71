// `zerowasm wat2wasm`: translates the text format into the binary format.
import { isTerminal } from "../node/descriptor.ts";
import { ExitCode, UsageError } from "./failure.ts";
import { flagLines, parseFlags } from "./flags.ts";
import { readModule } from "./module-file.ts";
import { outputFlags, writeResult } from "./output-file.ts";
import { report } from "./report.ts";

export const help: string = `zerowasm wat2wasm FILE [-o OUT]

Translates a module of the text format into the binary format. Identifiers stay as names, in the name
section. The module is not validated (see zerowasm help validate).

${flagLines(outputFlags)}`;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "wat2wasm", flags: outputFlags });
  const [file, ...more] = given.rest;
  const out = given.one("o");
  if ((out === undefined || out === "-") && isTerminal(1)) {
    throw new UsageError("a binary is nothing for a terminal: write it to a file with -o OUT");
  }
  const input = readModule(file, "wat2wasm", more);
  if (!input.isText) throw new UsageError(`${file}: is a binary already`);
  try {
    writeResult(out, await input.binary());
  } catch (error) {
    return report(input, error);
  }
  return ExitCode.Success;
}
