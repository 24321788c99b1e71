// Takes any view of bytes, gives a plain Uint8Array over the same memory.

/** A plain Uint8Array of the same bytes: engines read one exact class faster than a mix with its subclasses. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (Object.getPrototypeOf(bytes) === Uint8Array.prototype) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
