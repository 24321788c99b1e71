// Takes hosts whose namespace works, is missing, or only throws, and looks whose namespace is there after the import.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { build } from "esbuild";

const bytes = "Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)";

const doors = ["install", "install-on-demand"];

function namespaceAfter(door: string, before: string, ...flags: string[]): string {
  const script = `
    const native = globalThis.WebAssembly;
    ${before}
    const { installed } = await import("zerowasm/js-api/${door}");
    new WebAssembly.Instance(new WebAssembly.Module(${bytes}));
    const { value, ...attributes } = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly");
    let whose = WebAssembly === native ? "the host's" : "another";
    for (const name of ["js-api", "js-api/interpreter"]) {
      if ((await import("zerowasm/" + name)).WebAssembly === WebAssembly) whose = name;
    }
    console.log(whose, installed, JSON.stringify(attributes));`;
  const args = [...flags, "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return stdout.trim() || stderr;
}

const hidden = '{"writable":true,"enumerable":false,"configurable":true}';

for (const door of doors) {
  for (const [host, before, expected] of [
    ["works", "", `the host's false ${hidden}`],
    ["is missing", "delete globalThis.WebAssembly", `js-api true ${hidden}`],
    [
      "throws",
      "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError() } }",
      `js-api true ${hidden}`,
    ],
    ["gives nonsense", "WebAssembly.Instance = class { exports = { f: () => 8 } }", `js-api true ${hidden}`],
  ] as const) {
    test(`${door} meets a namespace that ${host}`, () => assert.equal(namespaceAfter(door, before), expected));
  }
}

test("where the host makes no code from text, the compiler is not asked for", () => {
  const strict = "--disallow-code-generation-from-strings";
  const before = "delete globalThis.WebAssembly";
  assert.match(namespaceAfter("install-on-demand", before, strict), /^js-api\/interpreter true/);
  assert.match(namespaceAfter("install", before, strict), /^js-api true/);
});

/** What Node prints without a JIT, and so without WebAssembly. */
function withoutJit(script: string, ...flags: string[]): string {
  const args = ["--jitless", ...flags, "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return stdout.trim() || stderr;
}

test("Node's fetch, which is partly WebAssembly, works without a JIT", () => {
  const script = `
    import { createServer } from "node:http";
    const server = createServer(({ url }, response) => response.end("hello " + url)).listen(0, "127.0.0.1", async () => {
      try {
        const response = await fetch("http://127.0.0.1:" + server.address().port + "/there");
        console.log(response.status, await response.text());
      } catch ({ message, cause }) {
        console.log(cause?.message ?? message);
      }
      process.exit();
    });`;
  assert.match(withoutJit(script), /WebAssembly is not defined/);
  for (const door of doors) {
    for (const flags of [[], ["--disallow-code-generation-from-strings"]]) {
      assert.equal(withoutJit(script, "--import", `zerowasm/js-api/${door}`, ...flags), "200 hello /there");
    }
  }
});

const { typescript } = process.features as { typescript?: string | false };

// From Node 22.18 on.
if (typescript === "strip") {
  test("so do Node's types of TypeScript", () => {
    const script = `
      import { stripTypeScriptTypes } from "node:module";
      console.log(stripTypeScriptTypes("let a: number = 1").replaceAll(/ +/g, " "));`;
    assert.match(withoutJit(script), /ERR_WEBASSEMBLY_NOT_SUPPORTED|WebAssembly is not/);
    assert.match(withoutJit(script, "--import", "zerowasm/js-api/install"), /^let a = 1/);
  });
}

test("on demand, what is loaded at once is small", async () => {
  const { outputFiles } = await build({
    entryPoints: ["dist/js-api/install-on-demand.js"],
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    outdir: "out",
    write: false,
  });
  const entry = outputFiles.find(({ path }) => path.endsWith("install-on-demand.js"))!;
  const chunks = [...entry.text.matchAll(/\bfrom ?"\.\/([^"]+)"/g)].map(([, name]) => name!);
  const loaded = [entry, ...outputFiles.filter(({ path }) => chunks.some((name) => path.endsWith(name)))];
  const size = loaded.reduce((sum, { contents }) => sum + contents.length, 0);
  assert.ok(size < 2000, `${size} bytes`);
});
