// Takes a Module, gives a ValidatedModule (specification: 3 Validation).
import { allFeatures, type Features, wasm3 } from "../syntax/features.ts";
import type { Module, ValidatedModule } from "../syntax/module.ts";
import { enterModule, leaveModule } from "./context.ts";
import { checkFeatures } from "./features.ts";
import { checkBodies } from "./function.ts";
import { checkModule } from "./module.ts";
import { checkTypes } from "./types.ts";

/**
 * Validates a module. Throws an InvalidError for a rule that it breaks or a feature that is off, and a MalformedError where the code of a
 * body cannot be decoded.
 */
export function validate(module: Module, features: Features = wasm3): ValidatedModule {
  const facts = new Uint8Array(module.bodyStart.length);
  enterModule(module, features);
  try {
    checkTypes(module);
    if (features !== allFeatures) checkFeatures(module, features);
    checkModule(module);
    checkBodies(facts);
  } finally {
    leaveModule();
  }
  return Object.assign(module, { facts });
}
