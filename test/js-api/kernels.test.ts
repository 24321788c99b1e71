// Takes the kernels of bench/, runs them in the single files by each engine: they give what native builds do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createWebAssembly as createByInterpreterFile } from "zerowasm/js-api/interpreter/min";
import { createWebAssembly as createByFile } from "zerowasm/js-api/min";

type Sizes = Readonly<Record<"tiny", { readonly n: number; readonly expected: number }>>;
const kernels: Readonly<Record<string, Sizes>> = JSON.parse(readFileSync("bench/kernels/expected.json", "utf8"));
const namespaces = {
  "the single file, by tiers": createByFile(),
  "the single file, compiled": createByFile({ engine: "compiler", eager: true }),
  "the single file, metered": createByFile({ metering: true, fuel: 10n ** 12n }),
  "the interpreter's single file": createByInterpreterFile(),
};

for (const [file, namespace] of Object.entries(namespaces)) {
  test(`kernels in ${file}`, () => {
    for (const [name, { tiny }] of Object.entries(kernels)) {
      const module = new namespace.Module(readFileSync(`bench/kernels/${name}.wasm`));
      const { run } = new namespace.Instance(module).exports as { run: (n: number) => number };
      assert.equal(run(tiny.n), tiny.expected, name);
    }
  });
}
