// Takes nothing, gives whether the host has a JIT: it shows in how fast a small hot loop gets.

/** Turns of the loop in one measurement: 0.2 ms compiled, over 1.5 ms in any bytecode interpreter met so far. */
const TURNS = 100_000;
const ATTEMPTS = 8;

let known: boolean | undefined;

/** Measures once per process. */
export function hasJit(): boolean {
  known ??= measure();
  return known;
}

function measure(): boolean {
  const words = new Int32Array(64);
  // The first measurement gives a JIT the time to compile; a busy machine gets more chances. Milliseconds are whole: none may pass.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const start = Date.now();
    spin(words, TURNS);
    if (Date.now() === start) return true;
  }
  return false;
}

function spin(words: Int32Array, turns: number): void {
  for (let i = 0; i < turns; i++) words[i & 63] = (words[(i + 1) & 63]! + i) ^ i;
}
