// Disagreements about a module's validity that are not mistakes of ours, each with its reason.

export const known = [];

/** Why two verdicts may differ, or undefined. */
export function reasonFor(ours, native) {
  return known.find((one) => (one.ours ?? /^$/).test(ours) && (one.native ?? /^$/).test(native))?.why;
}
