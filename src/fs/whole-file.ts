// Takes a path, gives the bytes of a file, or makes it: the host's own way into a file system.
import type { Directory, Eventual, File, FileSystem } from "../api/file-system.ts";
import { fail } from "./error.ts";
import { after, lastly } from "./eventual.ts";

const reading = { read: true, write: false, create: false, exclusive: false, truncate: false };
const replacing = { read: false, write: true, create: true, exclusive: false, truncate: true };

/**
 * Gives the bytes of a file; a promise where the file system gives promises. No link is followed.
 * @throws Error with a `code`, such as "ENOENT".
 */
export function readFile(fs: FileSystem, path: string): Eventual<Uint8Array> {
  const { folders, name } = split(path);
  return inFolder(fs.root, folders, false, (directory) =>
    withFile(directory.openFile(name, reading), (file) =>
      after(file.stat(), ({ size }) => {
        const bytes = new Uint8Array(size);
        return after(fill(file, bytes, 0), (count) => bytes.subarray(0, count));
      }),
    ),
  );
}

/**
 * Makes a file, or replaces what is in it, and makes the directories that lead to it; a promise where the file system gives promises. No link
 * is followed.
 * @throws TypeError for a content that is no Uint8Array, Error with a `code`, such as "EROFS" or "ENOSPC".
 */
export function writeFile(fs: FileSystem, path: string, bytes: Uint8Array): Eventual<void> {
  if (bytes?.BYTES_PER_ELEMENT !== 1) throw new TypeError("the content of a file is a Uint8Array");
  const { folders, name } = split(path);
  return inFolder(fs.root, folders, true, (directory) =>
    withFile(directory.openFile(name, replacing), (file) => drain(file, bytes, 0)),
  );
}

function withFile<T>(opened: Eventual<File>, use: (file: File) => Eventual<T>): Eventual<T> {
  return after(opened, (file) =>
    lastly(
      () => use(file),
      () => file.close?.(),
    ),
  );
}

function split(path: string): { readonly folders: readonly string[]; readonly name: string } {
  const folders = path.split("/").filter((name) => name !== "" && name !== ".");
  if (folders.includes("..")) fail("EPERM");
  return { name: folders.pop() ?? fail("EISDIR"), folders };
}

function inFolder<T>(
  directory: Directory,
  [name, ...more]: readonly string[],
  make: boolean,
  use: (directory: Directory) => Eventual<T>,
): Eventual<T> {
  if (name === undefined) return use(directory);
  const enter = (): Eventual<T> =>
    after(directory.openDirectory(name), (next) =>
      lastly(
        () => inFolder(next, more, make, use),
        () => next.close?.(),
      ),
    );
  if (!make) return enter();
  return after(directory.entries(), (entries) => {
    if (entries.some((entry) => entry.name === name)) return enter();
    if (directory.createDirectory === undefined) return fail("EROFS");
    return after(directory.createDirectory(name), enter);
  });
}

function fill(file: File, bytes: Uint8Array, at: number): Eventual<number> {
  if (at === bytes.length) return at;
  return after(file.read(bytes.subarray(at), at), (count) => (count === 0 ? at : fill(file, bytes, at + count)));
}

function drain(file: File, bytes: Uint8Array, at: number): Eventual<void> {
  if (at === bytes.length) return;
  if (file.write === undefined) return fail("EROFS");
  return after(file.write(bytes.subarray(at), at), (count) => drain(file, bytes, at + count));
}
