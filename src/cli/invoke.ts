// `zerowasm invoke`: calls one exported function.
import type { CompiledModule, FunctionDefinition } from "../index.ts";
import { ExitCode, UsageError } from "./failure.ts";
import { flagLines, parseFlags } from "./flags.ts";
import { hostLogOf } from "./host-logging.ts";
import { provideHostModules } from "./host-modules.ts";
import { limitsOf } from "./limit-flags.ts";
import { readModule } from "./module-file.ts";
import { print } from "./output.ts";
import { profileOf } from "./profile.ts";
import { report } from "./report.ts";
import { exportList, makeRuntime, runtimeFlags } from "./runtime-flags.ts";
import { systemFlags, systemOf } from "./system-flags.ts";
import { parseValue, printValue } from "./values.ts";

const flags = { ...systemFlags, ...runtimeFlags } as const;

export const help: string = `zerowasm invoke [flags] FILE FUNCTION [ARGUMENTS]

Calls an exported function and prints its results, one a line. Numbers are decimal or hexadecimal (0x1f,
0x1.8p3), floats also inf and nan; a v128 is 0x and up to 32 digits; a reference is null. A function
_initialize is called first, where the module exports one.

${flagLines(flags)}`;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseFlags(args, { command: "invoke", flags, stopsEarly: true });
  const [file, name, ...texts] = given.rest;
  const input = readModule(file, "invoke");
  if (name === undefined) throw new UsageError("no FUNCTION is given; see zerowasm help invoke");
  const profile = profileOf(given.one("profile"));
  const runtime = await makeRuntime(given, profile.profiler);
  const log = hostLogOf(given.one("host-logging"));
  const limits = limitsOf(given);
  const { system, close } = await systemOf(given, file, []);
  try {
    const compiled = runtime.compile(await input.binary());
    provideHostModules(runtime, compiled, log);
    const definition = functionNamed(compiled, name, file);
    const values = argumentsOf(definition, name, texts);
    const startFunctions = compiled.exports.some(({ name }) => name === "_initialize") ? ["_initialize"] : [];
    const module = await runtime.instantiateAsync(compiled, { ...system, ...limits, startFunctions });
    const result = await module.exportedFunction(name)!.callAsync(...values);
    const { results } = definition;
    const list: readonly unknown[] = results.length > 1 ? (result as unknown[]) : [result];
    for (const [i, type] of results.entries()) print(`${printValue(type, list[i])}\n`);
    return ExitCode.Success;
  } catch (error) {
    return report(input, error);
  } finally {
    runtime.close();
    profile.write();
    await close();
  }
}

function functionNamed(compiled: CompiledModule, name: string, file: string): FunctionDefinition {
  const found = compiled.exports.find((one) => one.name === name);
  if (found?.extern.kind === "function") return found.extern;
  const problem = found === undefined ? `no export "${name}"` : `"${name}" is a ${found.extern.kind}`;
  throw new UsageError(`${file}: ${problem}; the functions exported: ${exportList(compiled, "function")}`);
}

function argumentsOf({ params }: FunctionDefinition, name: string, texts: readonly string[]): unknown[] {
  if (texts.length !== params.length) {
    const types = params.length === 0 ? "no arguments" : `the arguments (${params.join(" ")})`;
    throw new UsageError(`${name} takes ${types}, got ${texts.length}`);
  }
  return params.map((type, i) => {
    const value = parseValue(type, texts[i]);
    if (value === undefined) throw new UsageError(`argument ${i + 1} of ${name}: "${texts[i]}" is no ${type}`);
    return value;
  });
}
