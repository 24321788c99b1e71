// Takes each example of the library, runs it, and compares what it prints.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import test from "node:test";
import { node, textOf } from "./process.ts";

// A page's script needs a document: page.test.ts.
const examples = readdirSync("examples").filter(
  (name) => existsSync(`examples/${name}/${name}.mjs`) && !existsSync(`examples/${name}/index.html`),
);

test("there are examples", () => {
  assert.ok(examples.includes("add") && examples.includes("async-host"));
});

for (const example of examples) {
  test(`${example} prints what it should`, async () => {
    const { stdout, stderr, code } = await node([`examples/${example}/${example}.mjs`]);
    assert.equal(stderr, "");
    assert.equal(stdout, textOf(example, "expected.txt"));
    assert.equal(code, 0);
  });
}
