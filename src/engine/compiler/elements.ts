// Says which of two forms of source the host is quicker with where a memory may grow: its bytes as elements of an array, or through its view.

let answer: boolean | undefined;

/**
 * Whether bytes are elements of an array though the array may change. JavaScriptCore, whose errors have a `line`, reads the place and length of a `DataView`
 * at each access, and those of an array once: half the time. V8 is quicker with an array only where it is a constant, whose place it puts into the code.
 */
export function prefersElements(): boolean {
  answer ??= "line" in new Error();
  return answer;
}
