// `zerowasm compile`: compiles a module ahead of time.
import { precompile } from "../index.ts";
import { ExitCode, UsageError } from "./failure.ts";
import { flagLines, parseFlags } from "./flags.ts";
import { readModule } from "./module-file.ts";
import { fail } from "./output.ts";
import { outputFlags, writeResult } from "./output-file.ts";
import { report } from "./report.ts";
import { featureConfig, featureFlags } from "./runtime-flags.ts";

const flags = { ...outputFlags, ...featureFlags } as const;

export const help: string = `zerowasm compile [flags] FILE [-o OUT]

Compiles a module ahead of time into an ES module: the binary, and its functions as JavaScript. Import it
and give its default export to compile or instantiate of a runtime of the same version. Nothing makes code
from text then, so it works where the host forbids that. Functions that cannot be compiled, and calls that
may be suspended, are left to the interpreter.

${flagLines(flags)}`;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "compile", flags });
  const [file, ...more] = given.rest;
  const input = readModule(file, "compile", more);
  const config = featureConfig(given.one("features"));
  try {
    const { source, functions, compiled } = precompile(await input.binary(), config);
    writeResult(given.one("o"), new TextEncoder().encode(source));
    if (compiled < functions)
      fail(`zerowasm: ${functions - compiled} of ${functions} functions stay with the interpreter\n`);
  } catch (error) {
    // The one option there is has the name of its flag.
    if (error instanceof TypeError) throw new UsageError(error.message);
    return report(input, error);
  }
  return ExitCode.Success;
}
