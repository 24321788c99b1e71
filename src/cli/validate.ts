// `zerowasm validate`: says whether a file is a valid module.
import { ExitCode } from "./failure.ts";
import { flagLines, parseFlags } from "./flags.ts";
import { readModule } from "./module-file.ts";
import { escaped, print } from "./output.ts";
import { report } from "./report.ts";
import { featureConfig, featureFlags, runtimeOf } from "./runtime-flags.ts";

export const help: string = `zerowasm validate [flags] FILE

Decodes and validates a module. The exit code is 0 for a valid module, and 1 for another one.

${flagLines(featureFlags)}`;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "validate", flags: featureFlags });
  const [file, ...more] = given.rest;
  const input = readModule(file, "validate", more);
  const runtime = await runtimeOf({
    engine: "interpreter",
    dispatch: "switch",
    ...featureConfig(given.one("features")),
  });
  try {
    runtime.compile(await input.binary());
  } catch (error) {
    return report(input, error);
  }
  print(`${escaped(file)}: valid\n`);
  return ExitCode.Success;
}
