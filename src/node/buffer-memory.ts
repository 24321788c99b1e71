// Takes a memory of a `WebAssembly` namespace, the host's own or another, gives it as the rest knows memories (JavaScript API: Memories).
import type { Memory } from "../api/memory.ts";

/** What namespaces have in common. Its buffer is another one once it has grown. */
export interface BufferMemory {
  readonly buffer: ArrayBufferLike;
  grow(delta: number): number;
}

/** A memory by its buffer, which is looked for anew at each access. */
export class ViewedMemory implements Memory {
  readonly #memory: BufferMemory;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(memory: BufferMemory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  get byteLength(): number {
    return this.#memory.buffer.byteLength;
  }

  get pages(): number {
    return this.byteLength / 65_536;
  }

  get buffer(): SharedArrayBuffer | undefined {
    const { buffer } = this.#memory;
    return buffer instanceof SharedArrayBuffer ? buffer : undefined;
  }

  grow(delta: number): number {
    try {
      return this.#memory.grow(delta);
    } catch {
      return -1;
    }
  }

  subarray(address: number, length: number): Uint8Array | undefined {
    return this.#has(address, length) ? this.#bytes.subarray(address, address + length) : undefined;
  }

  readUint8(address: number): number | undefined {
    return this.#has(address, 1) ? this.#view.getUint8(address) : undefined;
  }

  readUint16(address: number): number | undefined {
    return this.#has(address, 2) ? this.#view.getUint16(address, true) : undefined;
  }

  readUint32(address: number): number | undefined {
    return this.#has(address, 4) ? this.#view.getUint32(address, true) : undefined;
  }

  readUint64(address: number): bigint | undefined {
    return this.#has(address, 8) ? this.#view.getBigUint64(address, true) : undefined;
  }

  readFloat32(address: number): number | undefined {
    return this.#has(address, 4) ? this.#view.getFloat32(address, true) : undefined;
  }

  readFloat64(address: number): number | undefined {
    return this.#has(address, 8) ? this.#view.getFloat64(address, true) : undefined;
  }

  read(address: number, length: number): Uint8Array | undefined {
    return this.subarray(address, length)?.slice();
  }

  readString(address: number, length: number): string | undefined {
    const bytes = this.read(address, length);
    return bytes && Buffer.from(bytes.buffer).toString();
  }

  writeUint8(address: number, value: number): boolean {
    return this.#write(address, 1, () => this.#view.setUint8(address, value));
  }

  writeUint16(address: number, value: number): boolean {
    return this.#write(address, 2, () => this.#view.setUint16(address, value, true));
  }

  writeUint32(address: number, value: number): boolean {
    return this.#write(address, 4, () => this.#view.setUint32(address, value, true));
  }

  writeUint64(address: number, value: bigint): boolean {
    return this.#write(address, 8, () => this.#view.setBigUint64(address, value, true));
  }

  writeFloat32(address: number, value: number): boolean {
    return this.#write(address, 4, () => this.#view.setFloat32(address, value, true));
  }

  writeFloat64(address: number, value: number): boolean {
    return this.#write(address, 8, () => this.#view.setFloat64(address, value, true));
  }

  write(address: number, bytes: Uint8Array): boolean {
    return this.#write(address, bytes.length, () => this.#bytes.set(bytes, address));
  }

  writeString(address: number, text: string): boolean {
    return this.write(address, Buffer.from(text));
  }

  #write(address: number, length: number, set: () => void): boolean {
    const has = this.#has(address, length);
    if (has) set();
    return has;
  }

  // Also makes the views those of what the memory is now.
  #has(address: number, length: number): boolean {
    const { buffer } = this.#memory;
    if (buffer !== this.#bytes.buffer || buffer.byteLength !== this.#bytes.length) {
      this.#bytes = new Uint8Array(buffer);
      this.#view = new DataView(buffer);
    }
    return address >= 0 && length >= 0 && address + length <= this.#bytes.length;
  }
}
