// The engines and forms of dispatch that the scripts are run on.
import type { RuntimeConfig } from "zerowasm";

export interface Form {
  readonly name: string;
  readonly config: RuntimeConfig;
}

export const forms: readonly Form[] = [
  { name: "switch", config: { engine: "interpreter", dispatch: "switch" } },
  { name: "closures", config: { engine: "interpreter", dispatch: "closures" } },
  // By tiers, most functions of the scripts would never be compiled.
  { name: "compiler", config: { engine: "compiler", eager: true } },
];
