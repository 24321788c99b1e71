// Takes pages, opens them in Chromium, gives what they show or post.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const headless = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];

/** The command of a Chromium of this machine that shows a page; undefined where there is none. */
export const browser = names.find((name) => {
  const profile = mkdtempSync(join(tmpdir(), "zerowasm-"));
  const flags = [...headless, `--user-data-dir=${profile}`, "--dump-dom", "data:text/html,<p>shown"];
  const { stdout } = spawnSync(name, flags, { encoding: "utf8", timeout: 30_000 });
  rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  return stdout?.includes("<p>shown");
});

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Serves the checkout, and pages of text by their paths. They are isolated, so that they have shared buffers; `posted` is what the next posts. */
export async function serve(pages = {}) {
  let take;
  const server = createServer(async (request, response) => {
    const path = request.url.replace(/\/$/, "/index.html");
    response.setHeader("Content-Type", types[extname(path)] ?? "text/plain");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (request.method === "POST") take(Buffer.concat(await request.toArray()).toString());
    try {
      response.end(request.method === "POST" ? "" : (pages[path] ?? readFileSync(join(root, path))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const posted = () => new Promise((resolve) => (take = resolve));
  return { at: `http://127.0.0.1:${server.address().port}`, posted, close: () => server.close() };
}

/** Starts Chromium with a profile of its own and hands the process to `use`; afterwards neither is left. */
export async function open(flags, use) {
  const profile = mkdtempSync(join(tmpdir(), "zerowasm-"));
  const child = spawn(browser, [...headless, `--user-data-dir=${profile}`, ...flags], {
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 120_000,
  });
  const ended = once(child, "close");
  try {
    return await use(child);
  } finally {
    child.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** What is posted to a server by what Chromium opens: of JSON. */
export function posted(server, ...flags) {
  return open(flags, async (child) => {
    const ended = once(child, "close").then(() => Promise.reject(new Error("Chromium ended")));
    return JSON.parse(await Promise.race([server.posted(), ended]));
  });
}
