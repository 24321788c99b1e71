// Takes the built package, holds it to what speed and strict hosts need.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { codeOf, filesIn, importsOf, resolveFrom } from "./source.ts";

/** Every module that `door` loads, itself included, by paths in dist. */
function graphOf(door: string): Map<string, string> {
  const graph = new Map<string, string>();
  const visit = (path: string): void => {
    if (graph.has(path)) return;
    const text = readFileSync(`dist/${path}`, "utf8");
    graph.set(path, text);
    for (const specifier of importsOf(text))
      visit(resolveFrom(path, specifier) ?? assert.fail(`${path} loads ${specifier}`));
  };
  visit(door);
  return graph;
}

test("the interpreter's switch labels are literals", () => {
  // A label read from an enum object costs the loop 1.3 to 8 times: tsc must have inlined it.
  const files = filesIn("dist/engine/interpreter", ".js");
  assert.ok(files.length > 0);
  const named = files.flatMap(({ path, text }) => {
    return [...codeOf(text).matchAll(/\bcase\s+[A-Za-z_$][^:]*/g)].map(([label]) => `${path}: ${label}`);
  });
  assert.deepEqual(named, []);
});

const makesCode = /\bnew\s+Function\b|\beval\s*\(/;

for (const door of [
  "interpreter.js",
  "bundled/interpreter.js",
  "js-api/interpreter.js",
  "bundled/js-api-interpreter.js",
  "js-api/jitless.js",
  "bundled/js-api-jitless.js",
  "min/js-api-interpreter.js",
]) {
  test(`${door} loads nothing that makes code from text`, () => {
    const making = [...graphOf(door)].filter(([path, text]) => {
      return path.startsWith("engine/compiler/") || makesCode.test(codeOf(text));
    });
    assert.deepEqual(
      making.map(([path]) => path),
      [],
    );
  });
}

test("the door for modules compiled ahead of time does neither, and does not load what prints code", () => {
  const graph = graphOf("aot.js");
  assert.ok(graph.has("engine/compiler/linked-engine.js"));
  assert.deepEqual(
    [...graph].filter(([, text]) => makesCode.test(codeOf(text))).map(([path]) => path),
    [],
  );
  assert.ok(!graph.has("engine/compiler/emit.js"));
});

test("each door for Node is a few files", () => {
  const loadedBy = (door: string, loaded = new Set([door])): Set<string> => {
    const text = readFileSync(`dist/bundled/${door}`, "utf8");
    for (const [, path] of text.matchAll(/\b(?:from|import)"\.\/([\w-]+\.js)"/g)) {
      if (!loaded.has(path!)) loadedBy(path!, loaded.add(path!));
    }
    return loaded;
  };
  // Finding one takes as long as parsing 20 KB.
  const counts = {
    "index.js": 7,
    "interpreter.js": 5,
    "aot.js": 6,
    "text.js": 4,
    "fs.js": 2,
    "wasi.js": 3,
    "node.js": 3,
    "node-wasi.js": 1,
    "node-install.js": 10,
    "js-api.js": 6,
    "js-api-interpreter.js": 4,
    "js-api-jitless.js": 5,
    "js-api-install.js": 8,
    "js-api-install-on-demand.js": 1,
  };
  const found = Object.keys(counts).map((door) => [door, loadedBy(door).size]);
  assert.deepEqual(Object.fromEntries(found), counts);
});
