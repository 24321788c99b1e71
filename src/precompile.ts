// Takes a module's binary form, gives the text of an ES module that holds it and its functions as JavaScript.
import type { PrecompiledSource } from "./api/precompiled.ts";
import { decode } from "./binary/decode.ts";
import { type FeatureVersion, featureSet } from "./config.ts";
import { precompileModule } from "./engine/compiler/precompile.ts";
import type { Feature } from "./syntax/features.ts";
import { validate } from "./valid/validate.ts";

/** How a module is compiled ahead of time. */
export interface PrecompileOptions {
  /** As in `RuntimeConfig`. */
  readonly features?: FeatureVersion | readonly (Feature | FeatureVersion)[] | undefined;
}

/**
 * Compiles a module ahead of time. The default export of the ES module is taken by `compile` and `instantiate` of any runtime of this version;
 * running it needs no code from text.
 * @throws MalformedError, InvalidError
 */
export function precompile(binary: Uint8Array, { features = "wasm3" }: PrecompileOptions = {}): PrecompiledSource {
  return precompileModule(validate(decode(binary.slice()), featureSet(features)));
}
