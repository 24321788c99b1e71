// The register file: one buffer for every guest of the process, seen as words, floats and lanes; references stand beside it.

/** 16 MiB: frames of the deepest guest. Hosts commit it page by page as it is used. */
export const REGISTER_WORDS: number = 1 << 22;

/** A vector more, for results whose lanes may lie where operands are still to be read. */
const buffer = new ArrayBuffer(REGISTER_WORDS * 4 + 16);

export const I: Int32Array = new Int32Array(buffer);
export const F: Float32Array = new Float32Array(buffer);
export const D: Float64Array = new Float64Array(buffer);
export const B: BigInt64Array = new BigInt64Array(buffer);
// Lanes of vectors. The low half of an i64 is its first word and the first lane of a word its lowest bits: hosts are little-endian, as
// every one with a JavaScript engine is.
export const I8: Int8Array = new Int8Array(buffer);
export const U8: Uint8Array = new Uint8Array(buffer);
export const I16: Int16Array = new Int16Array(buffer);
export const U16: Uint16Array = new Uint16Array(buffer);

/** The reference of the slot at word `w` is `R[w >> 1]`. Grown by the functions that use references. */
export const R: unknown[] = [];

export { stack } from "../../instance/call-stack.ts";
