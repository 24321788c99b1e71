// Takes the example of a page, gives its script the document and the files that a browser would, and compares what it shows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { node, textOf } from "./process.ts";

/** What a page has and Node has not: `fetch` of what stands beside it, and an element. */
const browser = `
  import { readFileSync } from "node:fs";
  const page = new URL("examples/page/index.html", "file://" + process.cwd() + "/");
  const output = {};
  globalThis.document = { querySelector: (selector) => (selector === "#output" ? output : null) };
  globalThis.fetch = async (path) =>
    new Response(readFileSync(new URL(path, page)), { headers: { "content-type": "application/wasm" } });
  await import(new URL("page.mjs", page));
  process.stdout.write(output.textContent);
`;

test("the page shows what it should where no code is made from text", async () => {
  const flags = ["--disallow-code-generation-from-strings", "--input-type=module"];
  const { stdout, code } = await node([...flags, "--eval", browser]);
  assert.equal(stdout, textOf("page", "expected.txt"));
  assert.equal(code, 0);
});

test("the page loads that script, and forbids all else", () => {
  const page = readFileSync("examples/page/index.html", "utf8");
  assert.match(page, /<script type="module" src="page\.mjs">/);
  assert.match(page, /content="script-src 'self'"/);
  assert.match(page, /id="output"/);
});
