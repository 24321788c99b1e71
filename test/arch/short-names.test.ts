// Takes a bundle, looks which names of fields are shortened in the files that pages load.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { shortNames } = (await import(pathToFileURL(resolve("scripts/short-names.mjs")).href)) as {
  shortNames: (bundle: string) => Promise<RegExp>;
};

/** Of a word each: what is read off objects of this package, of its users, and of the host. */
const inner = ["settleReaders", "pageSizeLog2", "importedFunctions"];
const outer = [
  "aborted",
  "reason",
  "metering",
  "deadlineMs",
  "tick",
  "firstLines",
  "compileStreaming",
  "maxByteLength",
];
const host = ["length", "subarray", "getBigUint64", "waitAsync"];
const compiled = ["copyMemory", "i64DivS"];
const all = [...inner, ...outer, ...host, ...compiled];

test("names of inner rooms are short, but not those of users, of the host and of compiled code's environment", async () => {
  const names = await shortNames(`export let f = (x) => [${all.map((name) => `x.${name}`)}];`);
  assert.deepEqual(
    all.filter((name) => names.test(name)),
    inner,
  );
});

test("a name in text stays: after a point, and as a word by which a field is found", async () => {
  const texts = ["`E.settleReaders()`", '"a.settleReaders+1"', '"settleReaders"'];
  for (const text of texts) {
    const names = await shortNames(`export let f = (x, y) => [x.settleReaders, x.pageSizeLog2, ${text}];`);
    assert.deepEqual([names.test("settleReaders"), names.test("pageSizeLog2")], [false, true], text);
  }
  const names = await shortNames('export let f = (x) => [x.settleReaders, x.pageSizeLog2, "settleReaders and more"];');
  assert.ok(names.test("settleReaders"));
});

test("the single files have short names", () => {
  for (const name of ["js-api", "js-api-interpreter"]) {
    assert.doesNotMatch(readFileSync(`dist/min/${name}.js`, "utf8"), new RegExp(`\\b(?:${inner.join("|")})\\b`), name);
  }
});
