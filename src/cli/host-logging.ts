// Takes the value of --host-logging, gives a log that writes to standard error.
import type { HostLog, LogScope } from "../wasi/index.ts";
import { UsageError } from "./failure.ts";
import { fail } from "./output.ts";

export const logScopes: readonly LogScope[] = ["clock", "filesystem", "memory", "poll", "proc", "random", "sock"];

/** The log of the scopes in a list, undefined where there is no flag. Throws a UsageError for a scope that is none. */
export function hostLogOf(list: string | undefined): HostLog | undefined {
  if (list === undefined) return undefined;
  const names = list === "" ? ["all"] : list.split(",");
  for (const name of names) {
    if (name !== "all" && !logScopes.includes(name as LogScope))
      throw new UsageError(`--host-logging: there is no scope "${name}"; scopes are all, ${logScopes.join(", ")}`);
  }
  const scopes = names.includes("all") ? undefined : (names as LogScope[]);
  return { write: (line) => fail(`${line}\n`), scopes };
}
