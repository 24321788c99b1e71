// Arguments and environment (witx: args_get, args_sizes_get, environ_get, environ_sizes_get).
import { type Errno, errno } from "./abi.ts";
import type { Group } from "./function.ts";
import type { Process } from "./process.ts";

// EFAULT: a pointer leads out of memory. Nothing else can fail.
export const args: Group<"args" | "environ"> = {
  args_get: (process, argv, argvBuf) => writeStrings(process, process.args, argv, argvBuf),
  args_sizes_get: (process, argc, argvLen) => writeSizes(process, process.args, argc, argvLen),
  environ_get: (process, environ, environBuf) => writeStrings(process, process.environ, environ, environBuf),
  environ_sizes_get: (process, environc, environLen) => writeSizes(process, process.environ, environc, environLen),
};

function writeStrings({ memory }: Process, strings: readonly Uint8Array[], pointers: number, buffer: number): Errno {
  const total = byteLengthOf(strings);
  if (memory?.subarray(pointers, 4 * strings.length) === undefined) return errno.fault;
  if (memory.subarray(buffer, total) === undefined) return errno.fault;
  let at = buffer;
  for (const [i, bytes] of strings.entries()) {
    memory.writeUint32(pointers + 4 * i, at);
    memory.write(at, bytes);
    at += bytes.length;
  }
  return errno.success;
}

function writeSizes({ memory }: Process, strings: readonly Uint8Array[], count: number, byteLength: number): Errno {
  const written = memory?.writeUint32(count, strings.length) && memory.writeUint32(byteLength, byteLengthOf(strings));
  return written ? errno.success : errno.fault;
}

function byteLengthOf(strings: readonly Uint8Array[]): number {
  return strings.reduce((total, { length }) => total + length, 0);
}
