// Takes a function that makes a loop, gives one of the same text whose loop the host never optimises (specification: 4.5.5 Invocation).

/** More than the 60 KiB of bytecode up to which V8 optimises a function, with less than the loop brings along. */
const PADDING = `{let q=0;if(q>0){${"q=q*q+q;".repeat(2000)}}}`;

/** Makes a function again from its text, with code in front of its loop that never runs; gives the function as it is where that fails. */
export function unoptimized<T extends (...args: never[]) => unknown>(make: T): T {
  try {
    const source = String(make).replace(/for\s*\(;;\)\s*\{/, (loop) => PADDING + loop);
    return new Function(`"use strict";return ${source}`)() as T;
  } catch {
    return make;
  }
}
