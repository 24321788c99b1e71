// Takes what went wrong in a script, and what is known to go wrong, gives what is news.
import { readFileSync } from "node:fs";
import type { Report } from "./runner.ts";

/** Commands that are known to fail. */
interface ExpectedFailure {
  /** Path of a script. */
  readonly path: string;
  /** Lines of the commands. One that passes all the same is news too. */
  readonly lines: readonly number[];
  readonly reason: string;
  readonly link: string;
}

const expected: readonly ExpectedFailure[] = JSON.parse(readFileSync("test/spec/expected-failures.json", "utf8"));

/** A report, with failures told apart. */
export interface Judgement {
  readonly expectedCount: number;
  /** "line: message" of each failure that is news, and of each expected one that did not come. */
  readonly news: readonly string[];
}

/** Tells expected failures from others. */
export function judge(path: string, { failures }: Report): Judgement {
  const known = new Set(expected.filter((one) => one.path === path).flatMap(({ lines }) => lines));
  const unknown = failures.filter(({ line }) => !known.has(line));
  const failed = new Set(failures.map(({ line }) => line));
  const passed = [...known].filter((line) => !failed.has(line));
  return {
    expectedCount: failures.length - unknown.length,
    news: [
      ...unknown.map(({ line, message }) => `${line}: ${message}`),
      ...passed.map((line) => `${line}: is expected to fail, and passes`),
    ],
  };
}
