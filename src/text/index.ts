// The door `zerowasm/text`: modules in the text format.
export { TextError } from "../api/errors.ts";
export { type Assembled, assemble, parse } from "./parse.ts";
export { type PrintOptions, print } from "./print.ts";
export type { TextPosition } from "./text-error.ts";
