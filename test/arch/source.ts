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

/** The code without comments, templates and quoted strings. */
export function codeOf(text: string): string {
  return text.replace(TOKEN, (token) => (/^[`"']/.test(token) ? '""' : " "));
}

/** What the code imports, types included. */
export function importsOf(text: string): string[] {
  // Quoted strings become their numbers, so that the words in them are not taken for code.
  const quoted: string[] = [];
  const code = text.replace(TOKEN, (token) => {
    if (/^["']/.test(token)) return `"${quoted.push(token.slice(1, -1)) - 1}"`;
    return token.startsWith("`") ? '""' : " ";
  });
  const found = code.matchAll(/\b(?:from|import)\s*\(?\s*"(\d+)"/g);
  return [...found].map(([, index]) => quoted[Number(index)]!);
}

/** The path that `specifier` names in the file at `path`; undefined where it is not relative. */
export function resolveFrom(path: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}
