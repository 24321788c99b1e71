// A handle on a process that runs one engine: commands out, answers in, one at a time.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Longer than any one command takes, in the slowest engine. */
const patienceMs = 180_000;

class Peer {
  #child;
  #lines;

  constructor(name, file, args) {
    this.name = name;
    this.#child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.on("error", () => {});
    this.#child.stdin.on("error", () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Waits for an answer; an engine that gives none in time is ended, and every later command is an error. */
  async read() {
    const watch = setTimeout(() => this.#child.kill(), patienceMs);
    const { value, done } = await this.#lines.next();
    clearTimeout(watch);
    return done ? { error: "the process ended without an answer" } : JSON.parse(value);
  }

  /** Gives {ns, result} or {error}. */
  ask(command) {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    return this.read();
  }

  close() {
    this.#child.stdin.end();
  }
}

/** Builds the wazero program where it is missing or older than its source. */
function wazeroProgram() {
  const program = path(process.platform === "win32" ? ".build/wazero.exe" : ".build/wazero");
  const source = path("wazero/main.go");
  if (!existsSync(program) || statSync(program).mtimeMs < statSync(source).mtimeMs) {
    mkdirSync(path(".build"), { recursive: true });
    try {
      execFileSync("go", ["build", "-o", program, "."], { cwd: path("wazero"), stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      const detail = String(error.stderr ?? "")
        .trim()
        .split("\n")[0];
      throw new Error(error.code === "ENOENT" ? "no Go toolchain" : `go build failed: ${detail}`);
    }
  }
  return program;
}

/** Starts an engine. Gives a Peer, or throws an Error that says why it is not available. */
export async function start(name, { host, flags }) {
  if (name.startsWith("wazero-")) return new Peer(name, wazeroProgram(), [name.slice("wazero-".length)]);
  const peer = new Peer(name, host, [...flags, path("worker.mjs"), name]);
  const { error } = await peer.read();
  if (error) throw new Error(error);
  return peer;
}
