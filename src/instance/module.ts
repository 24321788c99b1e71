// The store's instance of one module: what its code can reach (specification: 4.2.5 Module instances).
import type { ValidatedModule } from "../syntax/module.ts";
import type { FunctionInstance } from "./function.ts";
import type { GlobalInstance } from "./global.ts";
import type { MemoryInstance } from "./memory.ts";
import type { TableInstance } from "./table.ts";

export class ModuleInstance {
  name = "";
  readonly module: ValidatedModule;
  readonly memories: MemoryInstance[] = [];
  readonly tables: TableInstance[] = [];
  /** Index space of globals, imports first. An immutable imported number is also copied into `globalWords`. */
  readonly globals: GlobalInstance[] = [];
  /** The instance's own globals, and copies of imported immutable ones: global `i` at `i * GLOBAL_WORDS`. */
  readonly globalWords: Int32Array;
  /** Data segments; an empty array once dropped. */
  readonly data: Uint8Array[] = [];
  /** Element segments as references; an empty array once dropped. */
  readonly elements: (readonly unknown[])[] = [];
  /** What the engine attached. */
  engineState: unknown = undefined;
  closed = false;
  exitCode = 0;

  constructor(module: ValidatedModule, globalWords: Int32Array) {
    this.module = module;
    this.globalWords = globalWords;
  }

  /** The function at an index of the module's index space; its object is made when first asked for. */
  functionAt(_index: number): FunctionInstance {
    throw new Error("not linked");
  }
}
