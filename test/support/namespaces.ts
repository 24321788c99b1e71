// The namespaces that tests of the JavaScript API run in, one for each engine, and guests in them.
import test from "node:test";
import { createWebAssembly, type WebAssemblyNamespace } from "zerowasm/js-api";
import { parse } from "zerowasm/text";

const namespaces: Readonly<Record<string, WebAssemblyNamespace>> = {
  compiler: createWebAssembly({ engine: "compiler", eager: true }),
  interpreter: createWebAssembly({ engine: "interpreter" }),
};

/** What a guest of these tests exports: each test knows what it is. */
// biome-ignore lint/suspicious/noExplicitAny: exports are functions, memories and others, as the text says
export type Exports = Readonly<Record<string, any>>;

/** Runs a test once for each engine. */
export function testInBoth(name: string, run: (W: WebAssemblyNamespace) => void | Promise<void>): void {
  for (const [engine, W] of Object.entries(namespaces)) test(`${name} (${engine})`, () => run(W));
}

/** The exports of an instance of a module in text form. */
export function exportsOf(W: WebAssemblyNamespace, text: string, imports?: object): Exports {
  return new W.Instance(new W.Module(parse(text)), imports).exports as Exports;
}
