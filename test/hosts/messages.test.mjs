// Opens a page in browsers that have no WebAssembly, where they are, and looks what it and its worker hand to one another with ours in its place.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { browser, posted, serve } from "./chromium.mjs";

const guest = `(module
  (import "env" "memory" (memory 1 4 shared))
  (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))`;

/** What both have. */
const both = `
  import "/dist/js-api/install.js";
  const isModule = (value) => value instanceof WebAssembly.Module;
  const add = ({ module, memory }) => new WebAssembly.Instance(module, { env: { memory } }).exports.add();`;

const worker = `${both}
  const channel = new BroadcastChannel("answers");
  onmessage = ({ data, ports }) => {
    const isSame = data.list[0] === data.module && data.map.get(data.module) === data.memory;
    self.postMessage({ isSame, sum: add(data), module: data.module, memory: data.memory });
    ports[0].postMessage([data.module]);
    channel.postMessage(new Set([data.module]));
  };`;

const page = `<!doctype html><body><script type="module">${both}
  const { parse } = await import("/dist/text/index.js");
  const next = (target) => new Promise((resolve, reject) => {
    target.addEventListener("message", resolve, { once: true });
    target.onerror = reject;
  });
  const told = (call) => { try { return call(); } catch (error) { return error.name; } };
  const result = async () => {
    const module = new WebAssembly.Module(parse(${JSON.stringify(guest)}));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
    const worker = new Worker("/worker.js", { type: "module" });
    const { port1, port2 } = new MessageChannel();
    port1.start();
    const events = [worker, port1, new BroadcastChannel("answers")].map(next);
    worker.postMessage({ module, memory, list: [module], map: new Map([[module, memory]]), port2 }, [port2]);
    const [answer, ofPort, ofChannel] = await Promise.all(events);
    const own = next(window);
    window.postMessage({ module }, "*");
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.srcdoc = '<script>let m = { kind: "module", bytes: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), options: {} };'
      + 'm["zerowasm:posted"] = m; onmessage = () => parent.postMessage({ m }, "*");<' + '/script>';
    const ready = new Promise((resolve) => (frame.onload = resolve));
    const ofOwn = await own;
    document.body.append(frame);
    await ready;
    const foreign = next(window);
    frame.contentWindow.postMessage("", "*");
    const copy = structuredClone([memory, memory]);
    return {
      worker: [answer.data.isSame, answer.data.sum, isModule(answer.data.module), add(answer.data), answer.data === answer.data],
      port: isModule(ofPort.data[0]),
      channel: isModule([...ofChannel.data][0]),
      window: isModule(ofOwn.data.module),
      otherOrigin: (await foreign).data.m.kind,
      copy: copy[0] === copy[1] && add({ module, memory: copy[0] }),
      refused: [told(() => worker.postMessage(new WebAssembly.Memory({ initial: 1 }))), told(() => worker.postMessage())],
    };
  };
  await fetch("/", { method: "POST", body: JSON.stringify(await result().catch((error) => error.stack ?? String(error))) });
</script>`;

const expected = {
  worker: [true, 0, true, 1, true],
  port: true,
  channel: true,
  window: true,
  otherOrigin: "module",
  copy: 2,
  refused: ["DataCloneError", "TypeError"],
};

const server = await serve({ "/page.html": page, "/worker.js": worker });
after(() => server.close());

test("in Chromium", { skip: browser === undefined && "no Chromium starts on this machine" }, async () => {
  assert.deepEqual(await posted(server, "--js-flags=--jitless", `${server.at}/page.html`), expected);
});

const hasFirefox = spawnSync("firefox", ["--version"]).status === 0;

test("in Firefox", { skip: !hasFirefox && "no Firefox starts on this machine" }, async () => {
  const profile = mkdtempSync(join(tmpdir(), "zerowasm-firefox-"));
  writeFileSync(join(profile, "user.js"), 'user_pref("javascript.options.wasm", false);\n');
  const args = ["--headless", "--no-remote", "--profile", profile, `${server.at}/page.html`];
  const firefox = spawn("firefox", args, { stdio: "ignore", timeout: 120_000 });
  const ended = once(firefox, "exit");
  try {
    const result = await Promise.race([server.posted(), ended.then(() => assert.fail("Firefox ended"))]);
    assert.deepEqual(JSON.parse(result), expected);
  } finally {
    firefox.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  }
});
