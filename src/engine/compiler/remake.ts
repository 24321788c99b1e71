// Takes the text of a function, makes it, for loops that are made again in other forms (specification: 4.7.3 Invocation).

/** Throws where the host refuses the text. */
export function remake(text: string): unknown {
  return new Function(`return ${text}`)();
}
