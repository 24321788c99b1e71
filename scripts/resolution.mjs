// Takes the package as it would be published, gives what each way of resolving its types finds. The tool is installed at first use, beside the root.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const room = "test/resolution";
const run = (command, ...args) =>
  spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" }).status === 0;

const installed = existsSync(`${room}/node_modules`) || run("npm", "--prefix", room, "ci", "--no-audit", "--no-fund");
const passed = installed && run(`${room}/node_modules/.bin/attw`, "--pack", ".", "--profile", "esm-only");
process.exitCode = passed ? 0 : 1;
