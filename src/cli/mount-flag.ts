// Takes the values of --mount, gives the file systems they name (HOST[:GUEST][:ro]).
import type { FileSystem, Mounts } from "../api/file-system.ts";
import { mounts } from "../fs/index.ts";
import { codeOf } from "../node/descriptor.ts";
import { hostDirectory } from "../node/index.ts";
import { UsageError } from "./failure.ts";

/** The mounts, undefined where there are none. Throws a UsageError for one that is wrong, before anything runs. */
export function mountsOf(values: readonly string[]): Mounts | undefined {
  if (values.length === 0) return undefined;
  const byPath = new Map<string, FileSystem>();
  for (const value of values) {
    const { host, guest, readOnly } = parse(value);
    if (byPath.has(guest)) throw new UsageError(`--mount ${value}: ${guest} is taken by another mount`);
    byPath.set(guest, open(value, host, readOnly));
  }
  return mounts(Object.fromEntries(byPath));
}

function parse(value: string): { readonly host: string; readonly guest: string; readonly readOnly: boolean } {
  // On Windows a path may begin with a drive, whose colon separates nothing.
  const drive = process.platform === "win32" ? (/^[A-Za-z]:(?=[\\/])/.exec(value)?.[0] ?? "") : "";
  const parts = value.slice(drive.length).split(":");
  const readOnly = parts.length > 1 && parts[parts.length - 1] === "ro";
  if (readOnly) parts.pop();
  const host = drive + parts[0];
  const guest = parts[1] ?? host;
  if (host === "" || guest === "" || parts.length > 2 || value.includes("\0")) {
    throw new UsageError(`--mount ${value}: write HOST[:GUEST][:ro]`);
  }
  return { host, guest, readOnly };
}

function open(value: string, host: string, readOnly: boolean): FileSystem {
  try {
    return hostDirectory(host, { readOnly });
  } catch (error) {
    const problem = reasons.get(codeOf(error));
    if (problem === undefined) throw error;
    throw new UsageError(`--mount ${value}: ${problem}`);
  }
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "no such directory"],
  ["ENOTDIR", "is no directory"],
  ["EACCES", "may not be read"],
]);
