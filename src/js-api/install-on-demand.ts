// The door `zerowasm/js-api/install-on-demand`: as `install`, but nothing is loaded where the host's own namespace works, and no compiler where
// the host makes no code from text. It is a module with an `await`, which not all that load modules take.

import { canCompile } from "../code-probe.ts";
import { hostWorks, replaceHost } from "./host-namespace.ts";

/** Whether the host's own namespace was replaced. */
export const installed: boolean = !hostWorks();

if (installed) {
  const { WebAssembly } = await (canCompile() ? import("./index.ts") : import("./interpreter.ts"));
  const { carryMessages } = await import("./host-messages.ts");
  replaceHost(WebAssembly);
  carryMessages(WebAssembly);
}
