// Takes a host and a port, gives a socket that listens there (WASI preview1: sock_accept).
import type { Server, Socket } from "node:net";
import type { Listener } from "../api/socket.ts";
import { Arrival } from "./arrival.ts";
import { TcpConnection } from "./tcp-connection.ts";

/** Where to listen. */
export interface TcpAddress {
  /** A name or an address; absent means all of this system's. */
  readonly host?: string | undefined;
  /** 0 takes one that is free. */
  readonly port: number;
  /** Whether the guest's descriptor does not wait from the start, as Go's `net` wants it. Default: false. */
  readonly nonblocking?: boolean | undefined;
}

/** A socket of this system that listens. */
export interface TcpListener extends Listener {
  /** Where it listens: with the port that was taken. */
  readonly address: string;
  readonly port: number;
  /** Stops listening, and settles once what guests wrote to connections that they closed is sent. */
  close(): Promise<void>;
}

class NodeListener implements TcpListener {
  readonly address: string;
  readonly port: number;
  readonly nonblocking: boolean;
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  readonly #arrival = new Arrival();

  constructor(server: Server, nonblocking: boolean) {
    const { address, port } = server.address() as { address: string; port: number };
    this.address = address;
    this.port = port;
    this.nonblocking = nonblocking;
    this.#server = server;
    server.on("connection", (socket) => {
      this.#waiting.push(socket);
      // Until a guest takes it: a peer that goes away is no failure of this process.
      socket.on("error", () => {});
      this.#arrival.come();
    });
  }

  accept(): TcpConnection | Promise<TcpConnection> {
    const socket = this.#waiting.shift();
    return socket === undefined ? this.#arrival.next().then(() => this.accept()) : new TcpConnection(socket);
  }

  ready(): boolean | Promise<boolean> {
    return this.#arrival.until(() => this.#waiting.length > 0);
  }

  close(): Promise<void> {
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Listens on an address, for `listeners` of a `ModuleConfig`. Rejects with a system error, such as EADDRINUSE. */
export async function tcpListener({ host, port, nonblocking = false }: TcpAddress): Promise<TcpListener> {
  // Not with the door: Node takes milliseconds to load it, and few guests listen.
  const { createServer } = await import("node:net");
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    server.once("error", reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off("error", reject);
      resolve(new NodeListener(server, nonblocking));
    });
  });
}
