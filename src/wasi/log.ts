// Takes calls of host functions, gives readable lines: what goes in, what comes out (wazero's -hostlogging has the form).
import type { Memory } from "../api/memory.ts";
import type { Module } from "../api/module.ts";
import { isPromise } from "../fs/eventual.ts";
import { type AbiType, abiNames, errno, errorOf, fdstat, filestat, filetype, type Parameter, prestat } from "./abi.ts";

/** What calls are about. */
export type LogScope = "clock" | "filesystem" | "memory" | "poll" | "proc" | "random" | "sock";

/** Where calls of host functions are told of. */
export interface HostLog {
  /** Takes one line, without its end. */
  write(line: string): void;
  /** Which calls; default: all. */
  readonly scopes?: readonly LogScope[] | undefined;
}

const maxPath = 65_536; // longer ones are refused

type LoggedParameter = Parameter | readonly [name: string, type: "f64"];

/** A host function to be logged. */
export interface LoggedFunction {
  readonly moduleName: string;
  readonly name: string;
  readonly scope: LogScope;
  readonly parameters: readonly LoggedParameter[];
  /** Whether it gives an errno. */
  readonly hasErrno: boolean;
}

type Value = number | bigint;
type Run<C> = (caller: C, ...args: Value[]) => unknown;

/** The function, which tells of its calls where the log wants to hear of them. Arguments are unsigned. */
export function logged<C extends Pick<Module, "memory">>(
  log: HostLog | undefined,
  called: LoggedFunction,
  run: Run<C>,
): Run<C> {
  if (log === undefined) return run;
  if (typeof log.write !== "function") throw new TypeError("a log is an object with write");
  if (log.scopes?.includes(called.scope) === false) return run;
  return (caller, ...args) => {
    const { memory } = caller;
    log.write(`==> ${called.moduleName}.${called.name}(${argumentsText(called.parameters, args, memory)})`);
    const done = (value: unknown): unknown => {
      log.write(`<== ${resultText(called, args, value, memory)}`);
      return value;
    };
    const value = run(caller, ...args);
    return isPromise(value) ? value.then(done) : done(value);
  };
}

function argumentsText(
  parameters: readonly LoggedParameter[],
  args: readonly Value[],
  memory: Memory | undefined,
): string {
  const texts: string[] = [];
  for (let i = 0; i < parameters.length; i++) {
    const [name, type] = parameters[i];
    if (name.startsWith("result.")) continue;
    // A text and its length are one argument to a reader.
    if (parameters[i + 1]?.[0] === `${name}_len` && name.endsWith("path")) {
      texts.push(`${name}=${quoted(memory?.readString(Number(args[i]), Math.min(Number(args[i + 1]), maxPath)))}`);
      i++;
    } else texts.push(`${name}=${valueText(type, args[i])}`);
  }
  return texts.join(",");
}

function resultText(
  called: LoggedFunction,
  args: readonly Value[],
  value: unknown,
  memory: Memory | undefined,
): string {
  if (!called.hasErrno) return typeof value === "number" || typeof value === "bigint" ? String(value) : "()";
  const texts = called.parameters.flatMap(([name], i) => {
    if (value !== errno.success || !name.startsWith("result.")) return [];
    return `${name.slice("result.".length)}=${pointedText(name, Number(args[i]), memory!)}`;
  });
  const error = `errno=${errorOf(value as number)}`;
  return texts.length === 0 ? error : `(${[...texts, error].join(",")})`;
}

function valueText(type: AbiType | "f64", value: Value): string {
  const names = type === "f64" ? undefined : abiNames[type];
  if (names === undefined) return String(value);
  if (!names.areFlags) return nameOf(names.values, value) ?? String(value);
  const flags = Object.entries(names.values).filter(([, flag]) => (BigInt(value) & BigInt(flag)) !== 0n);
  return flags.map(([name]) => name.toUpperCase()).join("|");
}

function pointedText(name: string, at: number, memory: Memory): string {
  switch (name) {
    case "result.resolution":
    case "result.timestamp":
    case "result.newoffset":
    case "result.offset":
      return String(memory.readUint64(at));
    case "result.ro_flags":
      return String(memory.readUint16(at));
    case "result.prestat":
      return `{pr_name_len=${memory.readUint32(at + prestat.pr_name_len)}}`;
    case "result.stat":
      return `{filetype=${filetypeText(memory, at)},fs_flags=${valueText("fdflags", memory.readUint16(at + fdstat.fs_flags)!)},fs_rights_base=${rightsText(memory, at + fdstat.fs_rights_base)},fs_rights_inheriting=${rightsText(memory, at + fdstat.fs_rights_inheriting)}}`;
    case "result.filestat":
      return `{filetype=${filetypeText(memory, at + filestat.filetype)},size=${memory.readUint64(at + filestat.size)},mtim=${memory.readUint64(at + filestat.mtim)}}`;
    default:
      return String(memory.readUint32(at));
  }
}

function filetypeText(memory: Memory, at: number): string {
  return nameOf(filetype, memory.readUint8(at)!)!;
}

function rightsText(memory: Memory, at: number): string {
  return valueText("rights", memory.readUint64(at)!);
}

function nameOf(values: Readonly<Record<string, Value>>, value: Value): string | undefined {
  return Object.keys(values)
    .find((name) => values[name] === value)
    ?.toUpperCase();
}

// A guest's text, made visible: a terminal obeys control characters, and U+202E and its kin turn text around.
function quoted(text: string | undefined): string {
  if (text === undefined) return "?";
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}]/gu, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`);
}
