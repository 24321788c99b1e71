// `zerowasm help`, and the commands that it tells about. Each is loaded when it is asked for.
import { ExitCode, UsageError } from "./failure.ts";
import { parseFlags } from "./flags.ts";
import { refuseMore } from "./module-file.ts";
import { print } from "./output.ts";

export const help: string = `zerowasm: a WebAssembly runtime in TypeScript

  zerowasm run FILE [-- ARGUMENTS]          run a program
  zerowasm invoke FILE FUNCTION ARGUMENTS   call an exported function
  zerowasm compile FILE [-o OUT]            compile a module into an ES module, ahead of time
  zerowasm validate FILE                    say whether a module is valid
  zerowasm inspect FILE                     show what a module imports, exports and uses
  zerowasm wat2wasm FILE [-o OUT]           translate the text format into the binary format
  zerowasm wasm2wat FILE [-o OUT]           translate the binary format into the text format
  zerowasm version                          print the version
  zerowasm help COMMAND                     tell about a command and its flags
`;

/** What a command's file exports. */
interface Command {
  readonly help: string;
  /** Takes the arguments after the command's name, gives an exit code. */
  run(args: readonly string[]): number | Promise<number>;
}

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: () => import("./run.ts"),
  invoke: () => import("./invoke.ts"),
  compile: () => import("./compile.ts"),
  validate: () => import("./validate.ts"),
  inspect: () => import("./inspect.ts"),
  wat2wasm: () => import("./wat2wasm.ts"),
  wasm2wat: () => import("./wasm2wat.ts"),
  version: () => import("./version.ts"),
  help: () => Promise.resolve({ help, run }),
};

/** The help of a command. */
export async function helpOf(command: string): Promise<string> {
  if (!Object.hasOwn(commands, command)) throw new UsageError(`unknown command "${command}"; see zerowasm help`);
  const { help } = await commands[command]();
  return help;
}

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const [command = "help", ...more] = parseFlags(args, { command: "help", flags: {} }).rest;
  refuseMore(more, "help");
  print(await helpOf(command));
  return ExitCode.Success;
}
