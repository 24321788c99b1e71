// Takes a script of the specification's test suite (.wast), gives its commands (specification: interpreter/README, Scripts).
// A module is parsed when it is asked for its bytes: one that is wrong stops no other command.

import { decodeUtf8 } from "../util/utf8.ts";
import { Cursor } from "./cursor.ts";
import { Token, tokenize } from "./lexer.ts";
import { annotations, parse, readModule } from "./parse.ts";
import { type Literal, type Pattern, readLiteral, readPattern } from "./script-values.ts";
import { readBytes } from "./segments.ts";
import { textError } from "./text-error.ts";

/** A module in a script. */
export interface ScriptModule {
  readonly id: string | undefined;
  /** Its bytes. Throws a TextError where the text is malformed. */
  readonly encode: () => Uint8Array;
}

/** A call of an exported function, or a look at an exported global. */
export interface Action {
  readonly kind: "invoke" | "get";
  /** Identifier of the instance; undefined for the last one. */
  readonly module: string | undefined;
  readonly name: string;
  readonly args: readonly Literal[];
}

/** What is said of modules. */
export type ModuleAssertion =
  | "assert_malformed"
  | "assert_malformed_custom"
  | "assert_invalid"
  | "assert_invalid_custom"
  | "assert_unlinkable"
  | "assert_uninstantiable";

/** One command; the first line of a script is 1. */
export type Command = { readonly line: number } & (
  | { readonly kind: "module"; readonly module: ScriptModule; readonly isDefinition: boolean }
  | { readonly kind: "instance"; readonly id: string | undefined; readonly definition: string | undefined }
  | { readonly kind: "register"; readonly name: string; readonly module: string | undefined }
  | { readonly kind: "action"; readonly action: Action }
  | { readonly kind: "assert_return"; readonly action: Action; readonly results: readonly Pattern[] }
  | { readonly kind: "assert_trap" | "assert_exhaustion"; readonly action: Action; readonly message: string }
  | { readonly kind: "assert_exception"; readonly action: Action }
  | { readonly kind: ModuleAssertion; readonly module: ScriptModule; readonly message: string }
);

const moduleAssertions = new Set<string>([
  "assert_malformed",
  "assert_malformed_custom",
  "assert_invalid",
  "assert_invalid_custom",
  "assert_unlinkable",
  "assert_uninstantiable",
] satisfies ModuleAssertion[]);

/** Parses a script. Throws a TextError where a command is malformed; modules are not looked into. */
export function parseScript(source: string): readonly Command[] {
  const cursor = new Cursor(tokenize(source, annotations));
  const commands: Command[] = [];
  const lineAt = lineCounter(source);
  // Fields alone are a module, which is then all of the script.
  if (cursor.is(Token.Left) && !isCommand(cursor.textAfter(1))) {
    const module: ScriptModule = { id: undefined, encode: () => parse(source) };
    return [{ line: 1, kind: "module", module, isDefinition: false }];
  }
  while (!cursor.is(Token.End)) {
    if (cursor.is(Token.Annotation)) cursor.skipGroup();
    else commands.push({ line: lineAt(cursor.tokens.starts[cursor.at]), ...readCommand(cursor) } as Command);
  }
  return commands;
}

function isCommand(word: string): boolean {
  return /^(?:module|register|invoke|get|assert_\w+)$/.test(word);
}

// Offsets only grow, so that each line is counted once.
function lineCounter(source: string): (offset: number) => number {
  let line = 1;
  let next = source.indexOf("\n");
  return (offset) => {
    for (; next >= 0 && next < offset; next = source.indexOf("\n", next + 1)) line++;
    return line;
  };
}

type WithoutLine<C> = C extends unknown ? Omit<C, "line"> : never;

function readCommand(cursor: Cursor): WithoutLine<Command> {
  if (!cursor.is(Token.Left)) cursor.fail();
  const word = cursor.textAfter(1);
  if (word === "module") return readModuleCommand(cursor);
  if (word === "invoke" || word === "get") return { kind: "action", action: readAction(cursor) };
  const at = cursor.at + 1;
  cursor.at = at + 1;
  const command = readRest(cursor, word) ?? cursor.fail(`unknown command ${word}`, at);
  cursor.close();
  return command;
}

function readRest(cursor: Cursor, word: string): WithoutLine<Command> | undefined {
  if (moduleAssertions.has(word)) {
    return { kind: word as ModuleAssertion, module: readScriptModule(cursor).module, message: cursor.name() };
  }
  switch (word) {
    case "register":
      return { kind: word, name: cursor.name(), module: cursor.optionalId() };
    case "assert_return": {
      const action = readAction(cursor);
      const results: Pattern[] = [];
      while (cursor.is(Token.Left)) results.push(readPattern(cursor));
      return { kind: word, action, results };
    }
    case "assert_trap":
      if (cursor.isOpen("module")) {
        return { kind: "assert_uninstantiable", module: readScriptModule(cursor).module, message: cursor.name() };
      }
      return { kind: word, action: readAction(cursor), message: cursor.name() };
    case "assert_exhaustion":
      return { kind: word, action: readAction(cursor), message: cursor.name() };
    case "assert_exception":
      return { kind: word, action: readAction(cursor) };
    default:
      return undefined;
  }
}

function readAction(cursor: Cursor): Action {
  const kind = cursor.isOpen("get") ? "get" : "invoke";
  cursor.open(kind);
  const module = cursor.optionalId();
  const name = cursor.name();
  const args: Literal[] = [];
  while (cursor.is(Token.Left)) args.push(readLiteral(cursor));
  cursor.close();
  return { kind, module, name, args };
}

function readModuleCommand(cursor: Cursor): WithoutLine<Command> {
  if (!cursor.isText("instance", 2)) return { kind: "module", ...readScriptModule(cursor) };
  cursor.at += 3;
  const command = { kind: "instance", id: cursor.optionalId(), definition: cursor.optionalId() } as const;
  cursor.close();
  return command;
}

function readScriptModule(cursor: Cursor): { module: ScriptModule; isDefinition: boolean } {
  const end = cursor.tokens.closings[cursor.at];
  cursor.open("module");
  const isDefinition = cursor.acceptWord("definition");
  const id = cursor.optionalId();
  const encode = readEncoder(cursor, id);
  cursor.at = end;
  cursor.close();
  return { module: { id, encode }, isDefinition };
}

function readEncoder(cursor: Cursor, id: string | undefined): () => Uint8Array {
  if (cursor.acceptWord("binary")) {
    const bytes = readBytes(cursor);
    return () => bytes;
  }
  const { at } = cursor;
  if (cursor.acceptWord("quote")) {
    const bytes = readBytes(cursor);
    return () => parse(decodeUtf8(bytes, 0, bytes.length) ?? failUtf8());
  }
  return () => {
    const own = new Cursor(cursor.tokens, at);
    const bytes = readModule(own, id).finish();
    own.close();
    return bytes;
  };
}

function failUtf8(): never {
  throw textError("malformed UTF-8 encoding", "", 0);
}
