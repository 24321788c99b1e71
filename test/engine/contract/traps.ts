// Traps: the specification's code, the guest's stack with names, and an instance that goes on.
import assert from "node:assert/strict";
import test from "node:test";
import { Trap } from "zerowasm";
import { single } from "../../support/guests.ts";
import { type Instr, ModuleBuilder } from "../../support/module-builder.ts";
import type { NewRuntime } from "../contract.ts";

const cases: readonly [code: string, ...body: Instr[]][] = [
  ["unreachable", "unreachable"],
  ["integer divide by zero", ["i32.const", 1], ["i32.const", 0], "i32.div_s", "drop"],
  ["integer divide by zero", ["i64.const", 1], ["i64.const", 0], "i64.rem_u", "drop"],
  ["integer overflow", ["i32.const", -(2 ** 31)], ["i32.const", -1], "i32.div_s", "drop"],
  ["integer overflow", ["f64.const", 1e10], "i32.trunc_f64_s", "drop"],
  ["invalid conversion to integer", ["f32.const", Number.NaN], "i32.trunc_f32_u", "drop"],
  ["out of bounds memory access", ["i32.const", 65533], ["i32.load"], "drop"],
  ["out of bounds memory access", ["i32.const", 65532], ["i32.load", 1], "drop"],
  ["out of bounds memory access", ["i32.const", -1], ["i64.load8_u"], "drop"],
  // The first operand's trap comes before that of the second.
  [
    "out of bounds memory access",
    ["i32.const", 65536],
    ["f64.load"],
    ["i32.const", 1],
    ["i32.const", 0],
    "i32.div_u",
    "f64.convert_i32_u",
    "f64.copysign",
    "drop",
  ],
  ["out of bounds memory access", ["i32.const", 65530], ["i32.const", 1], ["i32.const", 7], ["memory.fill"]],
  ["undefined element", ["i32.const", 2], ["call_indirect", 0]],
  ["uninitialized element", ["i32.const", 1], ["call_indirect", 0]],
  ["indirect call type mismatch", ["i32.const", 0], ["call_indirect", 0]],
  ["out of bounds table access", ["i32.const", 2], ["table.get"], "drop"],
];

function guest(body: readonly Instr[]): Uint8Array {
  const module = new ModuleBuilder();
  module.type();
  module.memory(1);
  module.table("funcref", 2);
  const other = module.function({ results: ["i32"] }, ["i32.const", 1]);
  module.elements([["i32.const", 0]], [other]);
  const inner = module.function({ name: "inner" }, ...body);
  const outer = module.function({ name: "outer" }, "nop", ["call", inner]);
  module.function({ export: "run" }, ["call", outer]);
  module.function({ results: ["i32"], export: "fine" }, ["i32.const", 1]);
  return module.build();
}

export function traps(newRuntime: NewRuntime): void {
  for (const [i, [code, ...body]] of cases.entries()) {
    test(`${code} (${i})`, () => {
      const instance = newRuntime().instantiate(guest(body), { name: "main" });
      const error = thrownBy(() => instance.exportedFunction("run")!.call());
      assert.ok(error instanceof Trap);
      assert.ok(error.code.startsWith(code), error.code);
      assert.deepEqual(
        error.wasmStack.map(({ module, functionName }) => [module, functionName]),
        [
          ["main", "inner"],
          ["main", "outer"],
          ["main", "run"],
        ],
      );
      assert.equal(instance.closed, false);
      assert.equal(instance.exportedFunction("fine")!.call(), 1);
    });
  }

  test("a frame of the stack tells the offset of its instruction", () => {
    const bytes = single([], [], "nop", "unreachable");
    const trap = thrownBy(() => newRuntime().instantiate(bytes).exportedFunction("run")!.call());
    assert.ok(trap instanceof Trap);
    assert.equal(bytes[trap.wasmStack[0]!.offset], 0x00);
    assert.equal(bytes[trap.wasmStack[0]!.offset - 1], 0x01);
  });

  test("an instruction that traps tells its own offset, not that of one before it", () => {
    const bytes = single(
      ["i32", "i32"],
      ["i32"],
      ["local.get", 0],
      ["i32.const", 3],
      "i32.div_s",
      ["local.get", 1],
      "i32.rem_u",
    );
    const run = newRuntime().instantiate(bytes).exportedFunction("run")!;
    assert.equal(run.call(100, 7), 5);
    const trap = thrownBy(() => run.call(100, 0));
    assert.ok(trap instanceof Trap);
    assert.equal(bytes[trap.wasmStack[0]!.offset], 0x70);
  });

  test("the stack goes through instances", () => {
    const runtime = newRuntime();
    const inner = runtime.instantiate(guest(["unreachable"]), { name: "library" });
    const module = new ModuleBuilder();
    const f = module.importFunction("library", "run");
    module.function({ export: "main" }, ["call", f]);
    const outer = runtime.instantiate(module.build(), { name: "program" });
    const trap = thrownBy(() => outer.exportedFunction("main")!.call());
    assert.ok(trap instanceof Trap);
    assert.deepEqual(
      trap.wasmStack.map(({ module, functionName, functionIndex }) => [module, functionName, functionIndex]),
      [
        ["library", "inner", 1],
        ["library", "outer", 2],
        ["library", "run", 3],
        ["program", "main", 1],
      ],
    );
    assert.equal(inner.exportedFunction("fine")!.call(), 1);
  });

  test("a trap passes through a host function that may catch it", () => {
    const runtime = newRuntime();
    const inner = runtime.instantiate(guest(["unreachable"]), { name: "library" }).exportedFunction("run")!;
    const module = new ModuleBuilder();
    const f = module.importFunction("env", "f", { results: ["i32"] });
    module.function({ results: ["i32"], export: "run" }, ["call", f]);
    const run = (f: () => unknown) =>
      runtime
        .instantiate(module.build(), { imports: { env: { f } } })
        .exportedFunction("run")!
        .call();
    const catching = () => {
      try {
        inner.call();
      } catch (error) {
        return error instanceof Trap ? error.wasmStack.length : 0;
      }
      return 0;
    };
    assert.equal(run(catching), 3);
    const trap = thrownBy(() => run(() => inner.call()));
    assert.ok(trap instanceof Trap);
    assert.deepEqual(
      trap.wasmStack.map(({ functionName }) => functionName),
      ["inner", "outer", "run", "run"],
    );
  });

  test("without debug information only exports give names", () => {
    const instance = newRuntime({ debugInfo: false }).instantiate(guest(["unreachable"]));
    const trap = thrownBy(() => instance.exportedFunction("run")!.call());
    assert.ok(trap instanceof Trap);
    assert.deepEqual(
      trap.wasmStack.map(({ functionName }) => functionName),
      [undefined, undefined, "run"],
    );
  });
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}
