// Runs the specification's scripts, where they are, on every engine and form of dispatch.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judge } from "./expected-failures.ts";
import { forms } from "./forms.ts";
import { runScript } from "./runner.ts";
import { findScripts, folderOf, howToFetch, type Script } from "./scripts.ts";

const maxListed = 20;
const scripts = findScripts();

if (scripts === undefined) console.log(howToFetch);
else {
  const folders = new Map<string, Script[]>();
  for (const script of scripts) folders.set(folderOf(script), [...(folders.get(folderOf(script)) ?? []), script]);
  for (const { name, config } of forms) {
    describe(name, () => {
      for (const [folder, members] of folders) {
        test(folder, () => {
          const news = members.flatMap((script) => {
            const report = runScript(script, config);
            return judge(script.path, report).news.map((text) => `${script.file}:${text}`);
          });
          assert.equal(news.length, 0, news.slice(0, maxListed).join("\n"));
        });
      }
    });
  }
}
