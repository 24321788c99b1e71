// Takes each example built by another toolchain, runs it from the command line, and compares what it prints.
import assert from "node:assert/strict";
import test from "node:test";
import { expectedOf, type Guest, guests, inputOf, pathOf } from "./guests.ts";
import { node } from "./process.ts";

const CLI = "dist/bundled/main.js";

function commandLine(guest: Guest): string[] {
  const variables = Object.entries(guest.env ?? {}).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  return [CLI, "run", ...variables, pathOf(guest), "--", ...(guest.args ?? [])];
}

for (const guest of guests) {
  test(`${guest.example} from the command line`, async () => {
    assert.deepEqual(await node(commandLine(guest), inputOf(guest)), expectedOf(guest));
  });
}

test("hello runs where neither WebAssembly nor code from strings is allowed", async () => {
  const flags = ["--jitless", "--disallow-code-generation-from-strings"];
  // V8 itself warns on standard error that it has no WebAssembly then.
  const { stdout, code } = await node([...flags, CLI, "run", "examples/hello/hello.wasm"]);
  assert.deepEqual({ stdout, code }, { stdout: "hello, world\n", code: 0 });
});

test("arguments reach the guest", async () => {
  const { stdout } = await node([CLI, "run", "examples/hello/hello.wasm", "--", "ada", "--env", "grace hopper"]);
  assert.equal(stdout, "hello, ada\nhello, --env\nhello, grace hopper\n");
});

test("an exit code becomes the process's", async () => {
  assert.deepEqual(await node([CLI, "run", "examples/exit-code/exit-code.wasm"]), { stdout: "", stderr: "", code: 42 });
});

for (const example of ["cat", "rust-cat"]) {
  test(`${example} copies more than a pipe holds`, async () => {
    const text = "0123456789abcde\n".repeat(20_000);
    const { stdout, code } = await node([CLI, "run", `examples/${example}/cat.wasm`], text);
    assert.ok(stdout === text, `${stdout.length} of ${text.length} bytes came back`);
    assert.equal(code, 0);
  });
}
