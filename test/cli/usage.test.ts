// Takes wrong command lines, expects one clear line, exit code 2, and that nothing ran.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { ModuleBuilder } from "../support/module-builder.ts";
import { file, folder, zerowasm } from "./command.ts";

/** Runs forever: whoever gets past the command line finds out. */
function endless(): Uint8Array {
  const module = new ModuleBuilder();
  module.function({ export: "_start" }, "loop", ["br", 0], "end");
  module.function({ export: "add", params: ["i32", "i64"], results: ["i32"] }, ["local.get", 0]);
  module.memory(1, undefined, "memory");
  return module.build();
}

const good = file("good.wasm", endless());
const text = file("text.wasm", "hello");
const latin = file("latin.wat", Uint8Array.of(0x28, 0xff));
const empty = file("empty.wasm", "");
const head = file("head.wasm", "\0as");
const component = file("component.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0));
const library = (() => {
  const module = new ModuleBuilder();
  for (let i = 0; i < 14; i++) module.function({ export: `f${i}` });
  return file("library.wasm", module.build());
})();
const taking = (() => {
  const module = new ModuleBuilder();
  module.function({ export: "_start", params: ["i32"] });
  return file("taking.wasm", module.build());
})();
const missing = join(folder, "missing.wasm");
mkdirSync(join(folder, "directory"));

const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["frob"], /^unknown command "frob"; see zerowasm help$/],
  [["--frob"], /^unknown flag "--frob"; see zerowasm help$/],
  [[good], /^unknown command ".*"; to run a module: zerowasm run .*good.wasm$/],
  [["toString"], /^unknown command "toString"/],
  [["help", "frob"], /^unknown command "frob"/],
  [["help", "run", "x"], /^"x" is one argument too many; see zerowasm help help$/],
  [["version", "x"], /^"x" is one argument too many/],
  [["version", "--x"], /^unknown flag --x/],
  [["run"], /^no FILE is given; see zerowasm help run$/],
  [["invoke"], /^no FILE is given; see zerowasm help invoke$/],
  [["validate"], /^no FILE is given/],
  [["inspect"], /^no FILE is given/],
  [["validate", good, "x"], /^"x" is one argument too many; see zerowasm help validate$/],
  [["inspect", good, "x"], /^"x" is one argument too many/],
  [["run", ""], /^"": no such file$/],
  [["run", missing], /missing\.wasm: no such file$/],
  [["run", join(good, "x")], /x: no such file$/],
  [["run", "a\x1b[31mb\nc"], /^a\\u\{1b\}\[31mb\\u\{a\}c: no such file$/],
  [["run", join(folder, "directory")], /directory: is a directory$/],
  [["run", text], /text\.wasm: is no WebAssembly module: it is no text of one, and does not begin with \\0asm$/],
  [["run", latin], /latin\.wat: is no text in UTF-8$/],
  [["run", empty], /empty\.wasm: is empty$/],
  [["run", head], /head\.wasm: is no WebAssembly module: it ends within the header$/],
  [["run", component], /component\.wasm: is a component, and only core modules are supported$/],
  [["validate", missing], /no such file$/],
  [["inspect", text], /is no WebAssembly module/],
  [["invoke", text, "f"], /is no WebAssembly module/],
  [["run", "--frob", good], /^unknown flag --frob; see zerowasm help run$/],
  [["run", "-x", good], /^unknown flag -x/],
  [["run", "--constructor", good], /^unknown flag --constructor/],
  [["run", "-interpreter", good], /^unknown flag -interpreter/],
  [["run", `--profile=${join(folder, "nowhere", "x")}`, good], /nowhere.x: cannot be written: no such folder$/],
  ...["7000", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:x", "::1:7000", ""].map((value) => {
    return [
      ["run", `--listen=${value}`, good],
      new RegExp(`^--listen ${value}: write HOST:PORT\\[:nonblock\\]$`),
    ] as const;
  }),
  ...["10", "s", "1h2m", "-1s", "1e3s", ""].map((value) => {
    return [
      ["run", `--timeout=${value}`, good],
      new RegExp(`^--timeout ${value}: write a time such as 500ms, 10s or 2m$`),
    ] as const;
  }),
  [["run", "--timeout=1000h", good], /^--timeout 1000h is more than 24 days$/],
  ...["-1", "x", "1.5", "9007199254740992", ""].map((value) => {
    return [["run", `--fuel=${value}`, good], new RegExp(`^--fuel ${value}: write a number of instructions$`)] as const;
  }),
  [["run", "--host-logging=frob", good], /^--host-logging: there is no scope "frob"; scopes are all, clock, .*, sock$/],
  [["run", "--listen", "203.0.113.1:7000", good], /^--listen 203\.0\.113\.1:7000: is no address of this system$/],
  [["run", "--env"], /^--env needs a value: --env NAME=VALUE; see zerowasm help run$/],
  [["run", "--env", "FOO", good], /^--env FOO: write NAME=VALUE$/],
  [["run", "--env", "=x", good], /^--env =x: write NAME=VALUE$/],
  [["run", "--mount"], /^--mount needs a value: --mount HOST\[:GUEST\]\[:ro\]; see zerowasm help run$/],
  [["run", "--mount", missing, good], /^--mount .*missing\.wasm: no such directory$/],
  [["run", "--mount", text, good], /^--mount .*text\.wasm: is no directory$/],
  [
    ["run", "--mount", `${folder}:/a`, "--mount", `${folder}:/a:ro`, good],
    /^--mount .*:\/a:ro: \/a is taken by another mount$/,
  ],
  [["run", "--mount", ":/a", good], /^--mount :\/a: write HOST\[:GUEST\]\[:ro\]$/],
  [["run", "--mount", `${folder}:`, good], /^--mount .*:: write HOST/],
  [["run", "--mount", `${folder}:/a:rw`, good], /^--mount .*:\/a:rw: write HOST/],
  [["run", "--mount", "", good], /^--mount : write HOST/],
  [["invoke", "--mount", missing, good, "add", "1", "2"], /no such directory$/],
  [["run", "--env-inherit=1", good], /^--env-inherit takes no value/],
  [["run", "--engine", "fast", good], /^--engine is one of auto, compiler, interpreter, got fast$/],
  [["run", "--engine", "auto", "--engine", "auto", good], /^--engine is given twice/],
  [["run", "--interpreter", "--engine", "auto", good], /^--interpreter and --engine auto disagree$/],
  [["run", "--dispatch=no", good], /^--dispatch is one of auto, switch, closures, got no$/],
  [
    ["run", "--features", "wasm3,frob", good],
    /^there is no feature "frob"; there are wasm1, wasm2, wasm3, .*\bthreads\b/,
  ],
  [["validate", "--features=", good], /^there is no feature ""; there are /],
  [["run", "--memory-limit", "much", good], /^--memory-limit much: write a size such as 64MiB, or a number of pages$/],
  [["run", "--memory-limit", "-1", good], /^--memory-limit -1: write a size/],
  [["run", "--cache-dir", "x", "--cache-limit", "5", good], /^--cache-limit 5: write a size such as 64MiB$/],
  [["run", "--cache-limit", "5MiB", good], /^--cache-limit needs --cache-dir$/],
  [["run", "--memory-limit", "5GiB", good], /^--memory-limit 5GiB is more than 4GiB$/],
  [
    ["run", library],
    /no function _start to run; the module exports f0, .*, f11 and 2 more \(see zerowasm help invoke\)$/,
  ],
  [["run", taking], /taking\.wasm: the function _start takes nothing in a program, not \(i32\)$/],
  [["invoke", good], /^no FUNCTION is given; see zerowasm help invoke$/],
  [["invoke", good, "frob"], /good\.wasm: no export "frob"; the functions exported: _start, add$/],
  [["invoke", good, "memory"], /"memory" is a memory; the functions exported: _start, add$/],
  [["invoke", good, "add"], /^add takes the arguments \(i32 i64\), got 0$/],
  [["invoke", good, "_start", "1"], /^_start takes no arguments, got 1$/],
  [["invoke", good, "add", "1", "x"], /^argument 2 of add: "x" is no i64$/],
  [["invoke", good, "add", "4294967296", "1"], /^argument 1 of add: "4294967296" is no i32$/],
  [["inspect", "--json=x", good], /^--json takes no value/],
  [["wat2wasm"], /^no FILE is given; see zerowasm help wat2wasm$/],
  [["wat2wasm", good, "x"], /^"x" is one argument too many/],
  [["wat2wasm", good], /good\.wasm: is a binary already$/],
  [["wat2wasm", "-o"], /^-o needs a value: -o OUT; see zerowasm help wat2wasm$/],
  [["wat2wasm", "--o", "x", good], /^unknown flag --o; see zerowasm help wat2wasm$/],
  [["wat2wasm", missing], /missing\.wasm: no such file$/],
  [["wasm2wat", good, "-o", join(folder, "nowhere", "x")], /nowhere.x: cannot be written: no such folder$/],
  [["wasm2wat", good, "-o", folder], /: cannot be written: is a directory$/],
  [["wasm2wat", "--flat", "--folded", good], /^--folded and --flat disagree$/],
  [["wasm2wat", text], /is no WebAssembly module/],
];

test("a wrong command line is told of in one line, and nothing runs", async () => {
  for (let i = 0; i < wrong.length; i += 4) {
    const some = wrong.slice(i, i + 4).map(async ([args, message]) => {
      const { stdout, stderr, code } = await zerowasm(...args);
      assert.equal(code, 2, `${args}: ${stderr}`);
      assert.equal(stdout, "", String(args));
      assert.match(stderr, /^zerowasm: [^\n]*\n$/, String(args));
      assert.match(stderr.slice("zerowasm: ".length, -1), message);
    });
    await Promise.all(some);
  }
});

test("without a command there is help on standard error", async () => {
  const { stdout, stderr, code } = await zerowasm();
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, (await zerowasm("help")).stdout);
});

test("each command has help, in three ways", async () => {
  const overview = (await zerowasm("help")).stdout;
  for (const args of [["--help"], ["-h"], ["help", "--help"], ["help", "help"]]) {
    assert.deepEqual(await zerowasm(...args), { stdout: overview, stderr: "", code: 0 });
  }
  for (const command of ["run", "invoke", "compile", "validate", "inspect", "wat2wasm", "wasm2wat", "version"]) {
    const { stdout, code } = await zerowasm("help", command);
    assert.equal(code, 0);
    assert.ok(stdout.startsWith(`zerowasm ${command}`));
    assert.ok(overview.includes(`zerowasm ${command}`));
    assert.ok(stdout.split("\n").every(({ length }) => length <= 120));
    for (const flag of ["--help", "-h"]) assert.equal((await zerowasm(command, flag)).stdout, stdout);
  }
});

test("version", async () => {
  for (const args of [["version"], ["--version"], ["-V"]]) {
    const { stdout, code } = await zerowasm(...args);
    assert.match(stdout, /^zerowasm \d+\.\d+\.\d+\n$/);
    assert.equal(code, 0);
  }
});
