// Takes options as a host writes them, refuses what would be left unread: a limit or a ban that is misspelled would not hold.

/** Throws a TypeError for what is left of options once the known ones are taken. */
export function refuseRest(of: string, rest: object): void {
  for (const key of Object.keys(rest)) throw new TypeError(`${of} has no option "${key}"`);
}

/** Throws a TypeError for an option that is neither true nor false. */
export function checkFlag(key: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${key} is true or false, got ${String(value)}`);
}
