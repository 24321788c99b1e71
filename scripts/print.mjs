// Takes scripts/print-*.ts, gives the generated files they print. Arguments are passed on (`npm run print -- --check`).
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const run = (...args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;

// Printers are compiled with the sources they read, not with the package: it may not build without their output.
process.exitCode = run("node_modules/typescript/bin/tsc", "--build", "scripts");
for (const printer of readdirSync("scripts").filter((name) => /^print-.*\.ts$/.test(name))) {
  process.exitCode ||= run(`.build/print/scripts/${printer.replace(/\.ts$/, ".js")}`, ...process.argv.slice(2));
}
