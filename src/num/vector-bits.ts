// One vector as words, as floats and as bytes: the views through which generated code goes from one form of its lanes to another (specification: 4.3.5).

const words = new Int32Array(4);

export const VI: Int32Array = words;
export const VF: Float32Array = new Float32Array(words.buffer);
export const VD: Float64Array = new Float64Array(words.buffer);
export const VB: Uint8Array = new Uint8Array(words.buffer);
