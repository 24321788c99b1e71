// Takes package.json and the lock, holds them to the promises: doors are exports, nothing is installed along.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { codeOf, filesIn } from "./source.ts";

type Door = { readonly types: string; readonly node?: string; readonly default: string };
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const doors = Object.entries<Door | string>(manifest.exports).filter((entry): entry is [string, Door] => {
  return typeof entry[1] === "object";
});

test("each export is a door in src and is built, and each door is exported", () => {
  const modules = doors.filter(([name]) => !name.endsWith("/min"));
  const exported = modules.map(([, door]) => door.default.replace("./dist/", "").replace(/js$/, "ts")).sort();
  const rooms = filesIn("src", ".ts").map(({ path }) => path);
  assert.deepEqual(
    exported,
    rooms.filter((path) =>
      /^(?:[\w-]+\/)?index\.ts$|^(?:interpreter|aot)\.ts$|^js-api\/(?:interpreter|jitless|install|install-on-demand)\.ts$|^node\/(?:wasi|install)\.ts$/.test(
        path,
      ),
    ),
  );
  for (const [name, door] of doors) {
    assert.equal(door.types, door.default.replace(/js$/, "d.ts"), name);
    assert.equal(door.node !== undefined, !name.endsWith("/min"), name);
    for (const path of Object.values(door)) assert.ok(existsSync(path), `${name}: ${path} is not built`);
  }
});

test("each door loads", async () => {
  for (const [name] of doors) assert.ok(Object.keys(await import(`zerowasm${name.slice(1)}`)).length > 0, name);
});

test("bundled for Node each door has the names that it has elsewhere", async () => {
  for (const [name, door] of doors) {
    if (door.node === undefined) continue;
    const namesOf = async (path: string) => Object.keys(await import(pathToFileURL(path).href)).sort();
    assert.deepEqual(await namesOf(door.node), await namesOf(door.default), name);
  }
});

test("what a door exports by the name of a class is named so", async () => {
  for (const [, door] of doors) {
    for (const path of new Set([door.node ?? door.default, door.default])) {
      for (const [name, value] of Object.entries<unknown>(await import(pathToFileURL(path).href)))
        if (/^[A-Z]/.test(name) && typeof value === "function") assert.equal(value.name, name, path);
    }
  }
});

test("no door exports a const enum: it has no run-time value", () => {
  const declared = filesIn("src", ".ts").flatMap(({ text }) => {
    return [...codeOf(text).matchAll(/\bconst enum (\w+)/g)].map(([, name]) => name!);
  });
  for (const [name, door] of doors) {
    const words = new Set(codeOf(readFileSync(door.types, "utf8")).match(/\w+/g));
    assert.deepEqual(
      declared.filter((word) => words.has(word)),
      [],
      name,
    );
  }
});

test("the core knows the package's version", async () => {
  const { VERSION } = await import("#dist/util/version.js");
  assert.equal(VERSION, manifest.version);
});

test("the package has no dependencies", () => {
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"]) {
    assert.equal(manifest[field], undefined, field);
  }
});

test("development dependencies are pinned and no lock names a registry", () => {
  const tracked = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0");
  const locks = tracked.filter((path) => path.endsWith("package-lock.json") && existsSync(path));
  assert.ok(locks.includes("package-lock.json") && locks.length > 1);
  for (const lock of locks) {
    assert.doesNotMatch(readFileSync(lock, "utf8"), /"resolved"/, lock);
    const { devDependencies } = JSON.parse(readFileSync(lock.replace("-lock.json", ".json"), "utf8"));
    for (const [name, version] of Object.entries<string>(devDependencies)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, `${name} of ${lock}`);
    }
  }
});
