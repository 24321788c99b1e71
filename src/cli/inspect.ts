// `zerowasm inspect`: shows what a module is made of.
import { inspect } from "../inspection.ts";
import { ExitCode } from "./failure.ts";
import { type Flags, flagLines, parseFlags } from "./flags.ts";
import { describe } from "./inspection-text.ts";
import { binaryOf, readModule } from "./module-file.ts";
import { print, stylesOf } from "./output.ts";
import { report } from "./report.ts";

const flags = { json: { help: "as JSON" } } as const satisfies Flags;

export const help: string = `zerowasm inspect [flags] FILE

Shows a module's imports and exports with their types, its memories, tables and globals, the features it
uses, its sections and the tools that made it. The module is decoded, but neither validated nor run.

${flagLines(flags)}`;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "inspect", flags });
  const [file, ...more] = given.rest;
  const source = readModule(file, "inspect", more);
  try {
    const inspection = inspect(await binaryOf(source));
    print(given.has("json") ? `${JSON.stringify(inspection, null, 2)}\n` : describe(file, inspection, stylesOf(1)));
    return ExitCode.Success;
  } catch (error) {
    return report(file, error);
  }
}
