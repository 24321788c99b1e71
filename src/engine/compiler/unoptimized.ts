// Takes a function that makes a loop, gives one of the same text whose loop the host never optimises (specification: 4.5.5 Invocation).

/** With the loop more than the 60 KiB of bytecode up to which V8 optimises a function. */
const PADDING = `{let q=0;if(q>0){${"q=q*q+q;".repeat(2000)}}}`;

/** Makes a function again from its text, with code in front of its loop that never runs. Throws where the host refuses the text. */
export function unoptimized<T extends (...args: never[]) => unknown>(make: T): T {
  return new Function(`return ${String(make).replace(/for ?\(;;\)/, `${PADDING}$&`)}`)();
}
