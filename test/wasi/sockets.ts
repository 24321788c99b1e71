// Sockets in memory: what a peer sends, what it gets, and nobody waits unless a test says so.
import type { Connection, Listener, Sides } from "zerowasm";

/** A connection whose peer is the test. */
export class FakeConnection implements Connection {
  /** What the peer has sent and nobody has read yet. */
  readonly incoming: number[] = [];
  /** The peer sends nothing more. */
  ended = false;
  /** What the peer got. */
  readonly sent: number[] = [];
  readonly shutdowns: Sides[] = [];
  closes = 0;
  /** Bytes that a write takes at most. */
  room = Number.POSITIVE_INFINITY;
  #wake: (() => void) | undefined;

  constructor(...bytes: readonly number[]) {
    this.incoming.push(...bytes);
  }

  /** The peer sends bytes, or the end. */
  send(...bytes: readonly number[]): void {
    this.incoming.push(...bytes);
    if (bytes.length === 0) this.ended = true;
    this.#wake?.();
  }

  read(buffer: Uint8Array): number | Promise<number> {
    if (this.ready() !== true) return this.#arrival().then(() => this.read(buffer));
    const part = this.incoming.splice(0, buffer.length);
    buffer.set(part);
    return part.length;
  }

  ready(): boolean | Promise<boolean> {
    return this.incoming.length > 0 || this.ended || this.#arrival().then(() => true);
  }

  write(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.room);
    this.sent.push(...part);
    return part.length;
  }

  writable(): boolean {
    return this.room > 0;
  }

  shutdown(sides: Sides): void {
    this.shutdowns.push(sides);
  }

  close(): void {
    this.closes++;
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** A listener that accepts what the test connects. */
export class FakeListener implements Listener {
  readonly #waiting: FakeConnection[];
  #wake: (() => void) | undefined;

  constructor(...connections: readonly FakeConnection[]) {
    this.#waiting = [...connections];
  }

  connect(connection: FakeConnection): void {
    this.#waiting.push(connection);
    this.#wake?.();
  }

  accept(): FakeConnection | Promise<FakeConnection> {
    return this.#waiting.shift() ?? this.#arrival().then(() => this.#waiting.shift()!);
  }

  ready(): boolean | Promise<boolean> {
    return this.#waiting.length > 0 || this.#arrival().then(() => true);
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
