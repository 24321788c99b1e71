// The command `node firefox.mjs FILE`: runs a script in a page of Firefox, which shows no window, and prints what it prints.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program waits for nothing but promises, so that a timer comes after it. */
const page = `<!doctype html><script>
const lines = [];
window.print = (line) => lines.push(line);
onerror = (message) => print(message);
</script><script src="script.js"></script><script>
setTimeout(() => fetch("/", { method: "POST", body: lines.join("\\n") }));
</script>`;

const script = readFileSync(process.argv[2]);
const profile = mkdtempSync(join(tmpdir(), "zerowasm-firefox-"));
let firefox;
// Also where there is no Firefox, which ends this with an error.
process.once("exit", () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));

const server = createServer(async (request, response) => {
  if (request.method === "POST") {
    let text = "";
    for await (const bytes of request.setEncoding("utf8")) text += bytes;
    console.log(text);
    firefox.kill();
  }
  const { url } = request;
  const [type, body] = url === "/" ? ["text/html", page] : url === "/script.js" ? ["text/javascript", script] : [];
  response.writeHead(body === undefined ? 404 : 200, type && { "Content-Type": type }).end(body);
});

server.listen(0, "127.0.0.1", () => {
  const args = ["--headless", "--no-remote", "--profile", profile, `http://127.0.0.1:${server.address().port}/`];
  firefox = spawn("firefox", args, { stdio: "ignore", timeout: 120_000 });
  firefox.once("exit", () => {
    server.close();
    server.closeAllConnections();
  });
});
