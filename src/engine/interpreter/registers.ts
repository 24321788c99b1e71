// The register file: one buffer for every guest of the process, seen as words, singles and doubles; references stand beside it.

/** 16 MiB: frames of the deepest guest. Hosts commit it page by page as it is used. */
export const REGISTER_WORDS: number = 1 << 22;

const buffer = new ArrayBuffer(REGISTER_WORDS * 4);

export const I: Int32Array = new Int32Array(buffer);
export const F: Float32Array = new Float32Array(buffer);
export const D: Float64Array = new Float64Array(buffer);
export const B: BigInt64Array = new BigInt64Array(buffer);

/** The reference of the slot at word `w` is `R[w >> 1]`. Grown by the functions that use references. */
export const R: unknown[] = [];

/** First free word, where the next activation's frames begin: above it nothing is live. And how many frames are below it. */
export const stack: { top: number; frames: number } = { top: 0, frames: 0 };
