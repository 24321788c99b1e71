// Takes bundles, looks which methods are left out of what pages load.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { withoutUnused } = (await import(pathToFileURL(resolve("scripts/unused.mjs")).href)) as {
  withoutUnused: (bundle: string) => string;
};

const bundle = `// dist/instance/list.js
var List = class {
  constructor(items) {
    this.items = items;
  }
  static of(...items) {
    return new List(items);
  }
  get last() {
    return this.at(this.items.length - 1);
  }
  at(index) {
    return this.items[index];
  }
  set first(item) {
    this.items[0] = item;
  }
  printed() {
    return "x";
  }
  *counted(from = Math.max(0, 1)) {
    yield from;
  }
  toString() {
    return "x.printed";
  }
};
// dist/js-api/array.js
var Array = class {
  at(index) {
    return List.of(index).first;
  }
  grow() {
  }
};
`;
const methodsIn = (text: string): string[] => [...text.matchAll(/^ +.*?(\w+)\(.*\) \{$/gm)].map(([, name]) => name!);

test("methods that nothing names are left out, and those that only they name", () => {
  const one = bundle.replace("  at(index) {\n    return List", "  get(index) {\n    return List");
  assert.deepEqual(methodsIn(one), "constructor of last at first printed counted toString get grow".split(" "));
  assert.deepEqual(methodsIn(withoutUnused(one)), "constructor of first printed toString get grow".split(" "));
});

test("a method stays where another of its name is needed", () => {
  const other = bundle.replace(".first;", ".at(0);");
  assert.deepEqual(methodsIn(withoutUnused(other)), "constructor of at printed toString at grow".split(" "));
});

test("methods that only name one another are left out", () => {
  const circle = bundle
    .replace('return "x";', "return this.counted();")
    .replace("yield from;", "yield this.printed();")
    .replace("x.printed", "x");
  assert.deepEqual(methodsIn(withoutUnused(circle)), "constructor of at first toString at grow".split(" "));
});

test("pages' files hold what users may call, and no more", async () => {
  const { MemoryInstance } = (await import("#dist/instance/memory.js")) as { MemoryInstance: { prototype: object } };
  assert.ok("readUint8" in MemoryInstance.prototype);
  const { readFileSync } = await import("node:fs");
  for (const name of ["js-api", "js-api-interpreter"]) {
    const text = readFileSync(`dist/min/${name}.js`, "utf8");
    assert.doesNotMatch(text, /readUint8|elementType\(|callRaw/, name);
    for (const method of ["compileStreaming", "customSections", "getArg", "toResizableBuffer"]) {
      assert.match(text, new RegExp(`\\b${method}\\(`), `${name}: ${method}`);
    }
  }
});
