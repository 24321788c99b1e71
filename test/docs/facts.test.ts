// Takes what the documents say of the source, holds it to the source: links, rooms, commands and flags.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import test from "node:test";
import { helpOf } from "#dist/cli/help.js";
import { allFeatures } from "#dist/syntax/features.js";
import { systemKeys } from "#dist/system-config.js";
import { pages } from "./blocks.ts";

const architecture = readFileSync("ARCHITECTURE.md", "utf8");

const documents = [
  ...pages(),
  ...["ARCHITECTURE.md", "RATIONALE.md", "CHANGELOG.md", "CONTRIBUTING.md", "bench/README.md", "examples/README.md"],
  ...readdirSync("examples").map((name) => `examples/${name}/README.md`),
  ...readdirSync("test").map((name) => `test/${name}/README.md`),
].filter((path) => existsSync(path));

/** What a page says outside of its blocks of code. */
const proseOf = (path: string): string => readFileSync(path, "utf8").replace(/^```[\s\S]*?^```$/gm, "");

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  const headings = [...proseOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase());
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"));
}

function leads(path: string, target: string, anchor: string | undefined): boolean {
  const file = target === "" ? path : posix.join(posix.dirname(path), target);
  return existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

test("links lead to files, and to headings in them", () => {
  const broken = documents.flatMap((path) =>
    [
      ...proseOf(path)
        .replace(/`[^`\n]*`/g, "")
        .matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g),
    ]
      .filter(([, target, anchor]) => !leads(path, target!, anchor))
      .map(([link]) => `${path}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test("docs/api.md has each option and each feature", () => {
  const page = readFileSync("docs/api.md", "utf8");
  const files = ["config", "module-config", "limit-config"];
  const options = files.flatMap((file) => [
    ...readFileSync(`src/${file}.ts`, "utf8").matchAll(/^ {2}readonly (\w+)\?:/gm),
  ]);
  assert.ok(options.length >= 20);
  for (const name of [...options.map(([, option]) => option!), ...systemKeys, ...allFeatures])
    assert.match(page, new RegExp(`^\\| .*\`"?${name}"?\``, "m"), name);
});

test("pages tell the single files' sizes as they are", () => {
  const limits = JSON.parse(readFileSync("sizes.json", "utf8")) as Record<string, number>;
  const [whole, interpreter] = Object.values(limits).map((bytes) => Math.round(bytes / 1000));
  assert.match(
    readFileSync("docs/js-api.md", "utf8"),
    new RegExp(`about ${whole} KB by gzip, .* ${interpreter} KB\\.`),
  );
  assert.match(readFileSync("examples/page/README.md", "utf8"), new RegExp(`one file of ${interpreter} KB`));
});

test("ARCHITECTURE.md is short and has a bullet for each room", () => {
  assert.ok(architecture.split("\n").length <= 81);
  const rooms = readdirSync("src", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      name === "engine" ? readdirSync("src/engine").map((engine) => `engine/${engine}`) : [name],
    );
  assert.deepEqual(
    rooms.filter((room) => !architecture.includes(`- [src/${room}](src/${room})`)),
    [],
  );
});

test("docs/cli.md has each command and each flag", async () => {
  const page = readFileSync("docs/cli.md", "utf8");
  const commands = [...(await helpOf("help")).matchAll(/^ {2}zerowasm (\w+)/gm)].map(([, name]) => name!);
  assert.ok(commands.includes("run"));
  for (const command of commands) {
    assert.match(page, new RegExp(`^\\| \`${command}\\b`, "m"));
    for (const [flag] of (await helpOf(command)).matchAll(/--[a-z-]+/g)) assert.ok(page.includes(`\`${flag}`), flag);
  }
});

test("docs/wasi.md tells about each function", async () => {
  const { functions } = await import("#dist/wasi/abi.js");
  const words = [...readFileSync("docs/wasi.md", "utf8").matchAll(/`([a-z_]+)(\*?)`/g)].map(([, word, star]) => ({
    word: word!,
    star,
  }));
  const isTold = (name: string): boolean =>
    words.some(({ word, star }) => (star ? name.startsWith(word) : name === word));
  assert.deepEqual(
    Object.keys(functions).filter((name) => !isTold(name)),
    [],
  );
});
