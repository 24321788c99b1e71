// The one call stack of the process, as far as engines share it (specification: 4.2.17 Stack).

/**
 * `top`: the interpreter's first free register word, where the next activation's frames begin; above it nothing is live. `frames`: guest frames
 * below whatever runs now, whichever engine they are of. `nesting`: calls from the host into guests that are on the host's own stack. `traced`: the
 * host's own limit for the frames in an error's stack, while guests have another; else -1.
 */
export const stack: { top: number; frames: number; nesting: number; traced: number } = {
  top: 0,
  frames: 0,
  nesting: 0,
  traced: -1,
};

/**
 * Host functions that call guests that call host functions…: each level stands on the host's own stack, which ends first. V8 has room for some 500
 * levels with the interpreter, and 2,000 of compiled code.
 */
export const MAX_NESTING = 10_000;

/** Engines that call one another stand on the host's stack: from so many levels on the interpreter keeps what it has. */
export const KEEPING = 200;
