// Takes the built interpreter, holds its loops under the size up to which V8 optimises a function.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

/** V8's max_optimized_bytecode_size: a function above it stays in bytecode, 13 times slower. */
const LIMIT = 60 * 1024;

const program = `
  import { readFileSync } from "node:fs";
  import { Runtime } from "zerowasm/interpreter";
  import { parse } from "zerowasm/text";
  const runtime = new Runtime({ dispatch: "switch" });
  runtime.instantiate(readFileSync("bench/kernels/modpow.wasm")).exportedFunction("run").call(10);
  const seldom = "(module (func (export \\"run\\") (param v128) (result v128) (i8x16.popcnt (local.get 0))))";
  runtime.instantiate(parse(seldom)).exportedFunction("run").call(new Uint8Array(16));
`;

/** Lengths of the bytecode of all functions of a name that V8 makes while a program runs. */
function lengthsOf(name: string, program: string): number[] {
  const flags = ["--print-bytecode", `--print-bytecode-filter=${name}`, "--input-type=module"];
  const { stdout } = spawnSync(process.execPath, [...flags, "-e", program], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return Array.from(stdout.matchAll(/^Bytecode length: (\d+)/gm), ([, length]) => Number(length));
}

for (const name of ["runLoop", "runCold", "runVectors", "runRareVector"]) {
  test(`${name} is small enough for V8 to optimise`, () => {
    const [length = 0] = lengthsOf(name, program);
    assert.ok(length > 1000, `no bytecode of ${name} was printed`);
    assert.ok(length <= LIMIT, `${length} bytes of bytecode, ${LIMIT} are allowed`);
  });
}

test("the loop before compiled code is too long for V8 to optimise, and only there", () => {
  const inTiers = program
    .replace("zerowasm/interpreter", "zerowasm")
    .replace("new Runtime({", "new Runtime({ eager: false,");
  const [length = 0, ...others] = lengthsOf("runLoop", inTiers);
  assert.ok(length > LIMIT, `${length} bytes of bytecode, more than ${LIMIT} are needed`);
  assert.deepEqual(others, []);
});

test("what stays in the interpreter goes on in the loop that V8 optimises", () => {
  const [before = 0, after = 0] = lengthsOf(
    "runLoop",
    `import { Runtime } from "zerowasm";
    import { parse } from "zerowasm/text";
    const cache = { digest: String, load() {}, save() {}, script() { throw new Error("refused"); } };
    const count = "(loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))";
    new Runtime({ engine: "compiler", eager: false, cache })
      .instantiate(parse(\`(module (func (export "run") (param i32) \${count}))\`))
      .exportedFunction("run")
      .call(20_000);`,
  );
  assert.ok(before > LIMIT && after > 1000 && after <= LIMIT, `${before} and ${after} bytes of bytecode`);
});
