// Says whether the host makes functions from text.

let answer: boolean | undefined;

/** Whether the host makes functions from text: nothing but a try tells, and one is enough, as hosts report each that they refuse. */
export function canCompile(): boolean {
  answer ??= tryIt();
  return answer;
}

function tryIt(): boolean {
  try {
    return new Function("return 1")() === 1;
  } catch {
    return false;
  }
}
