// Makes an extension of Chromium (Manifest V3), which forbids WebAssembly and code from text, and asks its service worker for sums: by the
// namespace in the place of the host's, and by a module that was compiled ahead of time.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { browser, posted, serve } from "./chromium.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const add = here("../../examples/add/add.wasm");
const folder = mkdtempSync(join(tmpdir(), "zerowasm-"));
after(() => rmSync(folder, { recursive: true }));

// Chrome itself takes no extension from a command.
const skip = !browser?.startsWith("chromium") && "no Chromium starts on this machine";

const worker = (address) => `
  import { installed } from "zerowasm/js-api/install";
  import { Runtime } from "zerowasm/aot";
  import guest from "./guest.mjs";
  const forbidden = (() => { try { return !new Function("return 1")(); } catch { return true; } })();
  const result = async () => {
    const { instance } = await WebAssembly.instantiateStreaming(fetch("add.wasm"));
    const compiled = new Runtime().instantiate(guest).exportedFunction("add");
    return [forbidden, installed, instance.exports.add(7, 5), compiled.call(7, 5)];
  };
  result()
    .catch((error) => error.stack)
    .then((value) => fetch("${address}/", { method: "POST", mode: "no-cors", body: JSON.stringify(value) }));`;

test("an extension's service worker runs modules, compiled ahead of time and not", { skip }, async () => {
  const server = await serve();
  try {
    copyFileSync(add, join(folder, "add.wasm"));
    execFileSync(process.execPath, [
      here("../../dist/bundled/main.js"),
      "compile",
      add,
      "-o",
      join(folder, "guest.mjs"),
    ]);
    await build({
      stdin: { contents: worker(server.at), resolveDir: folder },
      bundle: true,
      format: "iife",
      logLevel: "error",
      alias: {
        "zerowasm/js-api/install": here("../../dist/js-api/install.js"),
        "zerowasm/aot": here("../../dist/aot.js"),
      },
      outfile: join(folder, "worker.js"),
    });
    const manifest = {
      manifest_version: 3,
      name: "zerowasm",
      version: "1",
      background: { service_worker: "worker.js" },
    };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    const flags = [`--load-extension=${folder}`, "--disable-features=DisableLoadExtensionCommandLineSwitch"];
    assert.deepEqual(await posted(server, ...flags, "about:blank"), [true, true, 12, 12]);
  } finally {
    server.close();
  }
});
