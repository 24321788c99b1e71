// One vector as words, as floats and as bytes: the views through which generated code goes from one form of its lanes to another (specification: 4.3.5).

const buffer = new ArrayBuffer(264);

/** The words; the one at 64 is for a float by itself, which may be looked at while lanes are put down. */
export const VI: Int32Array = new Int32Array(buffer);
export const VF: Float32Array = new Float32Array(buffer);
export const VD: Float64Array = new Float64Array(buffer);
/** The bytes, and zeros behind them: what a swizzle finds at any index. */
export const VB: Uint8Array = new Uint8Array(buffer);
