// Takes what a host gave for stdin, stdout and stderr, gives streams.
import type { InputStream, OutputStream, System } from "../api/system.ts";
import { isPromise } from "../fs/eventual.ts";
import { encodeUtf8 } from "../fs/utf8.ts";
import { discardedOutput, emptyInput } from "./stand-ins.ts";

/** The stream of a `stdin`. */
export function inputOf(stdin: System["stdin"]): InputStream {
  if (stdin === undefined) return emptyInput;
  if (typeof stdin === "string") return bytesInput(encodeUtf8(stdin));
  if (!ArrayBuffer.isView(stdin)) return stdin;
  return bytesInput(new Uint8Array(stdin.buffer, stdin.byteOffset, stdin.byteLength));
}

/** The stream of a `stdout` or `stderr`. A function is called with bytes that are its own. */
export function outputOf(output: System["stdout"]): OutputStream {
  if (output === undefined) return discardedOutput;
  return typeof output === "function" ? { write: (bytes) => ended(output(bytes.slice())) } : output;
}

// What a function happens to give, such as the new length of an array, is no number of bytes.
function ended(given: unknown): void | PromiseLike<void> {
  if (isPromise(given)) return given.then(() => {});
}

function bytesInput(bytes: Uint8Array): InputStream {
  let at = 0;
  return {
    read(buffer) {
      const part = bytes.subarray(at, at + buffer.length);
      buffer.set(part);
      at += part.length;
      return part.length;
    },
  };
}
