// `zerowasm inspect`: shows what a module is made of.
import { type Inspection, inspect } from "../inspection.ts";
import { ExitCode } from "./failure.ts";
import { type Flags, flagLines, parseFlags } from "./flags.ts";
import { describe } from "./inspection-text.ts";
import { readModule } from "./module-file.ts";
import { print, stylesOf } from "./output.ts";
import { report } from "./report.ts";

const flags = { json: { help: "as JSON" } } as const satisfies Flags;

export const help: string = `zerowasm inspect [flags] FILE

Shows a module's imports and exports with their types, its memories, tables and globals, the features it
uses, its sections and the tools that made it. The module is decoded, but neither validated nor run.

${flagLines(flags)}`;

// JSON may hold characters that a terminal obeys, such as U+009B and U+202E; it can spell them, too.
function jsonOf(inspection: Inspection): string {
  const text = JSON.stringify(inspection, null, 2);
  const spelled = (found: string): string =>
    found.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `${text.replace(/[^\P{C}\n]/gu, spelled)}\n`;
}

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "inspect", flags });
  const [file, ...more] = given.rest;
  const input = readModule(file, "inspect", more);
  try {
    const inspection = inspect(await input.binary());
    print(given.has("json") ? jsonOf(inspection) : describe(file, inspection, stylesOf(1)));
    return ExitCode.Success;
  } catch (error) {
    return report(input, error);
  }
}
