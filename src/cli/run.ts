// `zerowasm run`: runs a command with WASI.
import { ExitCode, UsageError } from "./failure.ts";
import { flagLines, parseFlags } from "./flags.ts";
import { hostLogOf } from "./host-logging.ts";
import { provideHostModules } from "./host-modules.ts";
import { limitsOf } from "./limit-flags.ts";
import { readModule } from "./module-file.ts";
import { profileOf } from "./profile.ts";
import { report } from "./report.ts";
import { exportList, makeRuntime, runtimeFlags } from "./runtime-flags.ts";
import { systemFlags, systemOf } from "./system-flags.ts";

const flags = { ...systemFlags, ...runtimeFlags } as const;

export const help: string = `zerowasm run [flags] FILE [--] [arguments of the guest]

Runs the function _start of a WebAssembly module, with WASI preview1: standard streams, clocks, random
bytes, and the directories given by --mount. The guest's exit code is the exit code; a trap is 134. Flags
stand before FILE: what comes after it goes to the guest.

${flagLines(flags)}`;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "run", flags, stopsEarly: true });
  const [file, ...after] = given.rest;
  const input = readModule(file, "run");
  const profile = profileOf(given.one("profile"));
  const runtime = await makeRuntime(given, profile.profiler);
  const log = hostLogOf(given.one("host-logging"));
  const limits = limitsOf(given);
  const { system, close } = await systemOf(given, file, after[0] === "--" ? after.slice(1) : after);
  try {
    const compiled = runtime.compile(await input.binary());
    provideHostModules(runtime, compiled, log);
    const start = compiled.exports.find(({ name }) => name === "_start");
    if (start?.extern.kind !== "function") {
      throw new UsageError(
        `${file}: no function _start to run; the module exports ${exportList(compiled)} (see zerowasm help invoke)`,
      );
    }
    const { params } = start.extern;
    if (params.length > 0)
      throw new UsageError(`${file}: the function _start takes nothing in a program, not (${params.join(" ")})`);
    await runtime.instantiateAsync(compiled, { ...system, ...limits });
    return ExitCode.Success;
  } catch (error) {
    return report(input, error);
  } finally {
    runtime.close();
    profile.write();
    await close();
  }
}
