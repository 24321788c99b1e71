import assert from "node:assert/strict";
import test from "node:test";
import { END, errno, Guest } from "./guest.ts";

for (const [what, system] of [
  ["args", { args: ["prog", "", "犬 dög"] }],
  ["environ", { env: { A: "", LANG: "dög=1", 犬: "x" } }],
] as const) {
  const strings = "args" in system ? system.args : ["A=", "LANG=dög=1", "犬=x"];
  const bytes = Buffer.from(strings.map((text) => `${text}\0`).join(""));

  test(`${what}_sizes_get`, () => {
    const guest = new Guest(system);
    assert.equal(guest.call(`${what}_sizes_get`, 16, 20), errno.success);
    assert.equal(guest.u32(16), 3);
    assert.equal(guest.u32(20), bytes.length);
    assert.equal(guest.call(`${what}_sizes_get`, END - 3, 20), errno.fault);
    assert.equal(guest.call(`${what}_sizes_get`, 16, -4), errno.fault);
  });

  test(`${what}_get`, () => {
    const guest = new Guest(system);
    assert.equal(guest.call(`${what}_get`, 16, 100), errno.success);
    assert.deepEqual(Buffer.from(guest.memory!.read(100, bytes.length)!), bytes);
    for (const [i, text] of strings.entries()) {
      const length = Buffer.byteLength(text);
      assert.equal(guest.text(guest.u32(16 + 4 * i), length), text);
      assert.equal(guest.u8(guest.u32(16 + 4 * i) + length), 0);
    }
  });

  test(`${what}_get up to the last byte, and not beyond`, () => {
    const guest = new Guest(system);
    assert.equal(guest.call(`${what}_get`, 16, END - bytes.length), errno.success);
    assert.equal(guest.call(`${what}_get`, 16, END - bytes.length + 1), errno.fault);
    assert.equal(guest.call(`${what}_get`, END - 12, 100), errno.success);
    assert.equal(guest.call(`${what}_get`, END - 11, 100), errno.fault);
    assert.equal(guest.call(`${what}_get`, -1, 100), errno.fault);
  });

  test(`${what} are none by default`, () => {
    const guest = new Guest();
    guest.memory!.writeUint32(16, 99);
    assert.equal(guest.call(`${what}_sizes_get`, 16, 20), errno.success);
    assert.equal(guest.u32(16), 0);
    assert.equal(guest.u32(20), 0);
    assert.equal(guest.call(`${what}_get`, 16, 100), errno.success);
  });
}

test("what no C program could take is the host's mistake", () => {
  assert.throws(() => new Guest({ args: ["a", "b\0c"] }).call("args_sizes_get", 0, 4), /argument 1 contains a NUL/);
  assert.throws(() => new Guest({ env: { A: "\0" } }).call("args_sizes_get", 0, 4), /variable A contains a NUL/);
  assert.throws(() => new Guest({ env: { "A=B": "" } }).call("args_sizes_get", 0, 4), /"A=B" is no name/);
  assert.throws(() => new Guest({ env: { "": "x" } }).call("args_sizes_get", 0, 4), /"" is no name/);
});

test("a lone surrogate becomes U+FFFD", () => {
  const guest = new Guest({ args: ["\ud800x😀"] });
  assert.equal(guest.call("args_get", 0, 100), errno.success);
  assert.equal(guest.text(100, 8), "\ufffdx😀");
});
