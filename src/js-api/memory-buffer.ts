// Takes a memory's old buffer, gives the next one and leaves the old one detached, as far as the host can do that (JavaScript API: refresh the
// Memory buffer).

interface Host {
  structuredClone?: (value: ArrayBuffer, options: { transfer: ArrayBuffer[] }) => ArrayBuffer;
}

interface NewerBuffer extends ArrayBuffer {
  transfer?(byteLength: number): ArrayBuffer;
}

const { structuredClone } = globalThis as Host;

/** A buffer of a length with the bytes of an old one; undefined where the host has no room. */
export function moveBuffer(old: NewerBuffer, byteLength: number): ArrayBuffer | undefined {
  try {
    if (old.transfer !== undefined) return old.transfer(byteLength);
    if (byteLength === old.byteLength && structuredClone !== undefined) return detached(old);
    const buffer = new ArrayBuffer(byteLength);
    new Uint8Array(buffer).set(new Uint8Array(old));
    detached(old);
    return buffer;
  } catch {
    return undefined;
  }
}

function detached(buffer: ArrayBuffer): ArrayBuffer | undefined {
  return structuredClone?.(buffer, { transfer: [buffer] });
}
