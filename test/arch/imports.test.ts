// Takes the imports in src, fails on an edge that layers.json doesn't allow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { filesIn, importsOf, resolveFrom } from "./source.ts";

const layers: Record<string, string[]> = JSON.parse(readFileSync("layers.json", "utf8"));

function roomOf(path: string): string {
  const folders = path.split("/").slice(0, -1);
  const room = folders[0] === "engine" ? folders.slice(0, 2).join("/") : folders[0];
  return room ?? "facade";
}

test("every import in src is an edge of layers.json", () => {
  const wrong: string[] = [];
  for (const { path, text } of filesIn("src", ".ts")) {
    const room = roomOf(path);
    assert.ok(layers[room], `${path}: layers.json has no room ${room}`);
    for (const specifier of importsOf(text)) {
      const file = resolveFrom(path, specifier);
      const target = file === undefined ? specifier.replace(/^node:.*/, "node:*") : roomOf(file);
      if (target !== room && !layers[room].includes(target)) wrong.push(`${path} imports ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("layers.json has no cycle", () => {
  const visit = (room: string, way: readonly string[]): void => {
    assert.ok(!way.includes(room), `cycle: ${[...way, room].join(" → ")}`);
    for (const next of layers[room] ?? []) visit(next, [...way, room]);
  };
  for (const room of Object.keys(layers)) visit(room, []);
});
