// Takes each example built by another toolchain, runs it through the API with everything given, and compares what it prints.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { ExitError, type ModuleConfig, Runtime } from "zerowasm";
import { wasi } from "zerowasm/wasi";
import { expectedOf, guests, inputOf, pathOf } from "./guests.ts";
import { node, type Outcome, textOf } from "./process.ts";

/** Runs a command in this process. Clocks and random bytes are the deterministic stand-ins. */
function run(path: string, config: ModuleConfig): Outcome {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const runtime = new Runtime();
  wasi.instantiate(runtime);
  let code = 0;
  try {
    runtime.instantiate(readFileSync(path), {
      ...config,
      stdout: (bytes) => void stdout.push(bytes.slice()),
      stderr: (bytes) => void stderr.push(bytes.slice()),
    });
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    code = error.exitCode;
  }
  return { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code };
}

test("each guest is in the list", () => {
  const built = readdirSync("examples").filter((name) => {
    // A server needs connections: test/cli/listen.test.ts has them.
    return (
      existsSync(`examples/${name}/README.md`) && !/-server$/.test(name) && !existsSync(`examples/${name}/${name}.mjs`)
    );
  });
  assert.deepEqual(guests.map(({ example }) => example).sort(), built.sort());
});

for (const guest of guests) {
  test(`${guest.example} through the API`, () => {
    const config = { args: [guest.file, ...(guest.args ?? [])], env: guest.env, stdin: inputOf(guest) };
    assert.deepEqual(run(pathOf(guest), config), expectedOf(guest));
  });
}

for (const example of ["hello", "rust-hello", "zig-hello", "assemblyscript-hello"]) {
  test(`${example} greets its arguments`, () => {
    const greeting = textOf(example, "expected.txt").replace(", world", "").trim();
    const { stdout } = run(`examples/${example}/hello.wasm`, { args: ["hello", "ada", "grace hopper", "犬"] });
    assert.equal(stdout, ["ada", "grace hopper", "犬"].map((name) => `${greeting}, ${name}\n`).join(""));
  });
}

test("sha256 agrees with node:crypto", () => {
  // Lengths around the padding's edge and the buffer's.
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1023, 1024, 1025, 200_003]) {
    const stdin = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
    const digest = createHash("sha256").update(stdin).digest("hex");
    assert.equal(run("examples/sha256/sha256.wasm", { stdin }).stdout, `${digest}  -\n`, `${length} bytes`);
  }
});

test("a guest speaks through the streams of zerowasm/node", async () => {
  const program = `
    import { readFileSync } from "node:fs";
    import { Runtime } from "zerowasm";
    import { stdio } from "zerowasm/node";
    import { wasi } from "zerowasm/wasi";
    const runtime = new Runtime();
    wasi.instantiate(runtime);
    runtime.instantiate(readFileSync("examples/cat/cat.wasm"), { ...stdio });
  `;
  const stdin = readFileSync("examples/cat/input.txt");
  assert.deepEqual(await node(["--input-type=module", "--eval", program], stdin), {
    stdout: textOf("cat", "expected.txt"),
    stderr: "",
    code: 0,
  });
});
