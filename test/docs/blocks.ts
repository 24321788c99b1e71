// Takes a Markdown file, gives its code blocks.
import { readdirSync, readFileSync } from "node:fs";

/** A fenced block of a document. */
export interface Block {
  /** Where it begins: `docs/api.md:12`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
  /** The `text` block that follows it directly: what it prints. */
  readonly output: string | undefined;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** All blocks of a document, those of language `text` included. */
export function blocksOf(path: string): Block[] {
  const text = readFileSync(path, "utf8");
  const fences = [...text.matchAll(FENCE)];
  return fences.map((fence, i) => {
    const next = fences[i + 1];
    const between = next && text.slice(fence.index + fence[0].length, next.index);
    const follows = next?.[1] === "text" && between?.trim() === "";
    const line = text.slice(0, fence.index).split("\n").length;
    return { place: `${path}:${line}`, language: fence[1]!, code: fence[2]!, output: follows ? next[2] : undefined };
  });
}

/** README.md and the pages of docs/. */
export function pages(): string[] {
  const names = readdirSync("docs").filter((name) => name.endsWith(".md"));
  return [...names.map((name) => `docs/${name}`), "README.md"];
}
