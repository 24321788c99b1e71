// Takes every module of the specification's scripts, where they are, and of the examples: what is printed is parsed to the same again.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test, { describe } from "node:test";
import { InvalidError, MalformedError } from "zerowasm";
import { parse, print } from "zerowasm/text";
import { type Command, parseScript, type ScriptModule } from "#dist/text/script.js";
import { findScripts, folderOf, howToFetch } from "../spec/scripts.ts";

const forms = ["folded", "flat"] as const;

/** Parses what is printed, which prints the same then, whatever wrote the binary; so that from there on nothing changes. */
function roundTrip(binary: Uint8Array, form: (typeof forms)[number]): Uint8Array {
  const text = print(binary, { form });
  const again = parse(text);
  assert.equal(print(again, { form }), text);
  return again;
}

/** The module of a command, if it is well-formed; one that a script holds to be wrong may be not. */
function binaryOf(command: Command & { readonly module: ScriptModule }): Uint8Array | undefined {
  try {
    const binary = command.module.encode();
    print(binary);
    return binary;
  } catch (error) {
    const isRefused = error instanceof MalformedError || error instanceof InvalidError;
    if (command.kind.startsWith("assert_") && command.kind !== "assert_unlinkable" && isRefused) return undefined;
    throw error;
  }
}

function hasModule(command: Command): command is Command & { readonly module: ScriptModule } {
  return "module" in command && typeof command.module === "object";
}

/** Whether a command gives its module as bytes, which may be longer than need be. */
function isBinary(source: readonly string[], { line }: Command): boolean {
  const text = source.slice(line - 1, line + 2).join(" ");
  return /^\s*(?:\(assert_\w+\s*)?\(module\s+(?:definition\s+)?(?:\$\S+\s+)?binary\b/.test(text);
}

const scripts = findScripts();
if (scripts === undefined) console.log(howToFetch);
else {
  describe("scripts", () => {
    const folders = new Set(scripts.map(folderOf));
    let modules = 0;
    for (const folder of folders) {
      test(folder, () => {
        for (const script of scripts.filter((one) => folderOf(one) === folder)) {
          const source = readFileSync(script.file, "utf8");
          const lines = source.split("\n");
          for (const command of parseScript(source).filter(hasModule)) {
            const binary = binaryOf(command);
            if (binary === undefined) continue;
            modules++;
            for (const form of forms) {
              const again = roundTrip(binary, form);
              if (!isBinary(lines, command)) assert.deepEqual(again, binary, `${script.path}:${command.line}, ${form}`);
            }
          }
        }
      });
    }
    test("they are many", () => assert.ok(modules > 3_500, String(modules)));
  });
}

describe("examples", () => {
  const files = readdirSync("examples", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".wasm"));
  for (const path of files) {
    test(path, () => {
      const binary = new Uint8Array(readFileSync(`examples/${path}`));
      for (const form of forms) {
        const again = roundTrip(binary, form);
        // Other toolchains leave room in numbers for their linkers, or count segments that no instruction names: text has neither.
        if (!isLoose(path)) assert.deepEqual(again, binary);
      }
    });
  }
});

function isLoose(path: string): boolean {
  return /^(?:assemblyscript-\w+|echo-server|go-report|mandelbrot|rust-\w+|zig-hello)/.test(path);
}
