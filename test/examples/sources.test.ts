// Takes each example that is written as text, expects the committed binary to be what it translates to.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { parse } from "zerowasm/text";

const sources = readdirSync("examples", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".wat"));

test("there are texts", () => {
  assert.ok(sources.length >= 7);
});

for (const path of sources) {
  test(`${path} is the source of its binary`, () => {
    const [example, name] = path.split(/[\\/]/) as [string, string];
    const built = name.replace(/\.wat$/, ".wasm");
    assert.deepEqual(
      new Uint8Array(readFileSync(`examples/${example}/${built}`)),
      parse(readFileSync(`examples/${path}`, "utf8")),
    );
    const command = `npx zerowasm wat2wasm ${name} -o ${built}`;
    assert.ok(readFileSync(`examples/${example}/README.md`, "utf8").includes(command));
  });
}
