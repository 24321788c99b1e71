// Takes two transcripts, gives where they differ. V8's messages stand for one or several of the specification's.
import { inconclusive } from "./transcript.mjs";

const conversion = ["invalid conversion to integer", "integer overflow"];
const null_ = /^null (?:reference|\w+ reference|exception reference)$/;

/** What V8 says, and the specification's words for it. */
const messages = [
  [/^unreachable$/, ["unreachable"]],
  [/^(?:memory access out of bounds|data segment .*out of bounds.*)$/, ["out of bounds memory access"]],
  [/^(?:divide|remainder) by zero$/, ["integer divide by zero"]],
  [/^divide result unrepresentable$/, ["integer overflow"]],
  [/^float unrepresentable in integer range$/, conversion],
  [/^table index is out of bounds$/, ["undefined element", "out of bounds table access"]],
  [/^table (?:access out of bounds|.*out of bounds)/, ["out of bounds table access", "undefined element"]],
  [/^element segment .*out of bounds/, ["out of bounds table access"]],
  [/^(?:null function or )?function signature mismatch/, ["uninitialized element", "indirect call type mismatch"]],
  [/^null function$/, ["uninitialized element"]],
  [/^dereferencing a null pointer$/, null_],
  [/^illegal cast$/, ["cast failure"]],
  [/^array element access out of bounds$/, ["out of bounds array access"]],
  [/^rethrowing null value$/, null_],
  [/^operation does not support unaligned accesses$/, ["unaligned atomic"]],
  [/^Atomics.wait cannot be called in this context$/, ["expected shared memory"]],
];

function sameTrap(ours, native) {
  const known = messages.find(([pattern]) => pattern.test(native))?.[1];
  if (known instanceof RegExp) return known.test(ours);
  // Some of the specification's messages end with an index.
  return known?.some((message) => ours === message || ours.startsWith(`${message} `)) ?? false;
}

/** Whether two lines say the same; the second may be the oracle's. */
function sameLine(ours, theirs) {
  if (ours === theirs) return true;
  for (const kind of ["invalid: ", "link: "]) if (ours.startsWith(kind) && theirs.startsWith(kind)) return true;
  const [a, b] = [ours.split("trap: "), theirs.split("trap: ")];
  return a.length === 2 && b.length === 2 && a[0] === b[0] && sameTrap(a[1], b[1]);
}

/** What comparing two transcripts gives: undefined, or "inconclusive" with a reason, or "difference" with two lines. */
export function compare(ours, theirs) {
  for (let at = 0; at < Math.max(ours.length, theirs.length); at++) {
    const [a, b] = [ours[at] ?? "(ends)", theirs[at] ?? "(ends)"];
    const stopped = [a, b].find((line) => inconclusive.test(line));
    if (stopped !== undefined) return { kind: "inconclusive", why: stopped };
    if (!sameLine(a, b)) return { kind: "difference", at, ours: a, theirs: b };
  }
  return undefined;
}
