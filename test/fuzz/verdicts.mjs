// Disagreements about a module's validity that are not mistakes of ours, each with its reason. All were looked at one by one.

const known = [
  {
    ours: /^malformed reference type/,
    why: "V8 takes any value type for an element segment without elements",
  },
  {
    ours: /^type mismatch: ref\.eq expects eqref, got/,
    why: "V8 takes any value for an operand of ref.eq in unreachable code",
  },
  {
    ours: /^type mismatch: .* got \(ref bot\)/,
    why: "V8 takes what br_on_null and ref.as_non_null leave in unreachable code for an operand of any type",
  },
  {
    ours: /^malformed attribute/,
    why: "V8 reads the attribute of a tag as a number, which may have zeros behind it",
  },
  {
    native: /uses a mix of legacy and new exception handling instructions/,
    why: "V8 refuses a module with both kinds of exception instructions",
  },
];

/** Why two verdicts may differ, or undefined. The verdict on a valid module is empty. */
export function reasonFor(ours, native) {
  return known.find((one) => (one.ours ?? /^$/).test(ours) && (one.native ?? /^$/).test(native))?.why;
}
