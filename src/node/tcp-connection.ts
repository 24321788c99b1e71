// Takes a socket of Node's, gives a connection that suspends the guest where it would have to wait (WASI preview1: sock_recv, sock_send).
import type { Socket } from "node:net";
import type { Connection, Sides } from "../api/socket.ts";
import { Arrival } from "./arrival.ts";

const empty = new Uint8Array(0);

/** A connection over TCP. */
export class TcpConnection implements Connection {
  readonly #socket: Socket;
  readonly #readable = new Arrival();
  readonly #writable = new Arrival();
  #rest: Uint8Array = empty;
  #failure: unknown;

  constructor(socket: Socket) {
    this.#socket = socket;
    for (const event of ["readable", "end", "close"]) socket.on(event, () => this.#readable.come());
    for (const event of ["drain", "close"]) socket.on(event, () => this.#writable.come());
    socket.on("error", (error) => {
      this.#failure = error; // "close" follows
    });
  }

  read(buffer: Uint8Array): number | Promise<number> {
    if (!this.#take()) return this.#readable.next().then(() => this.read(buffer));
    if (this.#rest.length === 0 && this.#failure !== undefined) throw this.#failure;
    const part = this.#rest.subarray(0, buffer.length);
    buffer.set(part);
    this.#rest = this.#rest.subarray(part.length);
    return part.length;
  }

  ready(): boolean | Promise<boolean> {
    return this.#readable.until(() => this.#take());
  }

  write(bytes: Uint8Array): number | Promise<number> {
    return this.#write(bytes.slice());
  }

  writable(): boolean | Promise<boolean> {
    return this.#writable.until(() => !this.#socket.writableNeedDrain);
  }

  shutdown(sides: Sides): void {
    if (sides !== "read") this.#socket.end();
  }

  /** What was written is sent still. */
  close(): void {
    this.#socket.destroySoon();
  }

  // The bytes are this object's own.
  #write(bytes: Uint8Array): number | Promise<number> {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#socket.writable) throw Object.assign(new Error("the connection is closed"), { code: "EPIPE" });
    if (this.#socket.writableNeedDrain) return this.#writable.next().then(() => this.#write(bytes));
    this.#socket.write(bytes);
    return bytes.length;
  }

  // Whether there are bytes, or never will be.
  #take(): boolean {
    if (this.#rest.length > 0) return true;
    const chunk: Uint8Array | null = this.#socket.read();
    if (chunk === null) return this.#socket.readableEnded || this.#socket.destroyed;
    this.#rest = chunk;
    return true;
  }
}
