// The process itself (witx: proc_exit, proc_raise, sched_yield).
import { ExitError } from "../api/errors.ts";
import { errno } from "./abi.ts";
import type { Group } from "./function.ts";

export const proc: Group<"proc" | "sched"> = {
  // Gives nothing back: it closes the module, and the ExitError unwinds the guest.
  proc_exit({ module }, rval) {
    module.close(rval);
    throw new ExitError(rval, module.name);
  },

  // ENOSYS: there are no signals.
  proc_raise: () => errno.nosys,

  // Cannot fail: there is nothing to yield to.
  sched_yield: () => errno.success,
};
