// Takes shared memories and modules, gives what can be posted to another thread, and the way back (threads proposal: serialization of Memory and
// Module objects).
import { MemoryInstance } from "../embedding.ts";
import type { MemoryType } from "../syntax/module.ts";
import type { CompileOptions } from "./compile-options.ts";
import { memoryObject } from "./memory.ts";
import { isModule, slotsOf } from "./module.ts";
import type { WebAssemblyNamespace } from "./namespace-type.ts";
import { externOf } from "./object-cache.ts";
import type { Memory, Module } from "./types.ts";

/** A shared memory on its way to another thread. */
export interface MemoryMessage {
  readonly kind: "memory";
  /** What both threads then work on; a host's messages share it and do not copy it. */
  readonly buffer: SharedArrayBuffer;
  /** What threads hold that make it grow. */
  readonly lock?: SharedArrayBuffer;
  readonly type: object;
}

/** A module on its way to another thread, where it is compiled again. */
export interface ModuleMessage {
  readonly kind: "module";
  readonly bytes: Uint8Array;
  readonly options: object;
}

/**
 * Takes a shared memory, gives what can be posted in its place.
 * @throws TypeError for a memory that is not shared, and for other values.
 */
export function toMessage(memory: Memory): MemoryMessage;
/** Takes a module, gives what can be posted in its place. */
export function toMessage(module: Module): ModuleMessage;
/** Takes a shared memory or a module, gives what can be posted in its place. */
export function toMessage(value: Memory | Module): MemoryMessage | ModuleMessage;
export function toMessage(value: unknown): MemoryMessage | ModuleMessage {
  if (isModule(value)) {
    const { compiled, options } = slotsOf(value);
    return { kind: "module", bytes: compiled.module.bytes, options };
  }
  const memory = externOf(value);
  const pages = memory instanceof MemoryInstance ? memory.shared : null;
  if (pages === null) throw new TypeError("a module or a memory of a SharedArrayBuffer was expected");
  const { buffer, lock } = pages;
  return { kind: "memory", buffer, ...(lock && { lock }), type: (memory as MemoryInstance).type };
}

/**
 * Takes what another thread posted, gives a memory of a namespace over the same bytes.
 * @throws TypeError for other values.
 */
export function fromMessage(message: MemoryMessage, namespace: WebAssemblyNamespace): Memory;
/** Takes what another thread posted, gives the module, compiled by a namespace. */
export function fromMessage(message: ModuleMessage, namespace: WebAssemblyNamespace): Module;
/** Takes what another thread posted, gives a memory or a module of a namespace. */
export function fromMessage(message: MemoryMessage | ModuleMessage, namespace: WebAssemblyNamespace): Memory | Module;
export function fromMessage(message: MemoryMessage | ModuleMessage, namespace: WebAssemblyNamespace): Memory | Module {
  switch (message.kind) {
    case "memory": {
      const memory = new MemoryInstance(message.type as MemoryType, undefined, message.buffer, message.lock);
      return memoryObject(memory, namespace.Memory) as Memory;
    }
    case "module":
      return new namespace.Module(message.bytes, message.options as CompileOptions);
    default:
      throw new TypeError("the message is not one of toMessage");
  }
}
