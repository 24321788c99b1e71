// Takes the host's own namespace, gives whether it is of use, and puts another one in its place.
import type { WebAssemblyNamespace } from "./namespace-type.ts";

/** Exports a function that gives 7. */
const probe = [
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
  [0x03, 0x02, 0x01, 0x00],
  [0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
  [0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, 0x07, 0x0b],
];

/** Tries: a page's security policy may forbid a namespace that is there, and some hosts have one that only throws. */
export function hostWorks(): boolean {
  try {
    const { Module, Instance } = (globalThis as { WebAssembly?: WebAssemblyNamespace }).WebAssembly!;
    const { f } = new Instance(new Module(Uint8Array.from(probe.flat()))).exports as { f: () => unknown };
    return f() === 7;
  } catch {
    return false;
  }
}

/** Makes a namespace the host's. */
export function replaceHost(namespace: WebAssemblyNamespace): void {
  const attributes = { writable: true, enumerable: false, configurable: true };
  Object.defineProperty(globalThis, "WebAssembly", { value: namespace, ...attributes });
}
