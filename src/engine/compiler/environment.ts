// Takes an instance, gives what its compiled functions see as `E`: the instance's objects, and the runtime's functions.
import { KEEPING, stack } from "../../instance/call-stack.ts";
import { checkOpen } from "../../instance/closing.ts";
import { type CompiledCode, framesIn, results } from "../../instance/convention.ts";
import type { FallbackEngine } from "../../instance/engine.ts";
import type { Thrown } from "../../instance/exception.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { suspension } from "../../instance/suspension.ts";
import { TrapCode, trap } from "../../instance/trap.ts";
import { WaitFunction } from "../../instance/wait.ts";
import {
  f32FromI64S,
  f32FromI64U,
  floatMax,
  floatMin,
  floatNearest,
  i32SatS,
  i32SatU,
  i64SatS,
  i64SatU,
} from "../../num/float.ts";
import {
  f32Bits,
  f32FromBits,
  floatAbs,
  floatCopysign,
  floatNeg,
  putDouble,
  rewriteNaN,
  XD,
  XI,
} from "../../num/float-bits.ts";
import { HIGH, i32Ctz, i32Popcnt, i64DivS, i64DivU, i64RemS, i64RemU } from "../../num/integer.ts";
import { VB, VD, VF, VI } from "../../num/vector-bits.ts";
import { i64MulWideS, i64MulWideU, WIDE } from "../../num/wide.ts";
import type { TypeId } from "../../syntax/types.ts";
import { atomicSupport, waitCode } from "./atomic-support.ts";
import type { Chunk, Environment } from "./chunk.ts";
import { exceptionSupport, takenBy } from "./exception-support.ts";
import { hostCode } from "./host-code.ts";
import { support } from "./support.ts";
import type { Part } from "./suspend.ts";
import { type Codes, checkCall, TableCodes } from "./table-codes.ts";
import { bodyOf, tail } from "./trampoline.ts";

/** The i64 slots of functions that have them whole, and their halves. */
const Z = new BigUint64Array(4096);
const ZI = new Int32Array(Z.buffer);

/** Calls into other instances that are under way, and from how many on the interpreter takes them: their frames are not counted in `n`. */
let crossings = 0;
const MAX_CROSSINGS = 500;

/** A function that is not the instance's: as references call it, and as it is called by its index, if that is another. */
type OtherCode = CompiledCode & { readonly direct?: CompiledCode };

/** The same for every instance. */
const runtime = {
  ...support,
  ...exceptionSupport,
  ...atomicSupport,
  i64MulWideS,
  i64MulWideU,
  WIDE,
  trap,
  K: tail,
  bodyOf,
  checkOpen,
  checkCall,
  Q: suspension,
  H: HIGH,
  HIGH,
  RI: results.I,
  RD: results.D,
  RR: results.R,
  Z,
  ZI,
  U: BigInt.asUintN,
  RV: results.V,
  N: BigInt.asIntN,
  XD,
  XI,
  VI,
  VF,
  VD,
  VB,
  bits: f32Bits,
  fromBits: f32FromBits,
  negate: floatNeg,
  magnitude: floatAbs,
  copySign: floatCopysign,
  put: putDouble,
  rewrite: rewriteNaN,
  i32Ctz,
  i32Popcnt,
  i64DivS,
  i64DivU,
  i64RemS,
  i64RemU,
  f32FromI64S,
  f32FromI64U,
  floatMax,
  floatMin,
  floatNearest,
  i32SatS,
  i32SatU,
  i64SatS,
  i64SatU,
};

/** What the generated code takes from `E` by name. */
export const environmentNames: readonly string[] = [
  ...Object.keys(runtime),
  "F",
  "link",
  "deep",
  "renew",
  "save",
  "part",
  "functionAt",
  "called",
  "codes",
  "M",
  "fuel",
  "refuel",
  "profile",
  "taken",
  "I",
  "D",
  "R",
];

/** An instance's functions as compiled code calls them: one set for calls that end at once, one for calls that may be suspended. */
export class InstanceFunctions {
  readonly instance: ModuleInstance;
  readonly #interpreter: FallbackEngine;
  readonly #maxCallDepth: number;
  readonly #asynchronous: boolean;
  readonly #property: "code" | "suspending";
  /** Gives a function in a form for memories that have grown; with a label, the form for what is hot: see `ChunkSource`. */
  readonly #again: (index: number, label?: number) => Chunk | null;
  /** Compiles a function that is called for the first time; null where functions have to turn hot. */
  readonly #first: ((index: number) => CompiledCode | null) | null;
  #shared: Environment | undefined;
  /** Compiled functions by index. */
  readonly compiled: CompiledCode[];
  /** What generated code calls by index: compiled functions, and stand-ins for those that are not. */
  readonly #callable: CompiledCode[];
  /** Functions that begin at a loop, with the views of memories that they may hold on to. */
  readonly #loops = new Map<string, { readonly code: CompiledCode; readonly views: readonly DataView[] }>();
  /** Functions that are not the instance's, as it calls them. */
  readonly #others = new WeakMap<FunctionInstance, OtherCode>();
  readonly #codes = new TableCodes();

  constructor(
    instance: ModuleInstance,
    interpreter: FallbackEngine,
    maxCallDepth: number,
    asynchronous: boolean,
    again: (index: number, label?: number) => Chunk | null,
    first: ((index: number) => CompiledCode | null) | null,
  ) {
    this.#again = again;
    this.#first = first;
    this.instance = instance;
    this.#interpreter = interpreter;
    this.#maxCallDepth = maxCallDepth;
    this.#asynchronous = asynchronous;
    this.#property = asynchronous ? "suspending" : "code";
    // As long as they may get: V8 makes a dictionary of a list that begins in the middle.
    const count = instance.module.functions.length;
    this.compiled = new Array(count);
    this.#callable = new Array(count);
  }

  /** Makes the functions of a chunk for this instance: from now on they are what is called. */
  bind(chunk: Chunk): void {
    const made = this.#make(chunk);
    chunk.functions.forEach((index, i) => {
      const f = this.instance.functionAt(index);
      const code = this.#set(f, made[i]!);
      this.compiled[index] = code;
      // Calls from outside look at shared memories first.
      if (!this.#asynchronous && !this.instance.isShared) f.compiled = code;
    });
  }

  /** The function that goes on from a loop. */
  loopOf(key: string, chunk: Chunk): CompiledCode {
    let loop = this.#loops.get(key);
    const views = this.instance.memories.map(({ view }) => view);
    if (loop === undefined || loop.views.some((view, i) => view !== views[i])) {
      loop = { code: this.#make(chunk)[0]!, views };
      this.#loops.set(key, loop);
    }
    return loop.code;
  }

  /** What takes the place of a function, as a memory has grown or it is hot; null, if only the latter, where there is no such form. */
  #renew(index: number, label?: number): CompiledCode | null {
    const chunk = this.#again(index, label);
    if (chunk === null) return label === undefined ? this.#entry(this.instance.functionAt(index)) : null;
    if (label !== undefined && label >= 0) return this.loopOf(`${index} ${label} hot`, chunk);
    this.bind(chunk);
    return this.compiled[index]!;
  }

  #make(chunk: Chunk): readonly CompiledCode[] {
    for (const index of chunk.callees) this.#callable[index] ??= this.#direct(this.instance.functionAt(index));
    return chunk.make(this.#environment(chunk));
  }

  /** Any function that this instance calls. */
  link(f: FunctionInstance): OtherCode {
    if (f.instance === this.instance) return this.#codeOf(f);
    let code = this.#others.get(f);
    if (code === undefined) this.#others.set(f, (code = this.#other(f)));
    return code;
  }

  #direct(f: FunctionInstance): CompiledCode {
    const code = this.link(f);
    return code.direct ?? code;
  }

  #other(f: FunctionInstance): OtherCode {
    const { instance } = this;
    if (f instanceof WaitFunction) return this.#outer(waitCode(f, this.#asynchronous));
    if (f.host === null) return this.#crossing(f);
    if (f.host.isDirect === true && instance.meter === null) return f.host.run as CompiledCode;
    // A host function may ask who calls it.
    return this.#outer(hostCode(f, instance, this.#asynchronous));
  }

  /** What is not compiled code of this instance: another thread may have told it that a memory has grown. */
  #outer(code: CompiledCode): CompiledCode {
    const { instance } = this;
    if (!instance.isShared) return code;
    return (...values) => {
      try {
        return code(...values);
      } finally {
        instance.refresh();
      }
    };
  }

  /** A function as the interpreter runs it. */
  #entry(f: FunctionInstance): CompiledCode {
    return this.#outer(this.#interpreter.entry(f, this.#asynchronous));
  }

  // V8 takes the only function that it has seen at a call for the one it will be, and gives up code in which that is compiled since; a proxy it does not.
  #codeOf(f: FunctionInstance): CompiledCode {
    return (f[this.#property] ??=
      f.instance === this.instance && this.#first !== null ? this.#begin(f) : new Proxy(this.#entry(f), {}));
  }

  /** What stands in for a function until it is called, and is compiled then. */
  #begin(f: FunctionInstance): CompiledCode {
    let code: CompiledCode | undefined;
    return (...values) => {
      // One that cannot be compiled stays with the interpreter.
      code ??= this.#first!(f.index) ?? this.#set(f, this.#entry(f));
      return code(...values);
    };
  }

  /** Whether lists of a table's code may have what a function's code is now: not what it is until its first call, which is about to be made. */
  #isKept({ index }: FunctionInstance): boolean {
    return this.#first === null || this.compiled[index] !== undefined;
  }

  #set(f: FunctionInstance, code: CompiledCode): CompiledCode {
    const old = f[this.#property];
    if (old !== null && this.#isKept(f)) this.#codes.remove(f.type, old);
    f[this.#property] = code;
    return (this.#callable[f.index] = code);
  }

  /** The code of a table's element that is not in the list of its type yet. */
  #called(codes: Codes, index: number, expected: TypeId, elements: FunctionInstance[]): CompiledCode {
    const f = elements[index >>> 0]!;
    checkCall(f, index, expected, elements);
    const code = this.link(f);
    const isKept = f.instance !== this.instance || this.#isKept(f);
    if (isKept && f.type === expected && index >>> 0 < codes.length) codes[index >>> 0] = code;
    return code;
  }

  /**
   * A function of another instance, which has to be open. When it returns, the caller may have been closed; and it may have been compiled since.
   * Through references instances may call one another in turns: those calls are counted.
   */
  #crossing(f: FunctionInstance): OtherCode {
    const { instance } = this;
    const property = this.#property;
    this.#codeOf(f);
    const open = (): CompiledCode => {
      checkOpen(f.instance!);
      f.instance!.refresh();
      return f[property]!;
    };
    const close = (returned: unknown): unknown => {
      checkOpen(instance);
      instance.refresh();
      return returned;
    };
    const tail: CompiledCode = (...values) => bodyOf(open())(...values);
    const direct: CompiledCode = (...values) => close(open()(...values));
    const counted: CompiledCode = (...values) => {
      const code = open();
      crossings++;
      try {
        return close((crossings > MAX_CROSSINGS ? this.#entry(f) : code)(...values));
      } finally {
        crossings--;
      }
    };
    return Object.assign(counted, { tail, direct: Object.assign(direct, { tail }) });
  }

  /**
   * Goes on in the interpreter, whose frames are not on the host's stack, or traps where there are too many. It keeps the call and those below: it
   * would come back with them.
   */
  #goDeep(index: number, values: readonly unknown[]): unknown {
    if (framesIn(values[values.length - 1] as number) > this.#maxCallDepth) trap(TrapCode.CallStack);
    const { nesting } = stack;
    stack.nesting = Math.max(nesting, KEEPING);
    try {
      return this.#entry(this.instance.functionAt(index))(...values);
    } finally {
      stack.nesting = nesting;
    }
  }

  /** What all chunks see is one object, which each sees through its own where its calls may be suspended. */
  #environment({ suspension: sites }: Chunk): Environment {
    const { instance } = this;
    this.#shared ??= this.#share();
    if (!this.#asynchronous) return this.#shared;
    let last: Part | null = null;
    return Object.assign(Object.create(this.#shared), {
      part: (piece: number, site: number, values: readonly unknown[]) => {
        last = { piece, site, values };
      },
      save: (place: number, site: number, values: readonly unknown[]) => {
        suspension.frames.push(sites(place).imageOf(instance, site, values, last));
        last = null;
      },
    });
  }

  #share(): Environment {
    const { instance } = this;
    // What all instances have in common is not copied: V8 takes 0.15 ms and 10 KB for each copy.
    return Object.assign(Object.create(runtime), this.#interpreter.registers, {
      F: this.#callable,
      link: (f: FunctionInstance) => this.link(f),
      deep: (index: number, ...values: unknown[]) => this.#goDeep(index, values),
      renew: (index: number, label?: number) => this.#renew(index, label),
      types: instance.module.types,
      functionAt: (index: number) => instance.functionAt(index),
      called: (codes: Codes, index: number, expected: TypeId, elements: FunctionInstance[]) =>
        this.#called(codes, index, expected, elements),
      codes: (table: number, type: number) =>
        this.#codes.of(table, instance.tables[table]!, instance.module.types[type]!.id),
      M: instance,
      fuel: instance.meter?.slice,
      refuel: () => instance.meter!.refill(),
      profile: (index: number, cost: number, isCall: number, n: number) => {
        instance.profiler!.tick(instance, index, cost, framesIn(n), isCall === 1);
      },
      tags: instance.tags,
      taken: (thrown: Thrown) => takenBy(instance, thrown),
      tables: instance.tables,
      memories: instance.memories,
      globals: instance.globals,
      globalWords: instance.globalWords,
    });
  }
}
