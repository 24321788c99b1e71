// Inodes of a file system in memory; those of an overlay are read from its base when they are first needed (POSIX: file serial numbers).
import type { Directory, DirectoryEntry, Eventual, File, FileStat, FileTimes, FileType } from "../api/file-system.ts";
import { fail } from "./error.ts";
import { after, isPromise } from "./eventual.ts";
import type { Space } from "./memory-space.ts";
import { encodeUtf8 } from "./utf8.ts";

/** Anything that has a name. */
export type MemoryNode = MemoryFileNode | MemoryDirectoryNode | MemoryLinkNode;

/** Where the base of an overlay has a node. */
interface BasePlace {
  readonly directory: Directory;
  readonly name: string;
}

abstract class Inode {
  abstract readonly type: FileType;
  readonly space: Space;
  readonly ino: bigint;
  names = 0;
  atim: bigint;
  mtim: bigint;
  ctim: bigint;

  constructor(space: Space, times?: FileStat) {
    this.space = space;
    this.ino = space.newIno();
    const now = times === undefined ? space.now() : 0n;
    this.atim = times?.atim ?? now;
    this.mtim = times?.mtim ?? now;
    this.ctim = times?.ctim ?? now;
  }

  abstract readonly size: number;

  stat(): FileStat {
    const { type, size, ino, atim, mtim, ctim } = this;
    return { type, size, ino, nlink: BigInt(this.names), atim, mtim, ctim };
  }

  setTimes({ atim, mtim }: FileTimes): void {
    this.atim = atim ?? this.atim;
    this.mtim = mtim ?? this.mtim;
    this.ctim = this.space.now();
  }

  changed(): void {
    this.mtim = this.ctim = this.space.now();
  }
}

/** A symbolic link. Those of a base are not the guest's doing, and not counted. */
export class MemoryLinkNode extends Inode {
  readonly type = "symlink";
  readonly target: string;
  readonly size: number;
  readonly #isOfBase: boolean;

  constructor(space: Space, target: string, stat?: FileStat) {
    super(space, stat);
    this.target = target;
    this.size = encodeUtf8(target).length;
    this.#isOfBase = stat !== undefined;
    if (!this.#isOfBase) space.takeBytes(this.size);
  }

  release(): void {
    if (this.names === 0 && !this.#isOfBase) this.space.takeBytes(-this.size);
  }
}

const maxFileBytes = 2 ** 31 - 1;
const copyBytes = 1 << 18;

/** A file: its bytes, which stay for as long as a name or a descriptor has it. */
export class MemoryFileNode extends Inode {
  readonly type = "file";
  users = 0;
  #bytes = new Uint8Array(0);
  #size = 0;
  #base: BasePlace | undefined;
  #baseFile: Eventual<File> | undefined;

  constructor(space: Space, base?: BasePlace, stat?: FileStat) {
    super(space, stat);
    this.#base = base;
    if (stat !== undefined) this.#size = stat.size;
  }

  get size(): number {
    return this.#size;
  }

  read(buffer: Uint8Array, position: number): Eventual<number> {
    if (this.#base !== undefined) return after(this.#open(), (file) => file.read(buffer, position));
    const part = this.#bytes.subarray(Math.min(position, this.#size), Math.min(position + buffer.length, this.#size));
    buffer.set(part);
    this.atim = this.space.now();
    return part.length;
  }

  write(bytes: Uint8Array, at: number | "end"): Eventual<number> {
    if (this.#base !== undefined) {
      const kept = bytes.slice(); // the guest's memory may change before the base has answered
      return after(this.#load(), () => this.write(kept, at));
    }
    const position = at === "end" ? this.#size : at;
    if (position + bytes.length > this.#size) this.#resize(position + bytes.length);
    this.#bytes.set(bytes, position);
    this.changed();
    return bytes.length;
  }

  setSize(size: number): Eventual<void> {
    if (this.#base !== undefined && size > 0) return after(this.#load(), () => this.setSize(size));
    if (this.#base !== undefined) this.#size = 0;
    this.#leaveBase();
    this.#resize(size);
    this.changed();
  }

  /** Closes the base's file where nobody has it open, and gives the bytes back where nobody can reach them. */
  release(): void {
    if (this.users > 0) return;
    this.#closeBase();
    if (this.names > 0) return;
    if (this.#base === undefined) this.space.takeBytes(-this.#size);
    this.#leaveBase();
    this.#bytes = new Uint8Array(0);
    this.#size = 0;
  }

  #resize(size: number): void {
    if (size > maxFileBytes) fail("EFBIG");
    this.space.takeBytes(size - this.#size);
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(Math.max(size, 2 * this.#bytes.length), maxFileBytes));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    } else if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }

  #open(): Eventual<File> {
    if (this.#baseFile !== undefined) return this.#baseFile;
    const { directory, name } = this.#base!;
    const flags = { read: true, write: false, create: false, exclusive: false, truncate: false };
    const opened = directory.openFile(name, flags);
    this.#baseFile = opened;
    if (isPromise(opened)) {
      opened.then(undefined, () => {
        if (this.#baseFile === opened) this.#baseFile = undefined;
      });
    }
    return opened;
  }

  #load(): Eventual<void> {
    return after(this.#open(), (file) => this.#copy(file, [], 0));
  }

  /** Copies what is behind `size` too, as far as there is room: a file of the base may have no end. */
  #copy(file: File, chunks: Uint8Array[], size: number): Eventual<void> {
    for (;;) {
      if (size > this.space.free) fail("ENOSPC");
      const chunk = new Uint8Array(copyBytes);
      const read = file.read(chunk, size);
      const keep = (count: number): Eventual<void> => {
        chunks.push(chunk.subarray(0, count));
        return count === 0 ? this.#keep(chunks, size) : this.#copy(file, chunks, size + count);
      };
      if (isPromise(read) || read === 0) return after(read, keep);
      chunks.push(chunk.subarray(0, read));
      size += read;
    }
  }

  #leaveBase(): void {
    this.#base = undefined;
    this.#closeBase();
  }

  #closeBase(): void {
    const opened = this.#baseFile;
    this.#baseFile = undefined;
    if (opened === undefined) return;
    if (!isPromise(opened)) return opened.close?.();
    opened.then(
      (file) => file.close?.(),
      () => {}, // whoever asked for it hears of that
    );
  }

  #keep(chunks: readonly Uint8Array[], size: number): void {
    if (this.#base === undefined) return; // somebody else was faster
    this.space.takeBytes(size);
    this.#leaveBase();
    this.#bytes = new Uint8Array(size);
    this.#size = size;
    let at = 0;
    for (const chunk of chunks) {
      this.#bytes.set(chunk, at);
      at += chunk.length;
    }
  }
}

/** A directory: names in the order in which they came. */
export class MemoryDirectoryNode extends Inode {
  readonly type = "directory";
  readonly children: Map<string, MemoryNode> = new Map<string, MemoryNode>();
  /** Undefined for the root, and once it is removed. */
  parent: MemoryDirectoryNode | undefined;
  removed = false;
  #base: (() => Eventual<Directory>) | undefined;
  /** What is under way, so that a base is asked once. */
  #filling: Eventual<this> | undefined;

  constructor(
    space: Space,
    parent: MemoryDirectoryNode | undefined,
    base?: () => Eventual<Directory>,
    stat?: FileStat,
  ) {
    super(space, stat);
    this.parent = parent;
    this.#base = base;
  }

  get size(): number {
    return this.children.size;
  }

  /** Itself, with all its children known. */
  ready(): Eventual<this> {
    if (this.#base === undefined) return this;
    return (this.#filling ??= this.#fill(this.#base));
  }

  #fill(open: () => Eventual<Directory>): Eventual<this> {
    const filled = after(open(), (base) =>
      after(base.entries(), (entries) =>
        after(
          each(entries, (entry) => this.#adopt(base, entry)),
          (nodes) => {
            this.#base = undefined;
            for (const [i, node] of nodes.entries()) {
              if (node === undefined) continue;
              node.names = 1;
              this.children.set(entries[i].name, node);
            }
            this.space.addBaseNames(this.children.size);
            return this;
          },
        ),
      ),
    );
    const again = (): void => void (this.#filling = undefined);
    if (isPromise(filled)) filled.then(again, again);
    return filled;
  }

  #adopt(base: Directory, { name }: DirectoryEntry): Eventual<MemoryNode | undefined> {
    return after(there(base, name), (stat): Eventual<MemoryNode | undefined> => {
      if (stat === undefined) return undefined;
      const { space } = this;
      if (stat.type === "directory") return new MemoryDirectoryNode(space, this, () => base.openDirectory(name), stat);
      if (stat.type !== "symlink") return new MemoryFileNode(space, { directory: base, name }, stat);
      return after(base.readLink?.(name) ?? fail("EINVAL"), (target) => new MemoryLinkNode(space, target, stat));
    });
  }
}

/** What a listed name stands for; nothing where it was taken away meanwhile, or is none that the host can be asked for. */
function there(base: Directory, name: string): Eventual<FileStat | undefined> {
  const gone = (error: unknown): undefined => {
    if ((error as { code?: unknown } | undefined)?.code !== "ENOENT") throw error;
  };
  try {
    const stat = base.lookup(name);
    return isPromise(stat) ? Promise.resolve(stat).catch(gone) : stat;
  } catch (error) {
    return gone(error);
  }
}

function each<T, U>(list: readonly T[], make: (item: T) => Eventual<U>): Eventual<U[]> {
  const made = list.map(make);
  return made.some(isPromise) ? Promise.all(made) : (made as U[]);
}
