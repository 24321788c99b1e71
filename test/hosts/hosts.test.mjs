// Runs a program with a bit of everything in hosts that come from npm, and in Firefox if there is one: it has to print the same in each.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundle } from "./bundle.mjs";
import { differences } from "./expected.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "zerowasm-"));
after(() => rmSync(folder, { recursive: true }));

const quickjs = (variant) => [process.execPath, "--stack-size=4000", here("quickjs.mjs"), variant];
const hermes = here("node_modules/hermes-engine-cli/linux64-bin/hermes");
const shown = join(folder, "shown.js");
writeFileSync(shown, 'print("shown")');
const hasFirefox = spawnSync(process.execPath, [here("firefox.mjs"), shown]).stdout.includes("shown");
const isLinux = process.platform === "linux" && process.arch === "x64";
const hosts = [
  { name: "Node", command: [process.execPath] },
  { name: "Node without a JIT", command: [process.execPath, "--jitless"] },
  { name: "QuickJS", command: quickjs("quickjs") },
  { name: "QuickJS-ng", command: quickjs("quickjs-ng") },
  {
    name: "Hermes 0.12",
    command: [hermes, "-w", "-O"],
    classes: false,
    skip: isLinux ? false : "its command is run on Linux",
  },
  {
    name: "Firefox",
    command: [process.execPath, here("firefox.mjs")],
    skip: hasFirefox ? false : "no Firefox starts on this machine",
  },
];

for (const { name, command, classes, skip } of hosts)
  for (const door of ["js-api", "js-api-interpreter"])
    test(`${name} runs ${door}`, { skip }, async () => {
      const file = join(folder, `${door}-${classes ?? true}.js`);
      await bundle("main.mjs", file, { door, classes });
      const { stdout } = await promisify(execFile)(command[0], [...command.slice(1), file], { maxBuffer: 1e8 });
      assert.deepEqual(differences(stdout), []);
    });
