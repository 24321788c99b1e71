// Says how tight a source has to hold together where it stands, so that it is put in brackets only where it may have to be (ECMAScript: 13 Expressions).

/** What an expression is as a whole; or the least that it has to be. */
export const enum Level {
  /** Anything: it stands between commas or brackets. */
  Whole,
  /** Operators, but no choice. A number with a sign is one. */
  Operation,
  Atom,
  /** Added where only the value modulo 2^32 counts. */
  Word = 4,
}

/** Without `Level.Word`. */
export const LEVEL = 3;

/** A source that is `own` where `level` is the least. */
export function bracketed(source: string, own: Level, level: number): string {
  return own < (level & LEVEL) ? `(${source})` : source;
}
