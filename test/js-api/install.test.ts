// Takes hosts whose namespace works, is missing, or only throws, and looks whose namespace is there after the import.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";

const bytes = "Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)";

function namespaceAfter(before: string): string {
  const script = `
    const native = globalThis.WebAssembly;
    ${before}
    const { installed } = await import("zerowasm/js-api/install");
    const { WebAssembly: ours } = await import("zerowasm/js-api");
    new WebAssembly.Instance(new WebAssembly.Module(${bytes}));
    const { value, ...attributes } = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly");
    const whose = WebAssembly === ours ? "ours" : WebAssembly === native ? "the host's" : "another";
    console.log(whose, installed, JSON.stringify(attributes));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return stdout.trim() || stderr;
}

const hidden = '{"writable":true,"enumerable":false,"configurable":true}';

for (const [host, before, expected] of [
  ["works", "", `the host's false ${hidden}`],
  ["is missing", "delete globalThis.WebAssembly", `ours true ${hidden}`],
  [
    "throws",
    "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError() } }",
    `ours true ${hidden}`,
  ],
  ["gives nonsense", "WebAssembly.Instance = class { exports = { f: () => 8 } }", `ours true ${hidden}`],
] as const) {
  test(`a namespace that ${host}`, () => assert.equal(namespaceAfter(before), expected));
}
