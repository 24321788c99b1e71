// Runs the contract over code in front of the tiers, in a process whose loop has been made two: frequent opcodes and all others.
import assert from "node:assert/strict";
import type { Runtime, RuntimeConfig } from "zerowasm";
import { parse } from "zerowasm/text";
import { Compiler } from "#dist/engine/compiler/engine.js";
import { closures } from "#dist/engine/interpreter/blocks.js";
import { Interpreter } from "#dist/engine/interpreter/engine.js";
import { TieredInterpreter } from "#dist/engine/interpreter/tiered-engine.js";
import type { EngineOptions } from "#dist/instance/engine.js";
import { BaseRuntime } from "#dist/runtime.js";
import { contract } from "./contract.ts";

/** Nothing turns hot. */
class ColdRuntime extends BaseRuntime {
  constructor(config: RuntimeConfig) {
    const interpreter = (options: EngineOptions) => new Interpreter(options, closures);
    const thresholds = { calls: 1e9, perByte: 0, turns: 1 };
    const make = (options: EngineOptions) =>
      new Compiler(new TieredInterpreter(options, closures), { ...options, thresholds });
    super(config, { interpreter, compiler: { make, isAllowed: () => true } });
  }
}

const config = { engine: "compiler", dispatch: "switch" } as const;
const make = (more: RuntimeConfig): Runtime => new ColdRuntime(more) as unknown as Runtime;

// The loop is left as often as it takes until there are two.
let calls = 0;
const caller = parse(`(module (import "host" "tick" (func $tick)) (func (export "run") (param i32)
  (loop $again (call $tick) (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);
const tick = () => void calls++;
make(config)
  .instantiate(caller, { imports: { host: { tick } } })
  .exportedFunction("run")!
  .call(20_000);
assert.equal(calls, 20_000);

contract(config, "frequent opcodes and all others", make);
