// Takes the arguments of fd_filestat_set_times and path_filestat_set_times, gives the times to set (witx: fstflags).
import type { FileTimes } from "../api/file-system.ts";
import { fail } from "../fs/error.ts";
import { fstflags } from "./abi.ts";
import type { Process } from "./process.ts";

/** The times to set; "now" is the guest's clock. Throws EINVAL where a time and "now" are asked for at once, or there is no such flag. */
export function timesOf({ clock }: Process, atim: bigint, mtim: bigint, flags: number): FileTimes {
  const { atim: setAtim, atim_now: atimNow, mtim: setMtim, mtim_now: mtimNow } = fstflags;
  if ((flags & ~(setAtim | atimNow | setMtim | mtimNow)) !== 0) fail("EINVAL");
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if ((has(setAtim) && has(atimNow)) || (has(setMtim) && has(mtimNow))) fail("EINVAL");
  const now = has(atimNow) || has(mtimNow) ? clock.wallTime() : undefined;
  return {
    atim: has(setAtim) ? atim : has(atimNow) ? now : undefined,
    mtim: has(setMtim) ? mtim : has(mtimNow) ? now : undefined,
  };
}
