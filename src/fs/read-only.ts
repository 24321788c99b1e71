// Takes a file system, gives a view of it that refuses every change (POSIX: EROFS).
import type { Directory, DirectoryEntry, Eventual, File, FileStat, FileSystem, OpenFlags } from "../api/file-system.ts";
import { fail } from "./error.ts";
import { after } from "./eventual.ts";

/** Shows a file system, and lets nothing be changed in it. */
export function readOnly(fs: FileSystem): FileSystem {
  return { root: new ReadOnlyDirectory(fs.root) };
}

const plain: OpenFlags = { read: true, write: false, create: false, exclusive: false, truncate: false };

// What would change something is not there: that is EROFS.
class ReadOnlyDirectory implements Directory {
  readonly #inner: Directory;

  constructor(inner: Directory) {
    this.#inner = inner;
  }

  stat(): Eventual<FileStat> {
    return this.#inner.stat();
  }

  lookup(name: string): Eventual<FileStat> {
    return this.#inner.lookup(name);
  }

  entries(): Eventual<readonly DirectoryEntry[]> {
    return this.#inner.entries();
  }

  openDirectory(name: string): Eventual<Directory> {
    return after(this.#inner.openDirectory(name), (inner) => new ReadOnlyDirectory(inner));
  }

  openFile(name: string, { write, create, exclusive, truncate }: OpenFlags): Eventual<File> {
    if (create) return this.#openIfThere(name, exclusive, write || truncate);
    if (write || truncate) fail("EROFS");
    return after(this.#inner.openFile(name, plain), (inner) => new ReadOnlyFile(inner));
  }

  readLink(name: string): Eventual<string> {
    return this.#inner.readLink === undefined ? fail("EINVAL") : this.#inner.readLink(name);
  }

  close(): void {
    this.#inner.close?.();
  }

  #openIfThere(name: string, exclusive: boolean, changes: boolean): Eventual<File> {
    return after(this.#inner.entries(), (entries) => {
      const there = entries.some((entry) => entry.name === name);
      if (there && exclusive) fail("EEXIST");
      if (!there || changes) fail("EROFS");
      return this.openFile(name, plain);
    });
  }
}

class ReadOnlyFile implements File {
  readonly #inner: File;

  constructor(inner: File) {
    this.#inner = inner;
  }

  stat(): Eventual<FileStat> {
    return this.#inner.stat();
  }

  read(buffer: Uint8Array, position: number): Eventual<number> {
    return this.#inner.read(buffer, position);
  }

  close(): void {
    this.#inner.close?.();
  }
}
