// `zerowasm wasm2wat`: translates the binary format into the text format.
import { ExitCode, UsageError } from "./failure.ts";
import { type Flags, flagLines, parseFlags } from "./flags.ts";
import { readModule } from "./module-file.ts";
import { outputFlags, writeResult } from "./output-file.ts";
import { report } from "./report.ts";

const flags = {
  ...outputFlags,
  folded: { help: "operands inside of their instructions (the default)" },
  flat: { help: "one instruction a line" },
} as const satisfies Flags;

export const help: string = `zerowasm wasm2wat FILE [-o OUT] [--folded|--flat]

Translates a module of the binary format into the text format. It has to be well-formed, and need not be
valid. A FILE in the text format is printed anew, without its comments.

${flagLines(flags)}`;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "wasm2wat", flags });
  const [file, ...more] = given.rest;
  if (given.has("folded") && given.has("flat")) throw new UsageError("--folded and --flat disagree");
  const input = readModule(file, "wasm2wat", more);
  const { print } = await import("../text/index.ts");
  try {
    const text = print(await input.binary(), { form: given.has("flat") ? "flat" : "folded" });
    writeResult(given.one("o"), new TextEncoder().encode(text));
  } catch (error) {
    return report(input, error);
  }
  return ExitCode.Success;
}
