// Takes words and flags, gives the report of test/spec/command.ts over the built package.
import { spawnSync } from "node:child_process";

const run = (...args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
process.exitCode =
  run("scripts/build.mjs", "test") ||
  run("--conditions=rooms", "--enable-source-maps", ".build/test/spec/command.js", ...process.argv.slice(2));
