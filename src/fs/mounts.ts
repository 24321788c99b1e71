// Takes file systems by path, gives what a module's `fs` is made of (WASI preview1: fd_prestat_get).
import type { FileSystem, Mount, Mounts } from "../api/file-system.ts";

/**
 * Places file systems at paths of the guest, each a preopened directory of its own, in the order given.
 * @throws TypeError where a path is empty or has a NUL, or a value is no file system.
 */
export function mounts(byPath: Readonly<Record<string, FileSystem>>): Mounts {
  const list = Object.entries(byPath).map(([path, fs]): Mount => {
    if (path === "" || path.includes("\0")) throw new TypeError(`${JSON.stringify(path)} is no path to mount at`);
    if (typeof fs?.root?.lookup !== "function") throw new TypeError(`what is mounted at ${path} is no file system`);
    return { path, fs };
  });
  return { mounts: list };
}
