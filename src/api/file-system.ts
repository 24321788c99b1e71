// What a file system is to a guest: directories and files held open, asked one name at a time (WASI preview1: fd_*, path_*).

/** A value, or a promise of it, which suspends a guest called by `callAsync`. */
export type Eventual<T> = T | PromiseLike<T>;

export type FileType =
  | "file"
  | "directory"
  | "symlink"
  | "character-device"
  | "block-device"
  | "stream-socket"
  | "datagram-socket"
  | "unknown";

/** What is known of a file, directory or link. Times are in nanoseconds since 1970. */
export interface FileStat {
  readonly type: FileType;
  /** Bytes of a file, or of a link's target. */
  readonly size: number;
  /** Tells files of one file system apart. */
  readonly ino: bigint;
  /** Number of names; 1 where it is not told. */
  readonly nlink?: bigint | undefined;
  readonly atim?: bigint | undefined;
  readonly mtim?: bigint | undefined;
  readonly ctim?: bigint | undefined;
}

/** Times to set; one that is absent stays. */
export interface FileTimes {
  readonly atim?: bigint | undefined;
  readonly mtim?: bigint | undefined;
}

/** One name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
  readonly ino: bigint;
}

/** How a file is opened. */
export interface OpenFlags {
  readonly read: boolean;
  readonly write: boolean;
  /** Makes the file where the name is free. */
  readonly create: boolean;
  /** With `create`: the name has to be free, else EEXIST. */
  readonly exclusive: boolean;
  /** Cuts the file to nothing. */
  readonly truncate: boolean;
}

/** What files and directories share. Every method fails by an error with a `code`: the name of an errno, such as "ENOENT". */
export interface FileNode {
  stat(): Eventual<FileStat>;
  /** Absent: EROFS. */
  setTimes?(times: FileTimes): Eventual<void>;
  /** Returns once what was written would survive a loss of power. Absent: at once. */
  sync?(): Eventual<void>;
  /** Called once, when no descriptor has it any more. */
  close?(): void;
}

/** An open file, whatever happens to its name. */
export interface File extends FileNode {
  /** Reads into the buffer, and gives the number of bytes: 0 is the end. */
  read(buffer: Uint8Array, position: number): Eventual<number>;
  /** Writes at a position, or at the end, and gives the number of bytes taken. The bytes change after the call. Absent: EROFS. */
  write?(bytes: Uint8Array, position: number | "end"): Eventual<number>;
  /** Cuts, or extends by zeros. Absent: EROFS. */
  setSize?(size: number): Eventual<void>;
}

/**
 * An open directory, wherever it is moved. A `name` is one component: never empty, ".", or "..", without "/" and NUL. No method follows a
 * symbolic link: WASI does, so that no link leaves the file system. What changes the directory may be absent: EROFS.
 */
export interface Directory extends FileNode {
  /** What the name stands for, ENOENT where that is nothing. */
  lookup(name: string): Eventual<FileStat>;
  /** ENOTDIR where it is none, a link to one included. */
  openDirectory(name: string): Eventual<Directory>;
  /** EISDIR for a directory, ELOOP for a link. */
  openFile(name: string, flags: OpenFlags): Eventual<File>;
  /** All names, without "." and "..". */
  entries(): Eventual<readonly DirectoryEntry[]>;
  /** The target of a link; EINVAL for anything else. Absent: there are no links. */
  readLink?(name: string): Eventual<string>;
  createDirectory?(name: string): Eventual<void>;
  /** ENOTEMPTY where it has entries. */
  removeDirectory?(name: string): Eventual<void>;
  /** EISDIR for a directory. */
  unlink?(name: string): Eventual<void>;
  /** As POSIX has it: replaces a file, or an empty directory by a directory. EXDEV where `target` is of another file system. */
  rename?(name: string, target: Directory, newName: string): Eventual<void>;
  /** Gives the file another name. EPERM for a directory, EXDEV where `target` is of another file system. */
  link?(name: string, target: Directory, newName: string): Eventual<void>;
  symlink?(name: string, target: string): Eventual<void>;
  /** Sets the times of what the name stands for; of a link, its own. */
  setTimesOf?(name: string, times: FileTimes): Eventual<void>;
}

/** A tree of directories and files. */
export interface FileSystem {
  /** Held for as long as the file system is used; never closed by a guest. */
  readonly root: Directory;
}

/** File systems by the paths at which a guest finds them. */
export interface Mounts {
  readonly mounts: readonly Mount[];
}

/** One file system of `Mounts`. */
export interface Mount {
  readonly path: string;
  readonly fs: FileSystem;
}
