// Takes a memory's old buffer, gives the next one and leaves the old one detached, as far as the host can do that (JavaScript API: refresh the
// Memory buffer).
import { defineHidden } from "./web-idl.ts";

interface Host {
  structuredClone?: (value: ArrayBuffer, options: { transfer: ArrayBuffer[] }) => ArrayBuffer;
}

/** What newer hosts know of buffers. */
interface NewerBuffer extends ArrayBuffer {
  readonly resizable?: boolean;
  resize?(byteLength: number): void;
  transfer?(): ArrayBuffer;
}

type NewerConstructor = new (byteLength: number, options: { maxByteLength: number }) => NewerBuffer;

const { structuredClone } = globalThis as Host;
const { resize } = ArrayBuffer.prototype as NewerBuffer;

/** How many bytes are copied at once, from a word that is not zero on. */
const PIECE = 2 ** 20;

/** Whether the host has buffers that can grow. */
export const hasResizable: boolean = resize !== undefined;

/** Whether a buffer can grow. */
export function isResizable(buffer: NewerBuffer): boolean | undefined {
  return buffer.resizable;
}

/** A buffer of a length with the bytes of an old one; undefined where the host has no room. One that can grow stays the same. */
export function moveBuffer(old: NewerBuffer, byteLength: number): ArrayBuffer | undefined {
  try {
    if (!isResizable(old)) return fixedBuffer(old, byteLength);
    resize!.call(old, byteLength);
    return old;
  } catch {
    return undefined;
  }
}

/** A buffer that cannot grow, with the bytes of an old one. Throws where the host has no room. */
export function fixedBuffer(old: NewerBuffer, byteLength: number): ArrayBuffer {
  // One of the same length has the same bytes, which are not copied.
  if (byteLength === old.byteLength && structuredClone !== undefined && !isResizable(old)) return detached(old)!;
  return copied(old, new ArrayBuffer(byteLength));
}

/** A buffer that can grow to a length, with the bytes of an old one; it grows by `grow`. Throws where the host has no room. */
export function resizableBuffer(
  old: ArrayBuffer,
  maxByteLength: number,
  grow: (byteLength: number) => void,
): ArrayBuffer {
  const buffer = new (ArrayBuffer as unknown as NewerConstructor)(old.byteLength, { maxByteLength });
  // The memory has to know: the host's own method would let the engines see a memory that has not grown.
  defineHidden(buffer, "resize", grow);
  return copied(old, buffer);
}

// Hosts have room for what was never written only once it is: pieces of zeros stay as they are. Hosts' own `transfer` writes all of it.
function copied(old: NewerBuffer, buffer: ArrayBuffer): ArrayBuffer {
  const end = old.byteLength / 4;
  const words = new Int32Array(old, 0, end);
  const bytes = new Uint8Array(old);
  for (let i = 0; i < end; i++) {
    if (words[i] === 0) continue;
    new Uint8Array(buffer, i * 4).set(bytes.subarray(i * 4, i * 4 + PIECE));
    i += PIECE / 4 - 1;
  }
  detached(old);
  return buffer;
}

function detached(buffer: NewerBuffer): ArrayBuffer | undefined {
  return structuredClone?.(buffer, { transfer: [buffer] }) ?? buffer.transfer?.();
}
