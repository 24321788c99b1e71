// Takes arguments and a table of flags, gives the values of the flags and what is left.
import { UsageError } from "./failure.ts";

/** One flag in the table of a command. */
export interface Flag {
  /** What its value stands for in the help; a flag without one is a switch. */
  readonly value?: string;
  /** The value may be left out, and is written behind "=" where it is not. */
  readonly optional?: boolean;
  /** May be given several times; else the last one would silently win. */
  readonly repeats?: boolean;
  readonly help: string;
}

/** By name; one of a single letter is written with one dash. */
export type Flags = Readonly<Record<string, Flag>>;

/** What a command was given. */
export interface Arguments<F extends Flags> {
  readonly has: (name: keyof F) => boolean;
  readonly all: (name: keyof F) => readonly string[];
  readonly one: (name: keyof F) => string | undefined;
  /** What is no flag. */
  readonly rest: readonly string[];
}

/** How flags are told from the rest. */
export interface ParseOptions<F extends Flags> {
  readonly command: string;
  readonly flags: F;
  /** What comes after the first argument that is no flag belongs to somebody else. */
  readonly stopsEarly?: boolean;
}

/** Reads flags up to `--` (or the first other argument). Throws a UsageError for one that is unknown, repeated or without its value. */
export function parseFlags<F extends Flags>(
  args: readonly string[],
  { command, flags, stopsEarly = false }: ParseOptions<F>,
): Arguments<F> {
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  const wrong = (problem: string): UsageError => new UsageError(`${problem}; see zerowasm help ${command}`);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--" || (stopsEarly && !isFlag(arg))) {
      rest.push(...args.slice(arg === "--" ? i + 1 : i));
      break;
    }
    if (!isFlag(arg)) {
      rest.push(arg);
      continue;
    }
    const [, written, name, attached] = /^(--?([^=]*))(?:=(.*))?$/s.exec(arg)!;
    const flag = Object.hasOwn(flags, name) && written === spelled(name) ? flags[name] : undefined;
    if (flag === undefined) throw wrong(`unknown flag ${written}`);
    if (flag.value === undefined && attached !== undefined) throw wrong(`${written} takes no value`);
    const value = flag.value === undefined || flag.optional ? (attached ?? "") : (attached ?? args[++i]);
    if (value === undefined) throw wrong(`${written} needs a value: ${written} ${flag.value}`);
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else if (flag.repeats) known.push(value);
    else throw wrong(`${written} is given twice`);
  }
  return {
    has: (name) => values.has(name as string),
    all: (name) => values.get(name as string) ?? [],
    one: (name) => values.get(name as string)?.[0],
    rest,
  };
}

function spelled(name: string): string {
  return `${name.length === 1 ? "-" : "--"}${name}`;
}

function isFlag(arg: string): boolean {
  return arg.startsWith("-") && arg !== "-";
}

/** The lines of help of a table of flags. */
export function flagLines(flags: Flags): string {
  const names = Object.entries(flags).map(
    ([name, { value, optional }]) =>
      `${spelled(name)}${value === undefined ? "" : optional ? `[=${value}]` : ` ${value}`}`,
  );
  const width = Math.max(...names.map(({ length }) => length));
  return Object.values(flags)
    .map(({ help }, i) => `  ${names[i].padEnd(width)}  ${help}\n`)
    .join("");
}
