import assert from "node:assert/strict";
import test from "node:test";
import { definitions, errno, Guest } from "./guest.ts";

const names = [...definitions().keys()].filter((name) => name.startsWith("path_"));

/** Arguments of zeros, but for the descriptor; path_symlink has it third. */
function argumentsOf(name: string, fd: number): (number | bigint)[] {
  const { params } = definitions().get(name)!;
  return params.map((type, i) => (i === (name === "path_symlink" ? 2 : 0) ? fd : type === "i64" ? 0n : 0));
}

for (const name of names) {
  test(`${name} needs a directory, and there is none`, () => {
    const guest = new Guest();
    for (const fd of [0, 1, 2]) assert.equal(guest.call(name, ...argumentsOf(name, fd)), errno.notdir);
    for (const fd of [3, 4, -1]) assert.equal(guest.call(name, ...argumentsOf(name, fd)), errno.badf);
  });
}
