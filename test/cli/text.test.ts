// Takes texts on the command line: translated both ways, and wherever a FILE is.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parse, print } from "zerowasm/text";
import { node } from "../examples/process.ts";
import { CLI, file, folder, inTerminal, noTerminal, zerowasm } from "./command.ts";

const source = `;; A module
(module
  (func $add (export "add") (param $a i32) (param $b i32) (result i32)
    (i32.add (local.get $a) (local.get $b)))
  (func (export "_start")))
`;
const wat = file("add.wat", source);
const wasm = file("add.wasm", parse(source));

test("wat2wasm writes the binary", async () => {
  const out = join(folder, "out.wasm");
  assert.deepEqual(await zerowasm("wat2wasm", wat, "-o", out), { stdout: "", stderr: "", code: 0 });
  assert.deepEqual(new Uint8Array(readFileSync(out)), parse(source));
  const { stdout, code } = await zerowasm("wat2wasm", wat);
  assert.equal(code, 0);
  assert.equal(stdout, Buffer.from(parse(source)).toString());
  assert.equal((await node([CLI, "wat2wasm", "-", "-o", "-"], source)).stdout, stdout);
});

const FULL = "/dev/full";
test("a full device is told of in one line", { skip: !existsSync(FULL) && "there is none" }, () => {
  const full = openSync(FULL, "w");
  for (const args of [
    ["wasm2wat", wasm],
    ["wat2wasm", wat],
    ["inspect", wasm],
    ["invoke", wasm, "add", "1", "2"],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { stdio: ["ignore", full, "pipe"] });
    assert.equal(stderr.toString(), "zerowasm: standard output: cannot be written: no space left\n");
    assert.equal(status, 2);
  }
  closeSync(full);
});

test("wasm2wat writes the text in both forms", async () => {
  for (const form of ["folded", "flat"] as const) {
    const expected = { stdout: print(parse(source), { form }), stderr: "", code: 0 };
    assert.deepEqual(await zerowasm("wasm2wat", wasm, `--${form}`), expected);
    assert.deepEqual(await zerowasm("wasm2wat", `--${form}`, wat), expected);
  }
  const out = join(folder, "out.wat");
  assert.deepEqual(await zerowasm("wasm2wat", "-o", out, wasm), { stdout: "", stderr: "", code: 0 });
  assert.equal(readFileSync(out, "utf8"), print(parse(source)));
});

test("what a terminal would obey in a file's name is spelled", async () => {
  const { stdout } = await zerowasm("validate", file("\u202e\x1b[31m.wat", "(module)"));
  assert.match(stdout, /\\u\{202e\}\\u\{1b\}\[31m\.wat: valid\n$/);
});

test("a text stands for its binary, by its name or by how it begins", async () => {
  const unnamed = file("text-without-a-name", `\n\t ${source}`);
  for (const path of [
    wat,
    unnamed,
    file("bom.wat", `\ufeff${source}`),
    file("fields.wat", '(func (export "_start"))'),
  ]) {
    assert.deepEqual(await zerowasm("validate", path), { stdout: `${path}: valid\n`, stderr: "", code: 0 });
    assert.deepEqual(await zerowasm("run", path), { stdout: "", stderr: "", code: 0 });
  }
  assert.equal((await zerowasm("invoke", unnamed, "add", "2", "3")).stdout, "5\n");
  assert.equal((await node([CLI, "invoke", "-", "add", "2", "3"], source)).stdout, "5\n");
  assert.equal((await node([CLI, "invoke", "-", "add", "2", "3"], parse(source))).stdout, "5\n");
  assert.match((await zerowasm("inspect", wat)).stdout, /^ {2}add {5}\(i32 i32\) -> \(i32\)/m);
});

test("a mistake in a text is shown with its place, and nothing runs or is written", async () => {
  const wrong = file("wrong.wat", '(module\n\t(func (export "_start")\n\t\t(i32.frob \u001b)))');
  const out = join(folder, "never.wasm");
  for (const args of [
    ["run"],
    ["invoke"],
    ["validate"],
    ["inspect"],
    ["wat2wasm", "-o", out],
    ["wasm2wat", "-o", out],
  ]) {
    const { stdout, stderr, code } = await zerowasm(...args, wrong, ...(args[0] === "invoke" ? ["_start"] : []));
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^zerowasm: .*wrong\.wat:3:\d+: malformed text: [^\n]+\n {2}\t\t\(i32\.frob \ufffd\)\)\)\n {2}\t\t *\^\n$/,
    );
  }
  assert.ok(!existsSync(out));
});

test("what is invalid in a text is shown with its place there", async () => {
  const invalid = file("invalid.wat", '(module\n\t(func (export "_start") (result i32)\n\t\t(i32.eqz (i64.const 1))))');
  for (const args of [["run"], ["validate"], ["compile"]]) {
    assert.deepEqual(await zerowasm(...args, invalid), {
      stdout: "",
      stderr: `zerowasm: ${invalid}:3:4: invalid module: type mismatch: i32.eqz expects i32, got i64 in function 0
  \t\t(i32.eqz (i64.const 1))))
  \t\t ^
`,
      code: 1,
    });
  }
  const memory = file("memory.wat", "(memory 1)\n(memory 70000)");
  assert.match(
    (await zerowasm("validate", "--features", "wasm1", memory)).stderr,
    /memory\.wat:2:1: invalid module: feature multi-memory is off: [^\n]*\n {2}\(memory 70000\)\n {2}\^\n$/,
  );
  const malformed = file("custom.wat", '(@custom "name" "\\01\\ff")');
  assert.equal((await zerowasm("validate", malformed)).code, 0);
});

test("a trap in a text tells the lines of its calls", async () => {
  const traps = file(
    "traps.wat",
    `(module
  (func $deep (param $n i32)
    (if (i32.eqz (local.get $n)) (then unreachable))
    (call $deep
      (i32.sub (local.get $n) (i32.const 1))))
  (func (export "_start") i32.const 3 call $deep))`,
  );
  for (const engine of ["compiler", "interpreter"]) {
    assert.deepEqual(await zerowasm("run", "--engine", engine, traps), {
      stdout: "",
      stderr: `zerowasm: ${traps}: trap: unreachable
    at deep    ${traps}:3:40
    at deep    ${traps}:4:6, and 2 times more
    at _start  ${traps}:6:39
`,
      code: 134,
    });
  }
});

test("a feature that is off is refused in a text too", async () => {
  const { stderr, code } = await zerowasm("validate", "--features", "wasm1", file("simd.wat", "(func (param v128))"));
  assert.equal(code, 1);
  assert.match(stderr, /invalid module: feature simd is off/);
});

test("a binary is not written to a terminal", { skip: noTerminal }, async () => {
  assert.match(await inTerminal("", "wat2wasm", wat), /^zerowasm: .* write it to a file with -o OUT\r\n$/);
  assert.equal(await inTerminal("", "wat2wasm", wat, "-o", join(folder, "terminal.wasm")), "");
  assert.match(await inTerminal("", "wasm2wat", wasm), /^\(module\r\n/);
});
