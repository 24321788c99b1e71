// Operands that wait on the stack: nothing overwrites what they read, and they trap in the order of the code.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Runtime, Trap } from "zerowasm";
import { single } from "../support/guests.ts";
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";

const divideByZero: readonly Instr[] = [["i32.const", 1], ["i32.const", 0], "i32.div_s"];
const outOfBounds: readonly Instr[] = [["i32.const", -1], ["i32.load"]];

/** Bodies that trap out of bounds before they would divide by zero, or reach `unreachable`. */
const firstTraps: Readonly<Record<string, readonly Instr[]>> = {
  "before a drop": [...outOfBounds, ...divideByZero, "drop", "drop"],
  "before local.set": [...outOfBounds, ...divideByZero, ["local.set", 0], "drop"],
  "before local.tee": [...outOfBounds, ...divideByZero, ["local.tee", 0], "i32.add", "drop"],
  "before what reads a local that changes": [
    ...outOfBounds,
    ["i32.const", 1],
    ["local.get", 0],
    "i32.div_u",
    ["i32.const", 1],
    ["local.set", 0],
    "i32.add",
    "drop",
  ],
  "before the index of call_indirect": [...outOfBounds, ...divideByZero, ["call_indirect", 1]],
  "before unreachable": [...outOfBounds, "unreachable"],
};

for (const dispatch of ["switch", "closures"] as const) {
  const instantiate = (bytes: Uint8Array) => new Runtime({ engine: "interpreter", dispatch }).instantiate(bytes);

  describe(`operands, ${dispatch}`, () => {
    test("a sum of results outlives the frame of the next call", () => {
      const module = new ModuleBuilder();
      const i32 = ["i32"];
      const one = module.function({ results: i32 }, ["i32.const", 1]);
      const twenty = module.function({ results: i32 }, ["i32.const", 20]);
      const busy = module.function(
        { results: i32, locals: ["i32", "i32"] },
        ["i32.const", 7],
        ["local.set", 0],
        ["i32.const", 300],
      );
      const sum: readonly Instr[] = [["call", one], ["call", twenty], "i32.add"];
      module.table("funcref", 3);
      module.elements([["i32.const", 2]], [busy]);
      module.function({ results: i32, export: "call" }, ...sum, ["call", busy], "i32.add");
      module.function(
        { results: i32, export: "call_indirect" },
        ...sum,
        ["i32.const", 2],
        ["call_indirect", module.type([], i32)],
        "i32.add",
      );
      module.function(
        { results: i32, export: "table.grow" },
        ...sum,
        ["ref.null", "func"],
        ["i32.const", 0],
        ["table.grow"],
        "i32.add",
      );
      const instance = instantiate(module.build());
      assert.equal(instance.exportedFunction("call")!.call(), 321);
      assert.equal(instance.exportedFunction("call_indirect")!.call(), 321);
      assert.equal(instance.exportedFunction("table.grow")!.call(), 24);
    });

    for (const [name, body] of Object.entries(firstTraps)) {
      test(`the first operand traps first: ${name}`, () => {
        const module = new ModuleBuilder();
        module.type();
        module.type(["i32"]);
        module.memory(1);
        module.table("funcref", 1);
        module.function({ locals: ["i32"], export: "run" }, ...body);
        const run = instantiate(module.build()).exportedFunction("run")!;
        assert.throws(
          () => run.call(),
          (error) => error instanceof Trap && error.code === "out of bounds memory access",
        );
      });
    }

    test("rounding makes a signalling NaN quiet", () => {
      for (const op of ["ceil", "floor", "trunc", "nearest"] as const) {
        for (const [type, signalling, quiet] of [
          ["f32", 0xff_a0_00_00n, 0x40_00_00n],
          ["f64", 0x7f_f4_00_00_00_00_00_00n, 0x8_00_00_00_00_00_00n],
        ] as const) {
          const run = instantiate(single([type], [type], ["local.get", 0], `${type}.${op}`)).exportedFunction("run")!;
          const slots = BigUint64Array.of(signalling);
          run.callRaw(slots);
          assert.equal(slots[0]! & quiet, quiet, `${type}.${op}`);
        }
      }
    });
  });
}
