// Memories as JavaScript sees them (JavaScript API: Memories; threads proposal for shared ones).
import type { MemoryInstance, Store } from "../embedding.ts";
import { maxPages32, maxPages64 } from "../syntax/limits.ts";
import { counted } from "../util/count.ts";
import { addressOf, addressValue, is64Bit, limitsOf, limitsType, withLimits } from "./address.ts";
import { fixedBuffer, hasResizable, isResizable, moveBuffer, resizableBuffer } from "./memory-buffer.ts";
import type { MemoryConstructor } from "./namespace-type.ts";
import { INSIDE, keepObject, objectOf } from "./object-cache.ts";
import { defineInterface, dictionary } from "./web-idl.ts";

const PAGE_BYTES = 2 ** 16;

/** The class of a namespace's memories, which its store limits. */
export function memoryClass(store: Store): MemoryConstructor {
  class Memory {
    readonly #memory: MemoryInstance;

    constructor(descriptor: unknown, mark: unknown = undefined) {
      this.#memory = mark === INSIDE ? (descriptor as MemoryInstance) : allocate(store, descriptor);
      keepObject(this.#memory, this);
    }

    grow(delta: unknown): number | bigint {
      return grow(this.#memory, delta);
    }

    get buffer(): ArrayBufferLike {
      return this.#memory.exposed ?? bufferOf(this.#memory);
    }

    toFixedLengthBuffer(): ArrayBufferLike {
      return toFixedLength(this.#memory);
    }

    toResizableBuffer(): ArrayBufferLike {
      return toResizable(this.#memory);
    }

    type(): object {
      const { pages, type } = this.#memory;
      return { ...limitsType(pages, type), shared: type.shared };
    }
  }
  if (!hasResizable) {
    Reflect.deleteProperty(Memory.prototype, "toFixedLengthBuffer");
    Reflect.deleteProperty(Memory.prototype, "toResizableBuffer");
  }
  defineInterface(Memory, "Memory");
  return Memory as unknown as MemoryConstructor;
}

/** The object of a memory of the store. */
export function memoryObject(memory: MemoryInstance, type: MemoryConstructor): object {
  return (
    objectOf(memory) ?? new (type as unknown as new (memory: MemoryInstance, mark: unknown) => object)(memory, INSIDE)
  );
}

function allocate(store: Store, descriptor: unknown): MemoryInstance {
  const members = dictionary(descriptor, "the descriptor of a memory");
  const index64 = is64Bit(members, "memory");
  const limits = limitsOf(members, index64, "memory");
  const shared = Boolean(members["shared"]);
  const { min, max } = limits;
  if (shared && max === undefined) throw new TypeError("a shared memory needs a maximum");
  const most = index64 ? maxPages64 : maxPages32;
  if ((max ?? min) > most) throw new RangeError(`a memory has at most ${most} pages`);
  return withLimits(limits, () => store.allocateMemory({ limits, index64, shared, pageSizeLog2: 16 }));
}

function grow(memory: MemoryInstance, delta: unknown): number | bigint {
  const { index64 } = memory.type;
  const pages = addressOf(delta, index64, "the delta of a memory");
  const before = memory.grow(pages);
  if (before < 0) throw new RangeError(`the memory cannot grow by ${counted(pages, "page")}`);
  return addressValue(before, index64);
}

function bufferOf(memory: MemoryInstance): ArrayBufferLike {
  if (memory.shared === null) return memory.expose(moveBuffer);
  memory.exposed = Object.freeze(memory.shared.buffer) as ArrayBufferLike as ArrayBuffer;
  return memory.exposed;
}

function toFixedLength(memory: MemoryInstance): ArrayBufferLike {
  const buffer = bufferOf(memory);
  return isResizable(buffer as ArrayBuffer) ? memory.replace(fixedBuffer) : buffer;
}

function toResizable(memory: MemoryInstance): ArrayBufferLike {
  const { min, max } = memory.type.limits;
  const buffer = bufferOf(memory) as ArrayBuffer & { growable?: boolean };
  // That of a shared memory grows with it anyway, where the host has such buffers.
  if (isResizable(buffer) || buffer.growable) return buffer;
  // Engines hold on to the buffer of a memory that cannot grow.
  if (!(max! > min && memory.shared === null)) throw new TypeError("the memory needs a greater maximum");
  return memory.replace((old) =>
    resizableBuffer(old, max! * PAGE_BYTES, function (this: ArrayBuffer, byteLength) {
      if (this !== memory.exposed) throw new TypeError("the buffer cannot grow");
      const pages = (Math.trunc(byteLength) - memory.byteLength) / PAGE_BYTES;
      if (memory.grow(pages) < 0) throw new RangeError(`the memory cannot grow to ${byteLength} bytes`);
    }),
  );
}
