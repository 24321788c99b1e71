// Takes a prepared module and its imports, gives an instance (specification: 4.7.2 Instantiation). The start function is the caller's business.
import { type ElementSegment, SegmentMode } from "../syntax/module.ts";
import { isRef } from "../syntax/types.ts";
import { evaluate, evaluateOffset } from "./constant.ts";
import type { Extern } from "./extern.ts";
import { FunctionInstance } from "./function.ts";
import { GLOBAL_WORDS, GlobalInstance } from "./global.ts";
import { link, type Resolve } from "./link.ts";
import { MemoryInstance, type MemoryLimits } from "./memory.ts";
import { checkWaiting, type Meter, running, settled, under } from "./meter.ts";
import { type InstanceIdentity, ModuleInstance } from "./module.ts";
import type { PreparedModule } from "./prepared-module.ts";
import { TableInstance } from "./table.ts";
import { TagInstance } from "./tag.ts";
import { TrapCode, trap } from "./trap.ts";
import { writeBits } from "./value.ts";

const droppedData = new Uint8Array(0);
const droppedElements: readonly unknown[] = [];
/** Below this many bytes a loop is faster than `set`. */
const smallSegment = 64;

/** What an instance is made with. */
export interface InstanceOptions extends InstanceIdentity {
  readonly resolve: Resolve;
  readonly memoryLimits: MemoryLimits;
}

/** Links, allocates, and evaluates globals and tables: nothing that others see has changed. Throws a LinkError, or a Trap where its time has passed. */
export function allocate(prepared: PreparedModule, options: InstanceOptions): ModuleInstance {
  return timed(options.meter, () => allocated(prepared, options));
}

/** Writes the active segments, in order: element segments, then data. Throws a Trap; what was written before stays written. */
export function initialize(instance: ModuleInstance): void {
  timed(instance.meter, () => {
    addElements(instance);
    addData(instance);
  });
}

/** Calls a start function. One of the host's or of another instance takes of this one's time. */
export function run(instance: ModuleInstance, start: FunctionInstance): void {
  if (start.instance === instance) start.call();
  else timed(instance.meter, () => start.call());
}

/** As `run`, waiting for promises, unless the instance is closed. */
export async function runAsync(instance: ModuleInstance, start: FunctionInstance): Promise<void> {
  if (start.instance === instance) await start.callAsync();
  else await timed(instance.meter, () => awaited(instance, start));
}

async function awaited(instance: ModuleInstance, start: FunctionInstance): Promise<void> {
  // A guest's engine looks at the time, and its traps tell where the guest was.
  const limit = start.host === null ? null : running.limit;
  const outcome = await settled(limit, [instance], start.callAsync());
  checkWaiting(limit, [instance]);
  if (outcome!.rejected) throw outcome!.value;
}

/** Works as long as a call from the host may take. */
function timed<T>(meter: Meter | null, work: () => T): T {
  return meter === null ? work() : under(meter.limit(running.limit), work);
}

function allocated(prepared: PreparedModule, options: InstanceOptions): ModuleInstance {
  const { module } = prepared;
  const imports = link(module, options.resolve);
  const functions = imports.filter((extern) => extern instanceof FunctionInstance);
  const instance = new ModuleInstance(prepared, options, functions);
  addImports(instance, imports);
  const limits = { ...options.memoryLimits };
  for (const type of module.memories.slice(module.importedMemories)) {
    instance.memories.push(new MemoryInstance(type, limits));
  }
  for (const type of module.tags.slice(module.importedTags)) instance.tags.push(new TagInstance(type));
  addGlobals(instance);
  for (const { type, init } of module.tables.slice(module.importedTables)) {
    instance.tables.push(new TableInstance(type, init === undefined ? null : evaluate(init, instance), limits));
  }
  prepared.code.attach(instance);
  return instance;
}

function addImports(instance: ModuleInstance, imports: readonly Extern[]): void {
  for (const extern of imports) {
    if (extern instanceof TableInstance) instance.tables.push(extern);
    else if (extern instanceof MemoryInstance) instance.memories.push(extern);
    else if (extern instanceof TagInstance) instance.tags.push(extern);
    else if (extern instanceof GlobalInstance) {
      const at = instance.globals.length * GLOBAL_WORDS;
      instance.globals.push(extern);
      if (!extern.type.mutable)
        instance.globalWords.set(extern.words.subarray(extern.at, extern.at + GLOBAL_WORDS), at);
    }
  }
}

function addGlobals(instance: ModuleInstance): void {
  const { globals, importedGlobals } = instance.module;
  for (let i = importedGlobals; i < globals.length; i++) {
    const { type, init } = globals[i];
    const global = new GlobalInstance(type, instance.globalWords, i * GLOBAL_WORDS);
    const bits = evaluate(init, instance);
    if (isRef(type.type)) global.ref = bits;
    else writeBits(type.type, bits, global.words, global.at);
    instance.globals.push(global);
  }
}

function addElements(instance: ModuleInstance): void {
  const segments = instance.module.elements;
  // All are evaluated before the first is written, as a later one may trap and its functions still be called.
  for (const segment of segments) instance.elements.push(references(segment, instance));
  for (let i = 0; i < segments.length; i++) {
    const { mode, table, offset } = segments[i];
    if (mode !== SegmentMode.Active) continue;
    const from = instance.elements[i];
    const to = instance.tables[table];
    const at = evaluateOffset(offset!, instance);
    if (at + from.length > to.length) trap(TrapCode.TableBounds);
    for (let j = 0; j < from.length; j++) to.put(at + j, from[j]);
    instance.elements[i] = droppedElements;
  }
}

function references({ mode, functions, expressions }: ElementSegment, instance: ModuleInstance): readonly unknown[] {
  if (mode === SegmentMode.Declarative) return droppedElements;
  if (expressions !== undefined) return expressions.map((expr) => evaluate(expr, instance));
  const found: unknown[] = [];
  for (let i = 0; i < functions!.length; i++) found.push(instance.functionAt(functions![i]));
  return found;
}

// Go's modules have 100,000 segments of a few bytes: an array for each would cost more than all the rest.
function addData(instance: ModuleInstance): void {
  const { dataSegments, bytes } = instance.module;
  for (let i = 0; i < dataSegments.length; i++) {
    const segment = dataSegments.at(i);
    const { mode, memory, plainOffset, start, end } = segment;
    if (mode === SegmentMode.Active) {
      const at = plainOffset === undefined ? evaluateOffset(segment.offset!, instance) : plainOffset >>> 0;
      const to = instance.memories[memory].bytes;
      if (at + (end - start) > to.length) {
        for (; i < dataSegments.length; i++) {
          const rest = dataSegments.at(i);
          instance.data.push(bytes.subarray(rest.start, rest.end));
        }
        trap(TrapCode.MemoryBounds);
      }
      if (end - start > smallSegment) to.set(bytes.subarray(start, end), at);
      else for (let from = start; from < end; from++) to[at + from - start] = bytes[from];
    }
    instance.data.push(mode === SegmentMode.Active ? droppedData : bytes.subarray(start, end));
  }
}
