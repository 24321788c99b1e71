// Takes modules, gives the oracle's transcripts of them. Its process is started again when it crashes or hangs.
import { spawn } from "node:child_process";
import { Frames } from "./frames.mjs";
import { oracleNode } from "./parts.mjs";

/** A module that takes longer is given up. */
const patienceMs = 10_000;
/** V8's stack in KiB: less than the usual 8 MiB of a process. */
const stackKib = 6000;

/** The oracle's process. Asks are answered in order. */
export class Oracle {
  #mode;
  #child;
  #timer;
  #waiting = [];

  /** A mode of native.mjs: "run" or "validate". */
  constructor(mode) {
    this.#mode = mode;
  }

  /** The transcript of a module, or one line saying why there is none. */
  ask(bytes, seed) {
    return new Promise((resolve) => {
      const item = { bytes, seed, resolve };
      this.#waiting.push(item);
      this.#child ??= this.#start();
      this.#send(item);
      if (this.#waiting.length === 1) this.#watch();
    });
  }

  close() {
    this.#child?.stdin.end();
  }

  #send({ bytes, seed }) {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(bytes.length);
    head.writeBigUInt64LE(BigInt(seed), 4);
    this.#child.stdin.write(Buffer.concat([head, bytes]));
  }

  #start() {
    const script = new URL("native.mjs", import.meta.url).pathname;
    const child = spawn(oracleNode, [`--stack-size=${stackKib}`, script, this.#mode], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    child.stdin.on("error", () => {});
    void this.#receive(child);
    return child;
  }

  async #receive(child) {
    const frames = new Frames(child.stdout);
    for (;;) {
      const head = await frames.read(4);
      const body = head && (await frames.read(head.readUInt32LE(0)));
      if (body === undefined) break;
      this.#settle(JSON.parse(body.toString()));
    }
    if (this.#waiting.length === 0) return;
    // It died of the module it was asked first.
    this.#child = undefined;
    this.#settle(["stop: the oracle crashed or took too long"]);
    const rest = this.#waiting;
    if (rest.length > 0) this.#child = this.#start();
    for (const item of rest) this.#send(item);
  }

  #settle(lines) {
    clearTimeout(this.#timer);
    this.#waiting.shift().resolve(lines);
    if (this.#waiting.length > 0) this.#watch();
  }

  #watch() {
    this.#timer = setTimeout(() => this.#child?.kill("SIGKILL"), patienceMs);
  }
}
