// Takes what a file system knows of a file, gives it in the guest's form (witx: filestat, filetype).
import type { FileStat, FileType } from "../api/file-system.ts";
import { type Errno, errno, type Filetype, filestat, filetype } from "./abi.ts";
import type { Process } from "./process.ts";

const filetypes: Readonly<Record<FileType, Filetype>> = {
  file: filetype.regular_file,
  directory: filetype.directory,
  symlink: filetype.symbolic_link,
  "character-device": filetype.character_device,
  "block-device": filetype.block_device,
  "stream-socket": filetype.socket_stream,
  "datagram-socket": filetype.socket_dgram,
  unknown: filetype.unknown,
};

/** The number of a file type. */
export function filetypeOf(type: FileType): Filetype {
  return filetypes[type] ?? filetype.unknown;
}

/** Writes a filestat. EFAULT: the pointer leads out of memory. */
export function writeFilestat({ memory }: Process, address: number, dev: bigint, stat: FileStat): Errno {
  const bytes = memory?.subarray(address, filestat.byteLength);
  if (bytes === undefined) return errno.fault;
  bytes.fill(0);
  const write = (field: number, value: bigint): boolean =>
    memory!.writeUint64(address + field, BigInt.asUintN(64, value));
  write(filestat.dev, dev);
  write(filestat.ino, stat.ino);
  memory!.writeUint8(address + filestat.filetype, filetypeOf(stat.type));
  write(filestat.nlink, stat.nlink ?? 1n);
  write(filestat.size, BigInt(stat.size));
  write(filestat.atim, stat.atim ?? 0n);
  write(filestat.mtim, stat.mtim ?? 0n);
  write(filestat.ctim, stat.ctim ?? 0n);
  return errno.success;
}
