// The door `zerowasm/fs`: file systems to give to a guest.
export type {
  Directory,
  DirectoryEntry,
  Eventual,
  File,
  FileNode,
  FileStat,
  FileSystem,
  FileTimes,
  FileType,
  Mount,
  Mounts,
  OpenFlags,
} from "../api/file-system.ts";
export { FileSystemError } from "./error.ts";
export { type MemoryFileSystem, type MemoryFsOptions, memoryFs, overlay } from "./memory.ts";
export { mounts } from "./mounts.ts";
export { readOnly } from "./read-only.ts";
export { readFile, writeFile } from "./whole-file.ts";
