// Takes texts, holds that each byte of what is written for an instruction or a definition leads back to its place in the text.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import test, { describe } from "node:test";
import { assemble, parse, print, type TextPosition } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { instructions } from "#dist/syntax/instructions.js";
import { Op } from "#dist/syntax/opcodes.js";

/** What stands at each new place that a function's bytes lead to, and the offset of the first of these bytes. */
function wordsOf(text: string): [word: string, offset: number, byte: number][] {
  const { bytes, positionAt } = assemble(text);
  assert.deepEqual(bytes, parse(text));
  const lines = text.split("\n");
  const { bodyStart, bodyEnd } = decode(bytes);
  const words: [string, number, number][] = [];
  for (const [i, start] of bodyStart.entries()) {
    let last: TextPosition | undefined;
    for (let offset = start; offset < bodyEnd[i]!; offset++) {
      const position = positionAt(offset)!;
      if (position.line !== last?.line || position.column !== last.column) {
        const [word = ""] = /^\(?[\w.]*/.exec(lines[position.line - 1]!.slice(position.column - 1)) ?? [];
        words.push([word || ")", offset, bytes[offset]!]);
      }
      last = position;
    }
  }
  return words;
}

/** The first byte of an instruction. */
function byteOf(word: string): number {
  if (word === "end" || word === ")") return Op.end;
  const op = instructions[word]![0];
  return op < 0x100 ? op : op > 0xffff ? op >> 12 : op >> 8;
}

const isEnd = (word: string): boolean => word === "end" || word === ")";

describe("examples", () => {
  const files = readdirSync("examples", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".wasm"))
    .filter((path) => statSync(`examples/${path}`).size < 40_000);
  assert.ok(files.length > 5);
  for (const path of files) {
    test(path, () => {
      const binary = new Uint8Array(readFileSync(`examples/${path}`));
      const flat = print(binary, { form: "flat" });
      const words = wordsOf(flat);
      for (const [word, offset, byte] of words) {
        if (word === "(func" || word === "select") continue;
        assert.equal(byte, byteOf(word), `${word} at ${offset}`);
      }
      // Each instruction has a line of its own there.
      const isInstruction = (line: string): boolean => Object.hasOwn(instructions, line) || line === "end";
      const inLines = flat
        .split("\n")
        .map((line) => /^ {4,}([\w.]+)/.exec(line)?.[1] ?? "")
        .filter(isInstruction);
      assert.deepEqual(
        words.map(([word]) => word).filter((word) => word !== "(func" && word !== ")"),
        inLines,
      );
      const folded = wordsOf(print(binary, { form: "folded" }));
      for (const [word, offset, byte] of folded) {
        if (word === "(func" || word === "select") continue;
        assert.equal(byte, byteOf(word), `${word} at ${offset}, folded`);
      }
      const names = (list: typeof words): string[] => list.map(([word]) => word).filter((word) => !isEnd(word));
      assert.deepEqual(names(folded), names(words));
    });
  }
});

/** The place of each definition and instruction, as a line and a column. */
const where = (text: string, offset: number): string => {
  const position = assemble(text).positionAt(offset);
  return position === undefined ? "nowhere" : `${position.line}:${position.column}`;
};

test("definitions, what is inside of them and the start function lead to their fields", () => {
  const text = `(module
  (type (func))
  (import "m" "f" (func))
  (table 1 funcref)
  (memory 1)
  (global i32
    (i32.const 7))
  (export "g" (global 0))
  (start 0)
  (elem (offset
    (i32.const 0)) func 0)
  (data (i32.const
    0) "ab"))`;
  const { bytes } = assemble(text);
  const module = decode(bytes);
  assert.equal(where(text, module.imports[0]!.position), "3:3");
  assert.equal(where(text, module.tables[0]!.position), "4:3");
  assert.equal(where(text, module.globals[0]!.position), "6:3");
  assert.equal(where(text, module.globals[0]!.init[0]!.offset), "7:6");
  assert.equal(where(text, module.exports[0]!.position), "8:3");
  assert.equal(where(text, module.elements[0]!.position), "10:3");
  assert.equal(where(text, module.elements[0]!.offset![0]!.offset), "11:6");
  assert.equal(where(text, module.dataSegments.at(0).position), "12:3");
  assert.equal(where(text, bytes.length - 3), "12:10");
  for (const offset of [-1, 0, 7, 8, bytes.length, 1e9, Number.NaN]) assert.equal(where(text, offset), "nowhere");
});

test("a section's head leads nowhere, but where there is one entry alone", () => {
  const one = "(memory 70000)";
  const two = "(memory 70000) (memory 1)";
  // After the header: the section's id, its length, the number of its entries.
  assert.deepEqual(
    [8, 10, 11].map((offset) => where(one, offset)),
    ["nowhere", "1:1", "1:1"],
  );
  assert.deepEqual(
    [8, 10, 11].map((offset) => where(two, offset)),
    ["nowhere", "nowhere", "1:1"],
  );
});

test("custom sections, names and branch hints lead nowhere", () => {
  const text = `(@custom "first" (before first) "abc")
(func $f (param $x i32) (result i32)
  (@metadata.code.branch_hint "\\01") (if (result i32) (local.get $x) (then (i32.const 1)) (else (i32.const 2))))
(@custom "last" (after last) "abc")`;
  const { bytes } = assemble(text);
  const module = decode(bytes);
  assert.equal(module.customSections.length, 4);
  for (const { start, end } of module.customSections) {
    for (let offset = start; offset < end; offset++) assert.equal(where(text, offset), "nowhere", `${offset}`);
  }
  assert.deepEqual(
    wordsOf(text).map(([word]) => word),
    ["(func", "local.get", "if", "i32.const", "else", "i32.const", ")", ")"],
  );
});

test("an excerpt has the line and a caret", () => {
  assert.deepEqual(
    assemble("(func\n\t(drop (i32.const 1)))").positionAt(assemble("(func\n\t(drop (i32.const 1)))").bytes.length - 2),
    {
      line: 2,
      column: 3,
      excerpt: "  \t(drop (i32.const 1)))\n  \t ^",
    },
  );
});
