// The parts that are not in the repository: the oracle's Node and the generator. Each is looked for when it is needed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The Node whose WebAssembly is the oracle. */
export const oracleNode = here("node_modules/.bin/node");
/** The program that makes modules. */
export const generator = here(".build/cargo/release/generator");

/** A part that is missing: the message says how to get it. */
export class MissingPart extends Error {}

/** Fails where the oracle is not installed. */
export function checkOracle() {
  if (!existsSync(oracleNode)) {
    throw new MissingPart(
      "the oracle is not installed: run `npm ci` in test/fuzz, or compare our engines alone with --self",
    );
  }
}

/** Fails where the package is not built. */
export function checkBuild() {
  if (!existsSync(here("../../dist/index.js"))) throw new MissingPart("the package is not built: run `npm run build`");
}

/** Builds the generator, if cargo is there; a build that is up to date takes no time. */
export function buildGenerator() {
  const { error, status } = spawnSync("cargo", ["build", "--release", "--locked", "--quiet"], {
    cwd: here("generator"),
    env: { ...process.env, CARGO_TARGET_DIR: here(".build/cargo") },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status === 0 || (error !== undefined && existsSync(generator))) return;
  throw new MissingPart(
    error === undefined
      ? "cargo cannot build test/fuzz/generator: see above"
      : "the generator of modules is built by cargo, which is not installed: see https://rustup.rs",
  );
}
