// Takes nothing, gives .spec/: the specification's test scripts at the commits this version is held to, fetched with git.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const target = ".spec";
const sources = [
  {
    url: "https://github.com/WebAssembly/spec",
    commit: "285a9032950cbad6a9f84de11183008e286092a2",
    folders: { "test/core": "core", "test/custom": "custom", "test/legacy": "legacy" },
  },
  {
    url: "https://github.com/WebAssembly/testsuite",
    commit: "193e551ff22663995b1ac95dc62344133669e14b",
    folders: {
      "proposals/threads": "proposals/threads",
      "proposals/wide-arithmetic": "proposals/wide-arithmetic",
      "proposals/custom-page-sizes": "proposals/custom-page-sizes",
    },
  },
];

function git(folder, ...args) {
  const { status } = spawnSync("git", ["-C", folder, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`git ${args[0]} failed`);
}

rmSync(target, { recursive: true, force: true });
for (const { url, commit, folders } of sources) {
  const checkout = mkdtempSync(join(tmpdir(), "zerowasm-spec-"));
  try {
    git(checkout, "init", "--quiet");
    git(checkout, "fetch", "--quiet", "--depth", "1", url, commit);
    git(checkout, "checkout", "--quiet", "FETCH_HEAD", "--", ...Object.keys(folders));
    for (const [from, to] of Object.entries(folders))
      cpSync(join(checkout, from), join(target, to), { recursive: true });
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
}
console.log(`The scripts are in ${target}/: run them with \`npm run spec\`.`);
