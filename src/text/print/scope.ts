// What printing a module needs to know of it everywhere: identifiers and signatures.
import { Reader } from "../../binary/reader.ts";
import type { Module } from "../../syntax/module.ts";
import type { DefType } from "../../syntax/types.ts";
import { type BranchHints, readBranchHints } from "./branch-hints.ts";
import { type Identifiers, identifiersOf, noNames, type Space } from "./names.ts";
import { listText, readSignature, type Signature } from "./types.ts";

const noSignature: Signature = { params: [], results: [] };

/** A module while it is printed. */
export class ModuleScope {
  readonly module: Module;
  readonly ids: Identifiers;
  readonly hints: BranchHints;
  private readonly signatures: (Signature | undefined)[] = [];
  private readonly typeUses: (string | undefined)[] = [];

  constructor(module: Module) {
    this.module = module;
    this.ids = identifiersOf(module);
    this.hints = readBranchHints(module);
  }

  /** A reader that begins somewhere in the binary. */
  readerAt(position: number): Reader {
    return new Reader(this.module.bytes, position, this.module.bytes.length);
  }

  /** What the decoder made of a type; nothing where the index is wrong. */
  type(index: number): DefType | undefined {
    return this.module.types[index];
  }

  /** The words of a function type. */
  signature(index: number): Signature {
    const position = this.module.typePositions[index];
    if (position === undefined) return noSignature;
    return (this.signatures[index] ??= readSignature(this.readerAt(position), this));
  }

  /** ` (type $t) (param i32) (result i32)`; parameters get the names of locals. */
  typeUse(index: number, locals: Space = noNames): string {
    if (locals !== noNames) return this.makeTypeUse(index, locals);
    // Many blocks can share one long type, and so share its words.
    return (this.typeUses[index] ??= this.makeTypeUse(index, locals));
  }

  private makeTypeUse(index: number, locals: Space): string {
    const { params, results } = this.signature(index);
    const words = [`(type ${this.ids.types.use(index)})`, ...namedList("param", params, locals, 0)];
    return ` ${words.join(" ")}${listText("result", results)}`;
  }
}

/** Declarations, those without a name in one: `(local $a i32)`, `(local i64 i64)`. */
export function namedList(word: string, types: readonly string[], names: Space, first: number): readonly string[] {
  const forms: string[] = [];
  let form = "";
  for (const [i, type] of types.entries()) {
    const name = names.optional(first + i);
    if (name === "") form += form === "" ? `(${word} ${type}` : ` ${type}`;
    else {
      if (form !== "") forms.push(`${form})`);
      forms.push(`(${word}${name} ${type})`);
      form = "";
    }
  }
  if (form !== "") forms.push(`${form})`);
  return forms;
}
