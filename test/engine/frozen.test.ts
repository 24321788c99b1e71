// A host whose intrinsics are frozen, as against code that changes them: both engines run there and tell their errors.
import assert from "node:assert/strict";
import test from "node:test";
import { node } from "../examples/process.ts";

test("guests run and trap where intrinsics are frozen", async () => {
  const source = `
    import { Runtime } from "zerowasm";
    import { parse } from "zerowasm/text";
    import { createWebAssembly } from "zerowasm/js-api";
    const binary = parse(\`(module
      (import "host" "next" (func $next (param i32) (result i32)))
      (func (export "next") (param i32) (result i32) (call $next (local.get 0)))
      (func (export "trap") unreachable))\`);
    const next = (n) => n + 1;
    for (const engine of ["compiler", "interpreter"]) {
      const module = new Runtime({ engine }).instantiate(binary, { imports: { host: { next } } });
      console.log(engine, module.exportedFunction("next").call(4));
      try {
        module.exportedFunction("trap").call();
      } catch (error) {
        console.log(error.name, error.message, error.wasmStack.length);
      }
      const { Module, Instance, RuntimeError } = createWebAssembly({ engine });
      const { exports } = new Instance(new Module(binary), { host: { next } });
      console.log(exports.next(5));
      try {
        exports.trap();
      } catch (error) {
        console.log(error instanceof RuntimeError);
      }
    }`;
  const { stdout } = await node(["--frozen-intrinsics", "--no-warnings", "--input-type=module", "--eval", source]);
  const told = ["Trap unreachable 1", "6", "true"];
  assert.deepEqual(stdout.trim().split("\n"), ["compiler 5", ...told, "interpreter 5", ...told]);
});
