// Runs guests from the command line: what they are given, and how they end.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { node } from "../examples/process.ts";
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";
import { CLI, file, folder, inTerminal, noTerminal, zerowasm } from "./command.ts";

const WASI = "wasi_snapshot_preview1";

/** A command whose `_start` is this body; functions 0 to 3 are proc_exit, fd_write, fd_read and poll_oneoff. */
function command(name: string, ...body: readonly Instr[]): string {
  const module = new ModuleBuilder();
  module.importFunction(WASI, "proc_exit", { params: ["i32"] });
  module.importFunction(WASI, "fd_write", { params: ["i32", "i32", "i32", "i32"], results: ["i32"] });
  module.importFunction(WASI, "fd_read", { params: ["i32", "i32", "i32", "i32"], results: ["i32"] });
  module.importFunction(WASI, "poll_oneoff", { params: ["i32", "i32", "i32", "i32"], results: ["i32"] });
  module.memory(1, undefined, "memory");
  module.data([["i32.const", 0]], [16, 0, 0, 0, 2, 0, 0, 0]); // an iovec of "y\n"
  module.data([["i32.const", 16]], [0x79, 0x0a]);
  module.data([["i32.const", 128 + 16]], [1]); // a subscription to the monotonic clock
  module.data([["i32.const", 128 + 24]], [0, 0x2d, 0x31, 1]); // 20 ms
  module.function({ export: "_start", name: "main" }, ...body);
  return file(name, module.build());
}

const write: readonly Instr[] = [
  ["i32.const", 1],
  ["i32.const", 0],
  ["i32.const", 1],
  ["i32.const", 64],
  ["call", 1],
];

test("a guest's exit code is the process's", async () => {
  for (const [given, code] of [
    [0, 0],
    [1, 1],
    [42, 42],
    [255, 255],
    [256 + 7, 7],
    [-1, 255],
  ] as const) {
    const path = command(`exit${given}.wasm`, ["i32.const", given], ["call", 0]);
    assert.deepEqual(await zerowasm("run", path), { stdout: "", stderr: "", code });
  }
});

test("a guest that returns is a success", async () => {
  const path = command("returns.wasm", ...write, "drop");
  assert.deepEqual(await zerowasm("run", path), { stdout: "y\n", stderr: "", code: 0 });
  for (const flags of [
    ["--interpreter"],
    ["--engine", "interpreter"],
    ["--engine=auto", "--dispatch", "closures"],
    ["--features", "wasm2"],
    ["--features=wasm2,threads"],
    ["--memory-limit", "64KiB"],
    ["--memory-limit", "1"],
  ]) {
    assert.deepEqual(await zerowasm("run", ...flags, path), { stdout: "y\n", stderr: "", code: 0 });
  }
});

test("what comes after FILE is the guest's", async () => {
  const cases: [string[], string[]][] = [
    [[], ["hello, world"]],
    [["ada"], ["hello, ada"]],
    [["--", "ada"], ["hello, ada"]],
    [
      ["--", "--", "--env", "x"],
      ["hello, --", "hello, --env", "hello, x"],
    ],
    [
      ["--interpreter", "--"],
      ["hello, --interpreter", "hello, --"],
    ],
    [[""], ["hello, "]],
  ];
  for (const [args, lines] of cases) {
    const { stdout } = await zerowasm("run", "examples/hello/hello.wasm", ...args);
    assert.equal(stdout, lines.map((line) => `${line}\n`).join(""));
  }
  assert.equal((await zerowasm("run", "--", "examples/hello/hello.wasm", "a")).stdout, "hello, a\n");
});

test("the environment is empty, given, or inherited", async () => {
  const variables = async (...flags: string[]): Promise<string[]> => {
    const { stdout } = await zerowasm("run", ...flags, "examples/console/console.wasm");
    return stdout.split("\n").flatMap((line) => /^variable: (.*)/.exec(line)?.[1] ?? []);
  };
  assert.deepEqual(await variables(), []);
  assert.deepEqual(await variables("--env", "A=1", "--env=B=x=y", "--env", "A=2", "--env", "C="), [
    "A=2",
    "B=x=y",
    "C=",
  ]);
  process.env["ZEROWASM_TEST"] = "here";
  assert.ok((await variables("--env-inherit")).includes("ZEROWASM_TEST=here"));
  assert.ok((await variables("--env-inherit", "--env", "ZEROWASM_TEST=there")).includes("ZEROWASM_TEST=there"));
  delete process.env["ZEROWASM_TEST"];
});

test("a trap tells its message and the stack", async () => {
  const module = new ModuleBuilder();
  module.function(
    { name: "divide", params: ["i32"], results: ["i32"] },
    ["i32.const", 1],
    ["local.get", 0],
    "i32.div_u",
  );
  module.function(
    { params: ["i32"], results: ["i32"], export: "deep", name: "deep" },
    ["local.get", 0],
    ["if", "i32"],
    ["local.get", 0],
    ["i32.const", 1],
    "i32.sub",
    ["call", 1],
    "else",
    ["i32.const", 0],
    ["call", 0],
    "end",
  );
  module.function({}, ["i32.const", 3], ["call", 1], "drop");
  module.function({ export: "_start" }, ["call", 2]);
  const { stdout, stderr, code } = await zerowasm("run", file("trap.wasm", module.build()));
  assert.equal(code, 134);
  assert.equal(stdout, "");
  const lines = stderr
    .replace(/0x[\da-f]+/g, "0x…")
    .replace(/^zerowasm: \S*trap/, "zerowasm: trap")
    .split("\n");
  assert.deepEqual(lines, [
    "zerowasm: trap.wasm: trap: integer divide by zero",
    "    at divide      function 0, offset 0x…",
    "    at deep        function 1, offset 0x…",
    "    at deep        function 1, offset 0x…, and 2 times more",
    "    at function 2  function 2, offset 0x…",
    "    at _start      function 3, offset 0x…",
    "",
  ]);
});

test("a module that cannot run is told of in one line", async () => {
  const malformed = file("malformed.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 99));
  const version = file("version.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0));
  const invalid = command("invalid.wasm", ["i64.const", 1], ["call", 0]);
  const large = new ModuleBuilder();
  large.memory(100);
  large.function({ export: "_start" });
  const unlinked = new ModuleBuilder();
  unlinked.importFunction("env", "abort", { params: ["i32"] });
  unlinked.function({ export: "_start" });
  const wrongType = new ModuleBuilder();
  wrongType.importFunction(WASI, "proc_exit", { params: ["i64"] });
  wrongType.function({ export: "_start" });
  const cases: [string[], RegExp][] = [
    [[malformed], /malformed module: .* at offset 0x/],
    [[version], /malformed module: unknown binary version: found [\da-f ]+ at offset 0x4/],
    [[invalid], /invalid module: type mismatch.* in function 4 at offset 0x/],
    [["--features", "wasm1", command("data.wasm", "nop")], /invalid module: feature bulk-memory is off/],
    [
      [file("env.wasm", unlinked.build())],
      /cannot be linked: unknown import: "env"\."abort", a function \(i32\) -> \(\)/,
    ],
    [
      [file("type.wasm", wrongType.build())],
      /cannot be linked: incompatible import type: .*proc_exit.*\(i64\).*\(i32\)/,
    ],
    [["--memory-limit", "1MiB", file("large.wasm", large.build())], /cannot be linked: a memory of 100 pages/],
  ];
  for (const [args, message] of cases) {
    const { stdout, stderr, code } = await zerowasm("run", ...args);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^zerowasm: \S+\.wasm: [^\n]*\n$/);
    assert.match(stderr, message);
  }
});

test("input that comes late is waited for", async () => {
  const child = spawn(process.execPath, [CLI, "run", "examples/cat/cat.wasm"], { timeout: 60_000 });
  let stdout = "";
  child.stdout.on("data", (bytes: Buffer) => {
    stdout += bytes.toString();
    if (stdout === "one\n") child.stdin.write("two\n");
    if (stdout === "one\ntwo\n") child.stdin.end();
  });
  setTimeout(() => child.stdin.write("one\n"), 300);
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(stdout, "one\ntwo\n");
  assert.equal(code, 0);
});

test("a guest that ends leaves open input behind", async () => {
  const path = command(
    "exits.wasm",
    ["i32.const", 0],
    ["i32.const", 0],
    ["i32.const", 1],
    ["i32.const", 64],
    ["call", 2],
    ["call", 0],
  );
  const child = spawn(process.execPath, [CLI, "run", path], { timeout: 60_000 });
  child.stdin.write("x");
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0);
});

test("a sleep takes its time", async () => {
  const path = command(
    "sleeps.wasm",
    ["i32.const", 128],
    ["i32.const", 256],
    ["i32.const", 1],
    ["i32.const", 64],
    ["call", 3],
    ["call", 0],
  );
  assert.equal((await zerowasm("run", path)).code, 0);
});

const endless = command("endless.wasm", "loop", ["br", 0], "end");
const sleeping = command(
  "sleeping.wasm",
  "loop",
  ["i32.const", 128],
  ["i32.const", 256],
  ["i32.const", 1],
  ["i32.const", 64],
  ["call", 3],
  "drop",
  ["br", 0],
  "end",
);

for (const [what, path] of [
  ["computes", endless],
  ["sleeps", sleeping],
  ["reads", "examples/cat/cat.wasm"],
] as const) {
  test(`a guest that ${what} can be interrupted`, { skip: process.platform === "win32" }, async () => {
    const child = spawn(process.execPath, [CLI, "run", path], { timeout: 60_000 });
    setTimeout(() => child.kill("SIGINT"), 700);
    const signal = await new Promise((resolve) => child.on("close", (_, signal) => resolve(signal)));
    assert.equal(signal, "SIGINT");
  });
}

for (const [what, path] of [
  ["computes", endless],
  ["sleeps", sleeping],
  ["waits for a connection", "examples/echo-server/echo.wasm"],
] as const) {
  test(`a guest that ${what} ends when its time has passed`, async () => {
    const { stdout, stderr, code } = await zerowasm("run", "--timeout", "1500ms", "--listen", "127.0.0.1:0", path);
    assert.equal(code, 134);
    assert.equal(stdout, "");
    assert.match(stderr, /: trap: the time of --timeout 1500ms has passed\n {4}at /);
  });
}

test("a guest ends when its fuel is used up", async () => {
  for (const engine of ["compiler", "interpreter"]) {
    const { stderr, code } = await zerowasm("run", "--fuel=5000000", "--engine", engine, endless);
    assert.equal(code, 134);
    assert.match(stderr, /: trap: fuel exhausted\n {4}at main +function 4, offset 0x/);
  }
  const hello = "examples/hello/hello.wasm";
  assert.equal((await zerowasm("run", "--fuel", "1000000", "--timeout", "1h", hello)).stdout, "hello, world\n");
  assert.equal((await zerowasm("run", "--fuel", "10", hello)).code, 134);
  assert.equal((await zerowasm("invoke", "--fuel", "4", "examples/add/add.wasm", "add", "7", "5")).stdout, "12\n");
  assert.equal((await zerowasm("invoke", "--fuel", "3", "examples/add/add.wasm", "add", "7", "5")).code, 134);
});

test("--profile tells what each function did, however the guest ends", async () => {
  const path = command("profiled.wasm", ...write, "drop", ["i32.const", 3], ["call", 0]);
  const { stdout, stderr, code } = await zerowasm("run", "--profile", path);
  assert.deepEqual([stdout, code], ["y\n", 3]);
  assert.equal(stderr, "function\tname\tcalls\tself\ttotal\n4\tmain\t1\t9\t9\n");
  const table = join(folder, "profile.tsv");
  const trap = command("profiled-trap.wasm", "unreachable");
  assert.equal((await zerowasm("run", `--profile=${table}`, "--interpreter", trap)).code, 134);
  assert.equal(readFileSync(table, "utf8"), "function\tname\tcalls\tself\ttotal\n4\tmain\t1\t1\t1\n");
  assert.equal(readFileSync(`${table}.folded`, "utf8"), "main 1\n");
});

const yes = command("yes.wasm", "loop", ...write, "drop", ["br", 0], "end");

for (const args of [["run", yes], ["inspect", "examples/go-report/report.wasm", "--json"], ["help"]]) {
  test(`${args[0]} ends silently where nobody reads`, { skip: process.platform === "win32" }, async () => {
    const child = spawn("sh", [
      "-c",
      '{ "$@"; echo "code $?" >&2; } | head -n 1',
      "sh",
      process.execPath,
      CLI,
      ...args,
    ]);
    let stderr = "";
    child.stderr.on("data", (bytes: Buffer) => {
      stderr += bytes.toString();
    });
    await new Promise((resolve) => child.on("close", resolve));
    assert.match(stderr, /^code (?:0|141)\n$/);
  });
}

test("validate", async () => {
  const good = command("valid.wasm", "nop");
  assert.deepEqual(await zerowasm("validate", good), { stdout: `${good}: valid\n`, stderr: "", code: 0 });
  assert.equal((await zerowasm("validate", good, "--features", "wasm2")).code, 0);
  const { stdout, stderr, code } = await zerowasm("validate", "--features=wasm1", good);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /invalid module: feature bulk-memory is off/);
});

test("colours are for terminals, and NO_COLOR is obeyed", { skip: noTerminal }, async () => {
  const path = command("colour.wasm", "unreachable");
  const run = (prefix: string): Promise<string> => inTerminal(prefix, "run", path);
  assert.match(await run(""), /\x1b\[31m.*trap/);
  assert.doesNotMatch(await run("NO_COLOR=1"), /\x1b/);
  assert.match(await run("NO_COLOR="), /\x1b/);
  assert.doesNotMatch(await run("TERM=dumb"), /\x1b/);
  assert.doesNotMatch((await node([CLI, "run", path])).stderr, /\x1b/);
});

test("--cache-dir keeps what was compiled", async () => {
  const path = join(folder, "cache");
  const args = ["run", "--cache-dir", path, "examples/hello/hello.wasm"];
  for (let i = 0; i < 2; i++) assert.equal((await zerowasm(...args)).stdout, "hello, world\n");
  assert.equal(readdirSync(path).length, 1);
  await zerowasm("run", "--cache-limit", "0K", "--cache-dir", path, "examples/cat/cat.wasm");
  assert.equal(readdirSync(path).length, 0);
  const refused = await zerowasm("run", "--cache-dir", "examples/hello/hello.wasm/x", "examples/hello/hello.wasm");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--cache-dir/);
});
