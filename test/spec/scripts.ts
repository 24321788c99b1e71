// Finds the specification's scripts on this machine, and says which features each folder of them needs.
import { existsSync, readdirSync } from "node:fs";
import type { RuntimeConfig } from "zerowasm";

/** One script: its path from the root of the scripts, with forward slashes. */
export interface Script {
  readonly path: string;
  readonly file: string;
}

const scriptRoot = [process.env["ZEROWASM_SPEC"], ".spec", "../shared/spec"].find((folder): folder is string => {
  return folder !== undefined && folder !== "" && existsSync(`${folder}/core`);
});

/** What to say where there are no scripts. */
export const howToFetch =
  "The specification's scripts are not here: `npm run spec:fetch` gets them into .spec/, or ZEROWASM_SPEC names their folder.";

/** The scripts whose path has one of these words, in order of their paths; undefined where there are none at all. */
export function findScripts(words: readonly string[] = []): readonly Script[] | undefined {
  if (scriptRoot === undefined) return undefined;
  return readdirSync(scriptRoot, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".wast") && (words.length === 0 || words.some((word) => path.includes(word))))
    .sort()
    .map((path) => ({ path, file: `${scriptRoot}/${path}` }));
}

/** The folder a script is reported under. */
export function folderOf({ path }: Script): string {
  const parts = path.split("/");
  return parts[0] === "core" ? parts.slice(0, -1).join("/") : parts.slice(0, 2).join("/");
}

/** The features that a folder's scripts are written for. */
export function featuresOf(folder: string): NonNullable<RuntimeConfig["features"]> {
  if (folder.startsWith("legacy/")) return ["wasm3", "legacy-exceptions"];
  if (folder === "proposals/wide-arithmetic") return ["wasm3", "wide-arithmetic"];
  if (folder === "proposals/custom-page-sizes") return ["wasm3", "custom-page-sizes"];
  // Its scripts are older than several tables and memories.
  if (folder === "proposals/threads") return ["wasm1", "threads", ...olderThanTables];
  return "wasm3";
}

const olderThanTables = ["sign-extension", "saturating-truncation", "multi-value", "bulk-memory"] as const;
