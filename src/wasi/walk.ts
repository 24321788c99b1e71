// Takes a path of a guest, gives the directory it leads to and the name in there, never outside of where it began (POSIX: 4.16 Pathname resolution).
import type { FileStat } from "../api/file-system.ts";
import { fail } from "../fs/error.ts";
import { HeldDirectory } from "./descriptors.ts";
import { codeOf } from "./function.ts";
import { type Steps, settled } from "./steps.ts";

/** Where a path ends. Its directory is to be released. */
export interface Place {
  readonly held: HeldDirectory;
  /** The last component; undefined where the path ends at the directory itself. */
  readonly name: string | undefined;
  /** The path has a slash at its end: only a directory will do. */
  readonly slash: boolean;
  /** What stands at the name, where the walk had to look: it followed the last link. */
  readonly stat: FileStat | undefined;
}

const maxLinks = 40;
const maxPath = 4096;

/**
 * Goes through a path. Directories on the way are held open on a stack: `..` leads back to where the walk came from, wherever somebody moved
 * things meanwhile; an absolute target that leads inside begins at the root. ENOENT: the path is empty. EPERM: it is absolute, or leads out, or a
 * link does. ELOOP: too many links.
 */
export function* walk(start: HeldDirectory, path: string, followLast: boolean): Steps<Place> {
  checkPath(path);
  const pending = path.split("/").reverse();
  const stack = [start.hold()];
  let links = 0;
  const expand = (target: string): void => {
    if (++links > maxLinks) fail("ELOOP");
    const inside = withinOf(start, target);
    if (inside !== undefined) while (stack.length > 1) stack.pop()!.release();
    else checkPath(target);
    pending.push(...(inside ?? target).split("/").reverse());
  };
  try {
    while (pending.length > 0) {
      const name = pending.pop()!;
      const held = stack[stack.length - 1];
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (stack.length === 1) fail("EPERM");
        stack.pop()!.release();
        continue;
      }
      if (pending.every((component) => component === "")) {
        const slash = pending.length > 0;
        const stat = followLast ? yield* lookup(held, name) : undefined;
        if (stat?.type !== "symlink") return { held: held.hold(), name, slash, stat };
        expand(yield* targetOf(held, name));
      } else {
        const next = yield* enter(held, name);
        if (typeof next === "string") expand(next);
        else stack.push(next);
      }
    }
    return { held: stack[stack.length - 1].hold(), name: undefined, slash: true, stat: undefined };
  } finally {
    for (const held of stack) held.release();
  }
}

// The rest of a target that leads on from the root, where the walk began there; it may be empty.
function withinOf({ rootOfLinks }: HeldDirectory, target: string): string | undefined {
  if (rootOfLinks === undefined || target.length > maxPath) return undefined;
  return `${target}/`.startsWith(`${rootOfLinks}/`) ? target.slice(rootOfLinks.length) : undefined;
}

function checkPath(path: string): void {
  if (path === "") fail("ENOENT");
  if (path.startsWith("/")) fail("EPERM");
  if (path.length > maxPath) fail("ENAMETOOLONG");
}

// The directory of a name, or the target where it is a link.
function* enter(held: HeldDirectory, name: string): Steps<HeldDirectory | string> {
  const { directory, dev } = held;
  try {
    return new HeldDirectory(yield* settled(directory.openDirectory(name)), dev);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "ENOTDIR" && code !== "ELOOP") throw error;
    return (yield* settled(directory.lookup(name))).type === "symlink" ? yield* targetOf(held, name) : fail("ENOTDIR");
  }
}

/** What a name stands for, undefined where that is nothing. */
export function* lookup({ directory }: HeldDirectory, name: string): Steps<FileStat | undefined> {
  try {
    return yield* settled(directory.lookup(name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function* targetOf({ directory }: HeldDirectory, name: string): Steps<string> {
  return directory.readLink === undefined ? fail("ELOOP") : yield* settled(directory.readLink(name));
}
