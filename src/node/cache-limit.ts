// Takes the directory of a cache, removes what was used longest ago, so that its entries are not more than a number of bytes.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Entries, and what a process that ended while it wrote one has left; all else in the directory is not the cache's. */
const entryName = /^[0-9a-f]{40}\.zerowasm(\.\d+\.[0-9a-f]{12})?$/;
/** Nothing takes that long to be written. */
const LEFT_AFTER_MS = 3_600_000;

/**
 * Removes entries until the others are at most `maxBytes`, and files that were left unfinished. Others may read, write and remove at the same time:
 * a file that is removed is read to its end by who has it open, and one that is gone was not in use.
 */
export function trimCache(path: string, maxBytes: number): void {
  const entries: { readonly file: string; readonly size: number; readonly usedAt: number }[] = [];
  for (const name of readdirSync(path)) {
    const [, unfinished] = entryName.exec(name) ?? [];
    const file = join(path, name);
    const stat = entryName.test(name) ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (!stat?.isFile()) continue;
    if (unfinished === undefined) entries.push({ file, size: stat.size, usedAt: stat.mtimeMs });
    else if (stat.mtimeMs < Date.now() - LEFT_AFTER_MS) rmSync(file, { force: true });
  }
  let left = entries.reduce((sum, { size }) => sum + size, 0);
  entries.sort((a, b) => a.usedAt - b.usedAt);
  for (const { file, size } of entries) {
    if (left <= maxBytes) return;
    rmSync(file, { force: true });
    left -= size;
  }
}
