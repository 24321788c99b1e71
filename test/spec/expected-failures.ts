// Takes what went wrong in a script, and what is known to go wrong, gives what is news.
import { readFileSync } from "node:fs";
import type { Failure, Report } from "./runner.ts";

/** Commands that are known to fail. */
interface ExpectedFailure {
  /** Path of a script, or of a folder with a slash at its end. */
  readonly path: string;
  /** Lines of the commands. One that passes all the same is news too. */
  readonly lines?: readonly number[];
  /** All commands that meet what the engine does not support, as long as it does not. */
  readonly unsupported?: true;
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
  const known = expected.filter((one) => one.path === path || (one.path.endsWith("/") && path.startsWith(one.path)));
  const isKnown = ({ line, message }: Failure): boolean => {
    return known.some(
      ({ lines, unsupported }) => lines?.includes(line) || (unsupported && message.includes("UnsupportedError")),
    );
  };
  const unknown = failures.filter((failure) => !isKnown(failure));
  const failed = new Set(failures.map(({ line }) => line));
  const passed = known.flatMap(({ lines = [] }) => lines.filter((line) => !failed.has(line)));
  return {
    expectedCount: failures.length - unknown.length,
    news: [
      ...unknown.map(({ line, message }) => `${line}: ${message}`),
      ...passed.map((line) => `${line}: is expected to fail, and passes`),
    ],
  };
}
