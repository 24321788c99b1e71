// Takes a module and a name, gives the contents of its custom sections of that name (specification: 5.5.3 Custom section).
import type { Module } from "./syntax/module.ts";

/** Copies of the contents, in order. */
export function customSections({ bytes, customSections }: Module, name: string): Uint8Array[] {
  return customSections.filter((section) => section.name === name).map(({ start, end }) => bytes.slice(start, end));
}
