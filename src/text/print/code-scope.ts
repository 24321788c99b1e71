// What printing code needs to know beyond the module: the function's locals and labels.
import type { Labels } from "./labels.ts";
import type { Space } from "./names.ts";
import type { ModuleScope } from "./scope.ts";

/** A body, or a constant expression, while it is printed. */
export interface CodeScope {
  readonly scope: ModuleScope;
  readonly locals: Space;
  readonly labels: Labels;
}
