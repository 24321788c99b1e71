// Takes a module's text, gives the source that the compiler prints for its first function.
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { FunctionEmitter } from "#dist/engine/compiler/emit.js";
import { ModuleNames } from "#dist/engine/compiler/names.js";
import { Steadiness } from "#dist/engine/compiler/steady.js";
import { build } from "#dist/ir/build.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";

/** What prints the function; with i64 values whole where that is asked for. */
export function emitterOf(text: string, wide = false): FunctionEmitter {
  const module = validate(decode(parse(text)), allFeatures);
  const index = module.importedFunctions;
  const names = new ModuleNames(module, 1000, new Set([index]), false, new Steadiness(module));
  return new FunctionEmitter(names, build(module, index), index, { positions: false, label: -1, wide });
}

/** The lines of the function. The empty ones are left out, and the turns round all of a function of whole i64 values. */
export function sourceOf(text: string, wide = false): string[] {
  const source = emitterOf(text, wide).run();
  const turned = ["for(;;){if(j>0){j--;continue}", "return}"];
  return source.split("\n").filter((line) => line !== "" && !(wide && turned.includes(line)));
}
