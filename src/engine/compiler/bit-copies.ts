// Says whether the host keeps each bit of a double that it reads and writes, so that 64 bits are copied at once.

/**
 * Whether numbers that are only moved keep their bits. Hosts with values in the bits of NaNs make all that they read the same; and V8 as of 2025, which
 * its `fromBase64` tells, makes signalling ones quiet in code that it has optimised.
 */
export const copiesBits: boolean =
  !("fromBase64" in Uint8Array) &&
  // A quiet NaN and a signalling one.
  `${new Int32Array(new Float64Array(new Int32Array([1, -1, 1, -524289]).buffer).map((bits) => bits).buffer)}` ===
    `${[1, -1, 1, -524289]}`;
