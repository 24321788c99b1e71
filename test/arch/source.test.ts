// Takes every source file, holds it to the house's rules on names, openings, lengths and forbidden words.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { codeOf, filesIn, type SourceFile } from "./source.ts";

const MAX_LINES = 600;
/** The opcode table, and what is printed. */
const LONG = /^syntax\/opcodes\.ts$|\.generated\.ts$/;

const sources = filesIn("src", ".ts");
const failing = (rule: (file: SourceFile) => boolean): string[] => sources.filter(rule).map(({ path }) => path);

test("nothing uses the host's WebAssembly, and only what would replace it looks at it", () => {
  const used =
    /\bWebAssembly\s*[.[]|\b(?:globalThis|window|self|global)\s*(?:\.|as\b[^;]*\.)\s*WebAssembly\b|\btypeof\s+WebAssembly\b/;
  assert.deepEqual(
    failing(({ text }) => used.test(codeOf(text))),
    ["js-api/host-namespace.ts"],
  );
});

test("only engine/compiler makes code from text", () => {
  const made = /\bnew\s+Function\b|\bFunction\s*\(|\beval\s*\(/;
  assert.deepEqual(
    failing(({ path, text }) => !path.startsWith("engine/compiler/") && made.test(codeOf(text))),
    [],
  );
});

test("each file opens with a comment", () => {
  assert.deepEqual(
    failing(({ text }) => !/^(?:#!.*\n)?\/[/*]/.test(text)),
    [],
  );
});

test("names are kebab-case and say something", () => {
  const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.generated)?\.ts$/;
  const vague = /\b(?:helpers?|common|misc|managers?|utils)\b/;
  assert.deepEqual(
    failing(({ path }) => !kebab.test(path) || vague.test(path)),
    [],
  );
});

test(`no file is longer than ${MAX_LINES} lines`, () => {
  assert.deepEqual(
    failing(({ path, text }) => !LONG.test(path) && text.split("\n").length > MAX_LINES + 1),
    [],
  );
});

test("no tracked file names a path of the machine it was made on", () => {
  const local = /(?<![\w.~-])\/(?:home|root|Users|work|workspace)\/[\w.]/;
  const tracked = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" })
    .split("\0")
    .filter((path) => existsSync(path));
  assert.deepEqual(
    tracked.filter((path) => local.test(readFileSync(path, "latin1"))),
    [],
  );
});
