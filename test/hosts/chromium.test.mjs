// Opens pages in Chromium, where there is one: the example under its security policy, the program of all hosts, and what only a browser has.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { bundle } from "./bundle.mjs";
import { browser, open, posted, serve } from "./chromium.mjs";
import { differences } from "./expected.mjs";

const skip = browser === undefined && "no Chromium starts on this machine";
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** Posts what a function's body gives, or the error. */
const page = (body) => `<!doctype html><body><script type="module">
  const result = await (async () => { ${body} })().catch((error) => error.stack);
  await fetch("/", { method: "POST", body: JSON.stringify(result) });
</script>`;

const guest = `(module
  (import "env" "memory" (memory 1 4 shared))
  (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
  (func (export "wait") (param i64) (result i32) (memory.atomic.wait32 (i32.const 8) (i32.const 0) (local.get 0)))
  (func (export "wake") (result i32) (memory.atomic.notify (i32.const 8) (i32.const 9))))`;

/** Answers with the new value of a counter, then with what woke it. */
const worker = `
  import { fromMessage, WebAssembly } from "/dist/min/js-api.js";
  onmessage = ({ data }) => {
    const memory = fromMessage(data.memory, WebAssembly);
    const { exports } = new WebAssembly.Instance(fromMessage(data.module, WebAssembly), { env: { memory } });
    postMessage(exports.add() + 1);
    postMessage(exports.wait(-1n));
  };`;

const pages = {
  "/install.html": page(`
    const host = globalThis.WebAssembly;
    const { installed } = await import("/dist/js-api/install.js");
    const { instance } = await WebAssembly.instantiateStreaming(fetch("/examples/add/add.wasm"));
    return [installed, WebAssembly === host, instance.exports.add(7, 5)];`),
  "/frame.html": page(`
    const { createWebAssembly } = await import("/dist/min/js-api.js");
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const { instance } = await createWebAssembly().instantiateStreaming(frame.contentWindow.fetch("/examples/add/add.wasm"));
    return instance.exports.add(7, 5);`),
  "/program.html": page(`
    const lines = [];
    const ended = new Promise((resolve) => {
      globalThis.print = (line) => lines.push(line) && /^(end$|failed)/.test(line) && resolve();
    });
    document.body.append(Object.assign(document.createElement("script"), { src: "/program.js" }));
    await ended;
    return lines.join("\\n");`),
  "/worker.js": worker,
  "/threads.html": page(`
    const { createWebAssembly, toMessage } = await import("/dist/min/js-api.js");
    const { parse } = await import("/dist/text/index.js");
    const W = createWebAssembly();
    const memory = new W.Memory({ initial: 1, maximum: 4, shared: true });
    const module = new W.Module(parse(${JSON.stringify(guest)}));
    const { exports } = new W.Instance(module, { env: { memory } });
    const told = (call) => { try { return call(); } catch (error) { return error.name; } };
    const worker = new Worker("/worker.js", { type: "module" });
    const next = () => new Promise((resolve, reject) => { worker.onmessage = ({ data }) => resolve(data); worker.onerror = reject; });
    const first = next();
    worker.postMessage({ memory: toMessage(memory), module: toMessage(module) });
    const counted = await first;
    const woken = next();
    while (exports.wake() === 0);
    return [counted, exports.add(), await woken, told(() => exports.wait(1000n)), await W.promising(exports.wait)(1000n),
      told(() => worker.postMessage(module))];`),
};

const server = skip ? undefined : await serve(pages);
after(() => server?.close());

/** What a page posts. */
const result = (name, ...flags) => posted(server, ...flags, `${server.at}/${name}.html`);

test("the example shows what it should under its security policy", { skip }, async () => {
  // A page's time goes on at once where the page would sleep, and what it fetches is waited for.
  const flags = ["--virtual-time-budget=10000", "--dump-dom", `${server.at}/examples/page/`];
  const shown = await open(flags, async ({ stdout }) => Buffer.concat(await stdout.toArray()).toString());
  assert.equal(/id="output">([^<]*)</.exec(shown)?.[1], read("examples/page/expected.txt"));
});

for (const door of ["js-api", "js-api-interpreter"])
  test(`the program of all hosts runs with ${door}`, { skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "zerowasm-"));
    try {
      await bundle("main.mjs", join(folder, "program.js"), { door });
      pages["/program.js"] = readFileSync(join(folder, "program.js"));
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.deepEqual(differences(await result("program")), []);
  });

test("the host's namespace stays where it works", { skip }, async () => {
  assert.deepEqual(await result("install"), [false, true, 12]);
});

test("a namespace is installed where there is none", { skip }, async () => {
  assert.deepEqual(await result("install", "--js-flags=--jitless"), [true, false, 12]);
});

test("what a frame fetched is compiled", { skip }, async () => {
  assert.equal(await result("frame"), 12);
});

test("a page shares a memory with its worker, and waits by a promise only", { skip }, async () => {
  assert.deepEqual(await result("threads"), [1, 1, 0, "RuntimeError", 2, "DataCloneError"]);
});
