#!/usr/bin/env node
// The command line: takes arguments, runs a command and leaves its exit code.
import { ExitCode, UsageError } from "./failure.ts";
import { commands, help } from "./help.ts";
import { escaped, fail, print } from "./output.ts";

const aliases: Readonly<Record<string, string>> = {
  "--help": "help",
  "-h": "help",
  "--version": "version",
  "-V": "version",
};

async function main(): Promise<number> {
  const [given, ...args] = process.argv.slice(2);
  if (given === undefined) {
    fail(help);
    return ExitCode.Usage;
  }
  const name = aliases[given] ?? given;
  if (!Object.hasOwn(commands, name)) {
    const hint = /\.wa(?:sm|t)$/.test(given) ? `to run a module: zerowasm run ${given}` : "see zerowasm help";
    throw new UsageError(`unknown ${given.startsWith("-") ? "flag" : "command"} "${given}"; ${hint}`);
  }
  const command = await commands[name]();
  if (args[0] === "--help" || args[0] === "-h") {
    print(command.help);
    return ExitCode.Success;
  }
  return command.run(args);
}

async function exitCodeOf(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    fail(`zerowasm: ${escaped(error.message)}\n`);
    return ExitCode.Usage;
  }
}

// A guest may leave timers and an open stdin behind.
process.exit(await exitCodeOf(main));
