// Takes the code blocks of README.md and docs/, runs them, and compares what they print with the `text` block that follows.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import test, { describe } from "node:test";
import { pathToFileURL } from "node:url";
import { blocksOf, pages } from "./blocks.ts";

const blocks = pages().flatMap(blocksOf);
const scripts = blocks.filter(({ language }) => language === "js" || language === "ts");
/** Only what the package's own command does is run, not what installs and tests it. */
const commands = blocks.filter(({ language, code }) => language === "sh" && code.includes("npx zerowasm"));

/** Where scripts are written: inside the package, so that they find it by its name. */
const folder = ".build/docs";
const scriptFile = (index: number, extension: string): string => `${folder}/block${index}.${extension}`;

interface Outcome {
  /** What was printed on both streams, in order. */
  readonly output: string;
  readonly code: number | null;
}

/** Runs a command in the package's root. */
function run(file: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ output, code }));
  });
}

/** Runs all scripts one after another in one process, and gives what each printed. */
async function runScripts(): Promise<string[]> {
  const separator = "\0";
  const steps = scripts.map((_, i) => {
    const url = JSON.stringify(pathToFileURL(scriptFile(i, "mjs")).href);
    return `try { await import(${url}); } catch (error) { console.log(error); }\nprocess.stdout.write("\\0");`;
  });
  const { output } = await run(process.execPath, ["--input-type=module", "--eval", steps.join("\n")]);
  return output.split(separator);
}

// `npx zerowasm` is what package.json says it is, without the second that npx takes; npm itself is not run.
function shellOf(code: string): string {
  const { bin } = JSON.parse(readFileSync("package.json", "utf8")) as { bin: { zerowasm: string } };
  return `npm() { :; }\nnpx() { shift; "${process.execPath}" "${bin.zerowasm}" "$@" 2>&1; }\n${code}`;
}

test("there are blocks to run", () => {
  assert.ok(scripts.length > 10 && commands.length > 3);
});

test("each block of output belongs to a block that prints it", () => {
  const outputs = blocks.filter(({ language }) => language === "text").length;
  assert.equal([...scripts, ...commands].filter(({ output }) => output !== undefined).length, outputs);
});

describe("scripts", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [i, { language, code }] of scripts.entries()) {
    writeFileSync(scriptFile(i, language === "ts" ? "mts" : "mjs"), code);
  }

  test("those in TypeScript have no type error", () => {
    const options = "--ignoreConfig --module nodenext --target es2022 --strict --types node --skipLibCheck";
    const files = scripts.flatMap(({ language }, i) => (language === "ts" ? [scriptFile(i, "mts")] : []));
    const args = ["node_modules/typescript/bin/tsc", ...options.split(" "), ...files];
    const { stdout, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(stdout, "");
    assert.equal(status, 0);
  });

  let outputs: Promise<string[]> | undefined;
  for (const [i, { place, language, output }] of scripts.entries()) {
    test(`${place} (${language})`, async () => {
      outputs ??= runScripts();
      assert.equal((await outputs)[i], output ?? "");
    });
  }
});

describe("commands", { concurrency: 2 }, () => {
  for (const { place, code: source, output: expected } of commands) {
    test(place, async () => {
      const { output, code } = await run("sh", ["-c", shellOf(source)]);
      assert.equal(output, expected ?? "");
      assert.equal(code, 0);
    });
  }
});
