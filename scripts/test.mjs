// Takes test/**/*.test.ts, gives Node's test report over the built package.
// `npm test -- binary/ valid/` runs the files whose path has one of these words; arguments with a dash go to node.
// A compile error fails the run, but whatever was emitted is tested all the same.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const options = process.argv.slice(2);
const flags = options.filter((option) => option.startsWith("-"));
const words = options.filter((option) => !option.startsWith("-"));
const run = (...args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0;

const compiled = run("scripts/build.mjs", "test");
// Files are listed from the sources, so that the output of a deleted test isn't run; `--test` takes no globs on Node 20.
const files = readdirSync("test", { recursive: true })
  .filter((path) => path.endsWith(".test.ts") && (words.length === 0 || words.some((word) => path.includes(word))))
  .map((path) => `.build/test/${path.replace(/\.ts$/, ".js")}`)
  .filter((file) => existsSync(file) || console.error(`not built: ${file}`))
  .sort();
// `rooms`: tests load single files of dist/ beside the doors, and with Node's bundles would have two of each.
const nodeFlags = ["--conditions=rooms", "--enable-source-maps", "--test", "--test-reporter=spec"];
const passed = files.length > 0 && run(...nodeFlags, ...flags, ...files);
if (files.length === 0) console.error("no test file matches");
process.exitCode = compiled && passed ? 0 : 1;
