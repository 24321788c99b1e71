// Words for messages: how many there are of something.

/** A number with its noun, which takes an s unless there is one. */
export function counted(count: number, noun: string): string {
  return `${count} ${plural(count, noun)}`;
}

/** A noun as it stands beside a number. */
export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}
