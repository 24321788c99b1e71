// Takes what the documents say of the source, holds it to the source: links, rooms, commands and flags.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import test from "node:test";
import { helpOf } from "#dist/cli/help.js";
import { pages } from "./blocks.ts";

const architecture = readFileSync("ARCHITECTURE.md", "utf8");

test("links lead to files", () => {
  const broken = [...pages(), "ARCHITECTURE.md", "RATIONALE.md", "CHANGELOG.md"].flatMap((path) => {
    const text = readFileSync(path, "utf8").replace(/^```[\s\S]*?^```$|`[^`\n]*`/gm, "");
    return [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^https?:/.test(target) && !existsSync(posix.join(posix.dirname(path), target)))
      .map((target) => `${path}: ${target}`);
  });
  assert.deepEqual(broken, []);
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
