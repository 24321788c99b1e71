// Says whether the host keeps each bit of a number that it reads and writes, so that 64 bits are copied at once.

/** Whether numbers that are read from an array keep their bits: not with JavaScriptCore, SpiderMonkey and others, whose NaNs are all the same. */
export const keepsBits: boolean =
  // A quiet NaN and a signalling one.
  `${new Int32Array(new Float64Array(new Int32Array([1, -1, 1, -524289]).buffer).map((bits) => bits).buffer)}` ===
  `${[1, -1, 1, -524289]}`;

/** Whether they do in optimised code too: V8 as of 2025, which its `fromBase64` tells, makes signalling ones quiet there. */
export const copiesBits: boolean = keepsBits && !("fromBase64" in Uint8Array);
