// Random bytes of the host (WASI preview1: random_get).
import type { Random } from "../api/system.ts";

const maxBytes = 65_536; // of one call, by the Web Crypto API

/** Fills with bytes that nobody can foretell. */
export const random: Random = (bytes) => {
  // The global loads node:crypto only now: it takes longer than many a guest.
  for (let at = 0; at < bytes.length; at += maxBytes) crypto.getRandomValues(bytes.subarray(at, at + maxBytes));
};
