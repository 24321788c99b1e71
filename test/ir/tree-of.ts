// Takes a module, gives the printed tree of one of its functions.
import { decode } from "#dist/binary/decode.js";
import { build } from "#dist/ir/build.js";
import { type PrintOptions, print } from "#dist/ir/print.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { type FunctionShape, type Instr, ModuleBuilder } from "../support/module-builder.ts";

/** A module with a memory, a table of 4, mutable globals 0 (i32) and 1 (f64), and functions 0 `(i32 i32) -> i32`, 1 `() -> i32`, 2 `() -> i32 i64`; tag 0 `(i32)`. */
export function surroundings(): ModuleBuilder {
  const builder = new ModuleBuilder();
  builder.memory(1);
  builder.table("funcref", 4);
  builder.global("i32", true, [["i32.const", 0]]);
  builder.global("f64", true, [["f64.const", 0]]);
  builder.function({ params: ["i32", "i32"], results: ["i32"] }, ["local.get", 0]);
  builder.function({ results: ["i32"] }, ["i32.const", 0]);
  builder.function({ results: ["i32", "i64"] }, ["i32.const", 0], ["i64.const", 0]);
  builder.tag(["i32"]);
  return builder;
}

/** The lines of a function's body, after the one that says its locals. */
export function bodyOf(shape: FunctionShape, ...body: readonly Instr[]): string[] {
  return linesOf(surroundings(), shape, body).slice(1);
}

export function linesOf(
  builder: ModuleBuilder,
  shape: FunctionShape,
  body: readonly Instr[],
  options?: PrintOptions,
): string[] {
  const index = builder.function(shape, ...body);
  return print(build(validate(decode(builder.build()), allFeatures), index), options)
    .trimEnd()
    .split("\n");
}
