// Takes test/**/*.test.ts, gives Node's test report over the built package.
// `npm test -- binary/ valid/` runs the files whose path has one of these words; arguments with a dash go to node.
// A compile error fails the run, but whatever was emitted is tested all the same.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith("-"));
const words = args.filter((arg) => !arg.startsWith("-"));

const run = (command, ...rest) => spawnSync(command, rest, { stdio: "inherit" }).status ?? 1;

const built = run(process.execPath, "node_modules/typescript/bin/tsc", "--build", "test");
// Files are listed from the sources, so that the output of a deleted test isn't run; `--test` takes no globs on Node 20.
const files = readdirSync("test", { recursive: true })
  .filter((path) => path.endsWith(".test.ts") && (words.length === 0 || words.some((word) => path.includes(word))))
  .map((path) => `.build/test/${path.replace(/\.ts$/, ".js")}`)
  .sort();
const missing = files.filter((file) => !existsSync(file));
for (const file of missing) console.error(`not built: ${file}`);
if (files.length === 0) console.error("no test file matches");

const tested = run(process.execPath, "--enable-source-maps", "--test", "--test-reporter=spec", ...flags, ...files);
process.exitCode = built || tested || missing.length || (files.length === 0 ? 1 : 0);
