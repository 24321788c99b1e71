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

for (const name of ["runLoop", "runCold", "runVectors", "runRareVector"]) {
  test(`${name} is small enough for V8 to optimise`, () => {
    const flags = ["--print-bytecode", `--print-bytecode-filter=${name}`, "--input-type=module"];
    const { stdout } = spawnSync(process.execPath, [...flags, "-e", program], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    const length = Number(/^Bytecode length: (\d+)/m.exec(stdout)?.[1]);
    assert.ok(length > 1000, `no bytecode of ${name} was printed`);
    assert.ok(length <= LIMIT, `${length} bytes of bytecode, ${LIMIT} are allowed`);
  });
}
