// The namespaces that tests of the JavaScript API run in, one for each engine and of each single file, and guests in them.
import test from "node:test";
import { createWebAssembly, type WebAssemblyNamespace } from "zerowasm/js-api";
import { createWebAssembly as createByInterpreterFile } from "zerowasm/js-api/interpreter/min";
import { createWebAssembly as createByFile } from "zerowasm/js-api/min";
import { parse } from "zerowasm/text";

const namespaces: Readonly<Record<string, WebAssemblyNamespace>> = {
  compiler: createWebAssembly({ engine: "compiler", eager: true }),
  interpreter: createWebAssembly({ engine: "interpreter" }),
  "single file, compiler": createByFile({ engine: "compiler", eager: true }),
  "single file, interpreter": createByFile({ engine: "interpreter" }),
  "interpreter's single file": createByInterpreterFile(),
};

/** What a guest of these tests exports: each test knows what it is. */
// biome-ignore lint/suspicious/noExplicitAny: exports are functions, memories and others, as the text says
export type Exports = Readonly<Record<string, any>>;

/** Runs a test once for each engine, and for those of the single files. */
export function testInAll(name: string, run: (W: WebAssemblyNamespace) => void | Promise<void>): void {
  for (const [engine, W] of Object.entries(namespaces)) test(`${name} (${engine})`, () => run(W));
}

/** The exports of an instance of a module in text form. */
export function exportsOf(W: WebAssemblyNamespace, text: string, imports?: object): Exports {
  return new W.Instance(new W.Module(parse(text)), imports).exports as Exports;
}
