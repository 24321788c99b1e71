// The door `zerowasm/js-api/install`: importing it gives a host the namespace, where the host's own is missing or of no use.
import { carryMessages } from "./host-messages.ts";
import { hostWorks, replaceHost } from "./host-namespace.ts";
import { WebAssembly } from "./index.ts";

/** Whether the host's own namespace was replaced. */
export const installed: boolean = !hostWorks();

if (installed) {
  replaceHost(WebAssembly);
  carryMessages(WebAssembly);
}
