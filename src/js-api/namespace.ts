// The namespace: its classes, and the functions that compile and instantiate (JavaScript API: The WebAssembly Namespace).
import { type Engines, Store, type StoreConfig } from "../embedding.ts";
import { CompileError, LinkError, RuntimeError, SuspendError } from "./errors.ts";
import { Exception } from "./exception.ts";
import { TypedFunction } from "./exported-function.ts";
import { Global } from "./global.ts";
import { checkImports, Instance, ReadImports } from "./instance.ts";
import { memoryClass } from "./memory.ts";
import { isModule, isValid, ModuleRequest, moduleClass } from "./module.ts";
import type { ModuleConstructor, WebAssemblyNamespace } from "./namespace-type.ts";
import { INSIDE } from "./object-cache.ts";
import { bytesOfResponse, hasResponses } from "./streaming.ts";
import { promising, Suspending } from "./suspending.ts";
import { Table } from "./table.ts";
import { javascriptTagObject, Tag } from "./tag.ts";
import type { Module } from "./types.ts";
import { defineHidden, defineTag } from "./web-idl.ts";

/** Makes a namespace over the engines of a door. Throws a TypeError for a wrong option. */
export function makeNamespace(config: StoreConfig | undefined, engines: Engines): WebAssemblyNamespace {
  const store = new Store(
    { ...config, features: config?.features ?? ["wasm3", "threads", "legacy-exceptions"], customSections: true },
    engines,
  );
  const Memory = memoryClass(store);
  const Module = moduleClass({ store, memoryType: Memory });
  const namespace = {
    ...operations(Module, store),
    ...(hasResponses && streamingOperations(Module)),
    get JSTag(): Tag {
      return javascriptTagObject();
    },
  };
  const values = { Memory, Table, Global, Tag, Exception, Function: TypedFunction, Suspending };
  const classes = { Module, Instance, ...values, CompileError, LinkError, RuntimeError, SuspendError };
  for (const [name, value] of Object.entries(classes)) defineHidden(namespace, name, value);
  defineTag(namespace, "WebAssembly");
  return namespace as unknown as WebAssemblyNamespace;
}

// Each begins with what the caller must find done when it returns; what takes time is done in a later microtask.
function operations(Module: ModuleConstructor, store: Store): object {
  return {
    // Not the function itself, whose name bundlers shorten.
    promising: (wasmFunction: unknown) => promising(wasmFunction),
    validate(bytes: unknown, options: unknown = undefined): boolean {
      return isValid(store, bytes, options);
    },
    async compile(bytes: unknown, options: unknown = undefined): Promise<Module> {
      return compileLater(Module, new ModuleRequest(bytes, options));
    },
    async instantiate(
      source: unknown,
      importObject: unknown = undefined,
      options: unknown = undefined,
    ): Promise<unknown> {
      if (isModule(source)) return instantiateLater(new ReadImports(source, importObject));
      checkImports(importObject);
      return instantiateSource(Module, new ModuleRequest(source, options), importObject);
    },
  };
}

function streamingOperations(Module: ModuleConstructor): object {
  return {
    async compileStreaming(source: unknown, options: unknown = undefined): Promise<Module> {
      return compileLater(Module, new ModuleRequest(await bytesOfResponse(source), options));
    },
    async instantiateStreaming(
      source: unknown,
      importObject: unknown = undefined,
      options: unknown = undefined,
    ): Promise<Instantiated> {
      checkImports(importObject);
      return instantiateSource(Module, new ModuleRequest(await bytesOfResponse(source), options), importObject);
    },
  };
}

/** A module with an instance of it. */
interface Instantiated {
  readonly module: Module;
  readonly instance: Instance;
}

async function compileLater(Module: ModuleConstructor, request: ModuleRequest): Promise<Module> {
  await undefined;
  return construct(Module, request);
}

async function instantiateSource(
  Module: ModuleConstructor,
  request: ModuleRequest,
  importObject: unknown,
): Promise<Instantiated> {
  const module = await compileLater(Module, request);
  return { module, instance: await instantiateLater(new ReadImports(module, importObject)) };
}

async function instantiateLater(imports: ReadImports): Promise<Instance> {
  await undefined;
  return new Instance(imports, INSIDE);
}

function construct(Module: ModuleConstructor, request: ModuleRequest): Module {
  return new (Module as unknown as new (request: ModuleRequest, mark: unknown) => Module)(request, INSIDE);
}
