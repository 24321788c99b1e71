// Takes wrong parts of a system, expects each to be refused by name when a module is instantiated; takes right ones, expects them to be kept.
import assert from "node:assert/strict";
import test from "node:test";
import { Runtime } from "zerowasm";
import { memoryFs, mounts } from "zerowasm/fs";
import { clocks, random, stdio } from "zerowasm/node";
import { parse } from "zerowasm/text";

const empty = parse("(module)");
const instantiate = (config: object) => new Runtime().instantiate(empty, config);

const wrong: readonly (readonly [config: object, message: RegExp])[] = [
  [{ args: "hello ada" }, /^args is an array of strings, got a string$/],
  [{ args: ["hello", 1] }, /^args is an array of strings, got an object$/],
  [{ args: new Array(1) }, /^args is an array of strings, got an object$/],
  [{ env: new Map([["A", "1"]]) }, /^env is an object of strings, /],
  [{ env: ["A=1"] }, /^env is an object of strings, /],
  [{ env: { A: 1 } }, /^env is an object of strings, /],
  // As the imports of the host's WebAssembly are given.
  [{ env: { log: () => {} } }, /; what is imported stands in imports, got an object$/],
  [{ stdin: 5 }, /^stdin is a string, a Uint8Array or a stream to read from, got a number$/],
  [{ stdout: true }, /^stdout is a function or a stream to write to, got a boolean$/],
  [{ stderr: { writer: () => {} } }, /^stderr is a function or a stream to write to, got an object$/],
  [{ fs: "/tmp" }, /^fs is a file system, or mounts, got a string$/],
  [{ fs: {} }, /^fs is a file system, or mounts, got an object$/],
  [{ listeners: [{}] }, /^listeners is an array of sockets that listen, got an object$/],
  [{ listeners: new Array(1) }, /^listeners is an array of sockets that listen, got an object$/],
  [{ clock: Date.now }, /^clock is an object with wallTime and monotonicTime, got a function$/],
  [{ clock: { wallTime: () => 0n } }, /^clock is an object with/],
  [{ random: 4 }, /^random is a function, got a number$/],
  [{ nanosleep: null }, /^nanosleep is a function, got null$/],
];

for (const [config, message] of wrong) {
  test(`refused: ${message.source}`, () => {
    assert.throws(() => instantiate(config), { name: "TypeError", message });
  });
}

test("what is right is kept, and what is undefined counts as not given", () => {
  const fs = memoryFs();
  const listener = { accept: () => Promise.reject(new Error("nobody calls")) };
  const system = {
    args: ["hello"],
    env: Object.assign(Object.create(null), { A: "1" }),
    fs,
    listeners: [listener],
    random,
    nanosleep: () => {},
    clock: clocks.clock,
    ...stdio,
  };
  assert.deepEqual({ ...instantiate({ ...system, name: "one" }).system }, system);
  assert.deepEqual({ ...instantiate({ args: undefined, stdin: undefined }).system }, {});
  for (const stdin of ["text", new Uint8Array(1), new DataView(new ArrayBuffer(1))]) instantiate({ stdin });
  instantiate({ fs: mounts({ "/data": fs }), stdout: () => {} });
});
