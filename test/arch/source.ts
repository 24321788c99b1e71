// Takes a folder, gives its files and the code in them. Tests run from the package's root.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

/** A source or built file. */
export interface SourceFile {
  /** Path from the folder asked for. */
  readonly path: string;
  readonly text: string;
}

/** The files under `folder` whose names end with `ending`. */
export function filesIn(folder: string, ending: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => ({ path, text: readFileSync(posix.join(folder, path), "utf8") }));
}

const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//;
const TEMPLATE = /`(?:\\[\s\S]|[^`\\])*`/;
const QUOTED = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/;
const TOKEN = new RegExp([COMMENT, TEMPLATE, QUOTED].map(({ source }) => source).join("|"), "g");

/** The code without comments and templates, and without quoted strings where `quoted` is false. */
export function codeOf(text: string, quoted = false): string {
  return text.replace(TOKEN, (token) => (quoted && /^["']/.test(token) ? token : /^[`"']/.test(token) ? '""' : " "));
}

/** What the code imports, types included. */
export function importsOf(text: string): string[] {
  const found = codeOf(text, true).matchAll(/\bfrom\s*"([^"]+)"|(?<!")\bimport\s*\(?\s*"([^"]+)"/g);
  return [...found].map(([, from, bare]) => (from ?? bare)!);
}

/** The path that `specifier` names in the file at `path`; undefined where it is not relative. */
export function resolveFrom(path: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}
