// Takes the functions of docs/compiler.md, compiles them, holds the page to what is printed. `UPDATE=1 npm test -- docs/compiler` writes it anew.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { sourceOf } from "../engine/compiler/source-of.ts";

const PAGE = "docs/compiler.md";
const PAIR = /```wat\n([^`]*)```\n\n```javascript\n([^`]*)```/g;
const text = readFileSync(PAGE, "utf8");

function printed(wat: string): string {
  return `${sourceOf(wat).join("\n")}\n`;
}

if (process.env.UPDATE === "1") {
  const updated = text.replace(
    PAIR,
    (_, wat: string) => `\`\`\`wat\n${wat}\`\`\`\n\n\`\`\`javascript\n${printed(wat)}\`\`\``,
  );
  writeFileSync(PAGE, updated);
}

const pairs = [...readFileSync(PAGE, "utf8").matchAll(PAIR)];

test("the page has six functions", () => {
  assert.equal(pairs.length, 6);
});

for (const [i, [, wat, shown]] of pairs.entries()) {
  test(`function ${i + 1} is what the compiler prints`, () => {
    assert.equal(shown, printed(wat!));
  });
}
