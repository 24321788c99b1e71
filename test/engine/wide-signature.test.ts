// Functions of as many parameters and results as the specification's implementations allow: called in every way, and until there is no stack left.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Runtime, type RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";

const COUNT = 1000;

/** How a constant of each type is written, and how a value on the operand stack becomes an i32 again. */
const forms = {
  i32: [(n: number) => `i32.const ${n}`, ""],
  i64: [(n: number) => `i64.const ${n}`, "i32.wrap_i64"],
  f32: [(n: number) => `f32.const ${n}`, "i32.trunc_f32_s"],
  f64: [(n: number) => `f64.const ${n}`, "i32.trunc_f64_s"],
  v128: [(n: number) => `v128.const i32x4 ${n} 0 0 0`, "i32x4.extract_lane 0"],
} as const;

/** A module whose functions take and give values of these types in turn. */
function guest(types: readonly (keyof typeof forms)[]): Uint8Array {
  const all = Array.from({ length: COUNT }, (_, i) => types[i % types.length]!);
  const signature = `(param ${all.join(" ")}) (result ${all.join(" ")})`;
  const params = all.map((_, i) => `local.get ${i}`).join("\n");
  const constants = all.map((type, i) => forms[type][0](i)).join("\n");
  const sum = [...all]
    .reverse()
    .map((type) => `${forms[type][1]} local.set 0 local.get 1 i32.const 31 i32.mul local.get 0 i32.add local.set 1`);
  const caller = (name: string, call: string): string =>
    `(func (export "${name}") (result i32) (local i32 i32) ${constants}\n${call}\n${sum.join("\n")}\nlocal.get 1)`;
  return parse(`(module
    (type $t (func ${signature}))
    (table funcref (elem $same))
    (elem declare func $same)
    (func $same (type $t) ${params})
    (func $deep (type $t) ${params} call $deep)
    ${caller("direct", "call $same")}
    ${caller("indirect", "i32.const 0 call_indirect (type $t)")}
    ${caller("reference", "ref.func $same call_ref $t")}
    ${caller("deep", "call $deep")})`);
}

const expected = Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i).reduce(
  (sum, n) => (Math.imul(sum, 31) + n) | 0,
  0,
);

const engines: Readonly<Record<string, RuntimeConfig>> = {
  switch: { engine: "interpreter", dispatch: "switch" },
  closures: { engine: "interpreter", dispatch: "closures" },
  compiler: { engine: "compiler", eager: true },
};

for (const [label, config] of Object.entries(engines))
  describe(`a thousand parameters and results, ${label}`, () => {
    for (const types of [["i32"], ["i64"], ["v128"], ["i32", "i64", "f32", "f64", "v128"]] as const)
      test(types.join(" "), () => {
        const instance = new Runtime(config).instantiate(guest(types));
        const call = (name: string): unknown => instance.exportedFunction(name)!.call();
        for (const name of ["direct", "indirect", "reference"]) assert.equal(call(name), expected, name);
        assert.throws(() => call("deep"), { code: "call stack exhausted" });
        for (const name of ["direct", "indirect", "reference"])
          assert.equal(call(name), expected, `${name} after the trap`);
      });
  });
