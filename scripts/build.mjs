// Takes src/, gives dist/. One file's error doesn't keep the others from being emitted, but the exit code tells.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";

const bin = "dist/cli/main.js";
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "--build", "src/cli"], {
  stdio: "inherit",
});
if (existsSync(bin)) chmodSync(bin, 0o755);
process.exitCode = status ?? 1;
