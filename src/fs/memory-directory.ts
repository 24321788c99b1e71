// Handles on the files and directories of a file system in memory (POSIX: openat and its kin).
import type { Directory, DirectoryEntry, Eventual, File, FileStat, FileTimes, OpenFlags } from "../api/file-system.ts";
import { fail } from "./error.ts";
import { after } from "./eventual.ts";
import { MemoryDirectoryNode, MemoryFileNode, MemoryLinkNode, type MemoryNode } from "./memory-node.ts";

const maxName = 255;

class MemoryFile implements File {
  readonly #node: MemoryFileNode;

  constructor(node: MemoryFileNode) {
    this.#node = node;
    node.users++;
  }

  stat(): FileStat {
    return this.#node.stat();
  }

  setTimes(times: FileTimes): void {
    this.#node.setTimes(times);
  }

  read(buffer: Uint8Array, position: number): Eventual<number> {
    return this.#node.read(buffer, position);
  }

  write(bytes: Uint8Array, position: number | "end"): Eventual<number> {
    return this.#node.write(bytes, position);
  }

  setSize(size: number): Eventual<void> {
    return this.#node.setSize(size);
  }

  close(): void {
    this.#node.users--;
    this.#node.release();
  }
}

/** A handle on a directory in memory. */
export class MemoryDirectory implements Directory {
  readonly #node: MemoryDirectoryNode;

  constructor(node: MemoryDirectoryNode) {
    this.#node = node;
  }

  stat(): FileStat {
    return this.#node.stat();
  }

  setTimes(times: FileTimes): void {
    this.#node.setTimes(times);
  }

  lookup(name: string): Eventual<FileStat> {
    return after(this.#child(name), (child) => child.stat());
  }

  entries(): Eventual<readonly DirectoryEntry[]> {
    return after(this.#node.ready(), ({ children }) =>
      [...children].map(([name, { type, ino }]) => ({ name, type, ino })),
    );
  }

  openDirectory(name: string): Eventual<Directory> {
    return after(this.#child(name), (child) =>
      child instanceof MemoryDirectoryNode ? new MemoryDirectory(child) : fail("ENOTDIR"),
    );
  }

  openFile(name: string, { create, exclusive, truncate }: OpenFlags): Eventual<File> {
    return after(this.#node.ready(), ({ children }) => {
      const found = children.get(name);
      if (found === undefined)
        return create ? new MemoryFile(this.#add(name, (space) => new MemoryFileNode(space))) : fail("ENOENT");
      if (create && exclusive) fail("EEXIST");
      if (found instanceof MemoryLinkNode) fail("ELOOP");
      if (found instanceof MemoryDirectoryNode) return fail("EISDIR");
      const file = new MemoryFile(found);
      return truncate ? after(found.setSize(0), () => file) : file;
    });
  }

  readLink(name: string): Eventual<string> {
    return after(this.#child(name), (child) => (child instanceof MemoryLinkNode ? child.target : fail("EINVAL")));
  }

  createDirectory(name: string): Eventual<void> {
    return after(this.#free(name), (node) => void this.#add(name, (space) => new MemoryDirectoryNode(space, node)));
  }

  symlink(name: string, target: string): Eventual<void> {
    return after(this.#free(name), () => void this.#add(name, (space) => new MemoryLinkNode(space, target)));
  }

  removeDirectory(name: string): Eventual<void> {
    return after(this.#child(name), (child) => {
      if (!(child instanceof MemoryDirectoryNode)) return fail("ENOTDIR");
      return after(child.ready(), ({ children }) => {
        if (children.size > 0) fail("ENOTEMPTY");
        this.#remove(name, child);
      });
    });
  }

  unlink(name: string): Eventual<void> {
    return after(this.#child(name), (child) => {
      if (child instanceof MemoryDirectoryNode) fail("EISDIR");
      this.#remove(name, child);
    });
  }

  link(name: string, target: Directory, newName: string): Eventual<void> {
    const into = this.#ofSameSpace(target);
    return after(this.#child(name), (child) => {
      if (child instanceof MemoryDirectoryNode) return fail("EPERM");
      return after(into.#free(newName), () => {
        into.#add(newName, () => child);
        child.ctim = child.space.now();
      });
    });
  }

  rename(name: string, target: Directory, newName: string): Eventual<void> {
    const into = this.#ofSameSpace(target);
    return after(this.#child(name), (child) =>
      after(into.#node.ready(), ({ children }) => {
        const replaced = children.get(newName);
        if (replaced === child) return;
        return after(replaced instanceof MemoryDirectoryNode ? replaced.ready() : undefined, () =>
          this.#move(name, child, into, newName, replaced),
        );
      }),
    );
  }

  setTimesOf(name: string, times: FileTimes): Eventual<void> {
    return after(this.#child(name), (child) => child.setTimes(times));
  }

  #move(
    name: string,
    child: MemoryNode,
    into: MemoryDirectory,
    newName: string,
    replaced: MemoryNode | undefined,
  ): void {
    if (into.#node.removed) fail("ENOENT");
    if (newName.length > maxName) fail("ENAMETOOLONG");
    if (child instanceof MemoryDirectoryNode) {
      for (let at: MemoryDirectoryNode | undefined = into.#node; at !== undefined; at = at.parent) {
        if (at === child) fail("EINVAL");
      }
      if (replaced !== undefined && !(replaced instanceof MemoryDirectoryNode)) fail("ENOTDIR");
    }
    if (replaced instanceof MemoryDirectoryNode) {
      if (!(child instanceof MemoryDirectoryNode)) fail("EISDIR");
      if (replaced.children.size > 0) fail("ENOTEMPTY");
    }
    if (replaced !== undefined) into.#remove(newName, replaced);
    this.#node.children.delete(name);
    into.#node.children.set(newName, child);
    if (child instanceof MemoryDirectoryNode) child.parent = into.#node;
    this.#node.changed();
    into.#node.changed();
    child.ctim = child.space.now();
  }

  #child(name: string): Eventual<MemoryNode> {
    return after(this.#node.ready(), ({ children }) => {
      return children.get(name) ?? fail(name.length > maxName ? "ENAMETOOLONG" : "ENOENT");
    });
  }

  #free(name: string): Eventual<MemoryDirectoryNode> {
    return after(this.#node.ready(), (node) => (node.children.has(name) ? fail("EEXIST") : node));
  }

  #add<T extends MemoryNode>(name: string, make: (space: MemoryDirectoryNode["space"]) => T): T {
    const { space, children, removed } = this.#node;
    if (removed) fail("ENOENT");
    if (name.length > maxName) fail("ENAMETOOLONG");
    space.takeName();
    let node: T;
    try {
      node = make(space);
    } catch (error) {
      space.giveBackName();
      throw error;
    }
    node.names++;
    children.set(name, node);
    this.#node.changed();
    return node;
  }

  #remove(name: string, child: MemoryNode): void {
    this.#node.children.delete(name);
    this.#node.changed();
    child.space.giveBackName();
    child.names--;
    child.ctim = child.space.now();
    if (child instanceof MemoryDirectoryNode) {
      child.removed = true;
      child.parent = undefined;
    } else child.release();
  }

  #ofSameSpace(target: Directory): MemoryDirectory {
    return target instanceof MemoryDirectory && target.#node.space === this.#node.space ? target : fail("EXDEV");
  }
}
