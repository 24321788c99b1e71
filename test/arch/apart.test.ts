// Takes modules, holds what the bundles for Node do to their functions to what V8 makes of them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { apart } = (await import(pathToFileURL(resolve("scripts/apart.mjs")).href)) as {
  apart: (source: string) => string;
};

const source = `export function size(text) {
    for (const letter of text) {
        if (letter === ".") {
            return text.indexOf(letter);
        }
    }
    return text.length + "nothing was found in it".length;
}
export class List {
    #items = [];
    constructor(items) {
        this.#items = items;
        this.first = items.length === 0 ? undefined : items[0];
    }
    get #last() {
        return this.#items.length === 0 ? undefined : this.#items[this.#items.length - 1];
    }
    push(item) {
        const place = this.#items.indexOf(item);
        if (place < 0)
            this.#items.push(item);
    }
    ends() {
        return [this.first, this.#last];
    }
}
`;

interface Made {
  size(text: string): number;
  readonly List: new (items: number[]) => { push(item: number): unknown; ends(): unknown[] };
}

test("functions do the same", async () => {
  const url = `data:text/javascript,${encodeURIComponent(apart(source))}`;
  const { size, List } = (await import(url)) as Made;
  const list = new List([1]);
  assert.deepEqual(
    [size("ab.c"), size("ab"), list.push(2), list.push(2), list.ends()],
    [2, 25, undefined, undefined, [1, 2]],
  );
});

test("long ones are more than V8 inlines, short ones and constructors stay as they are", () => {
  const once = "size('a');const l=new List([]);l.push(1);l.ends();";
  const script = `${apart(source).replaceAll("export ", "")}${once}`;
  const lengthOf = (name: string): number => {
    const flags = ["--print-bytecode", `--print-bytecode-filter=${name}`];
    return Number(
      /Bytecode length: (\d+)/.exec(
        execFileSync(process.execPath, [...flags, "-e", script], { encoding: "utf8" }),
      )?.[1],
    );
  };
  assert.deepEqual(
    ["size", "push", "ends", "List"].map((name) => lengthOf(name) > 460),
    [true, true, false, false],
  );
});

test("private names are properties", () => {
  const text = apart(source);
  assert.deepEqual([text.includes("#"), text.match(/_(items|last)/g)?.length], [false, 9]);
});

test("a module of short functions stays as it is", () => {
  const short = "export function half(x) {\n    return x / 2;\n}\n";
  assert.equal(apart(short), short);
});
