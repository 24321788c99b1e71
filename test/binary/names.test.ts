// Holds the name section to its form, and to doing no harm where it has another.
import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { decodeNames } from "#dist/binary/names.js";
import { moduleOf, section } from "./bytes.ts";

const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
const named = (...contents: number[]) => decodeNames(decode(moduleOf(section(0, ...text("name"), ...contents))));

test("a module without names has none", () => {
  const names = decodeNames(decode(moduleOf()));
  assert.deepEqual([names.module, names.functions.size, names.locals.size], [undefined, 0, 0]);
});

test("the module, functions and locals have names; other subsections are skipped", () => {
  const names = named(
    ...section(0, ...text("mod")),
    ...section(1, 2, 0, ...text("f"), 5, ...text("g")),
    ...section(2, 1, 5, 1, 2, ...text("x")),
    ...section(7, 1, 2, 3),
  );
  assert.equal(names.module, "mod");
  assert.deepEqual(
    [...names.functions],
    [
      [0, "f"],
      [5, "g"],
    ],
  );
  assert.equal(names.locals.get(5)!.get(2), "x");
});

test("what comes before a mistake counts", () => {
  const cut = named(...section(1, 3, 0, ...text("f"), 1, ...text("g")));
  assert.deepEqual([...cut.functions.values()], ["f", "g"]);
  const latin = named(...section(0, ...text("mod")), ...section(1, 1, 0, 1, 0xe9));
  assert.deepEqual([latin.module, latin.functions.size], ["mod", 0]);
  assert.equal(named(0, 0x7f, 1).module, undefined);
});
