// Takes packed code, gives closures by basic block, and runs them: the form of dispatch for hosts without a JIT (specification: 4.6 Instructions).
import type { FunctionInstance } from "../../instance/function.ts";
import type { ModuleInstance } from "../../instance/module.ts";
import { TrapCode } from "../../instance/trap.ts";
import { type Activation, firstTable } from "./activation.ts";
import { executeAggregate } from "./aggregates.ts";
import { hasJit } from "./calibrate.ts";
import { bindClosures, type Closure, factories, failAt, noteFailure, takeFailure } from "./closures.generated.ts";
import { Meta, type ModuleCode } from "./code.ts";
import { Code, closurePairs, isBranch, lengths, pairs } from "./codes.generated.ts";
import type { OtherForm } from "./dispatch.ts";
import { CROSS_RETURN } from "./frames.ts";
import type { Lowered } from "./lowered.ts";
import { outside } from "./outside.ts";
import { executeRare } from "./rare.ts";
import type { Region, RegionHandler } from "./regions.ts";
import { REGISTER_WORDS, I as words } from "./registers.ts";

/** Closures by basic block. */
export const closures: OtherForm = {
  name: "closures",
  pairs: new Map([...pairs, ...closurePairs]),
  add: makeBlocks,
  positionOf: ({ blockStarts }, address) => blockStarts[address]!,
  addressOf: ({ blockStarts }, position) => blockStarts.indexOf(position),
  forGood: null,
  run: runBlocks,
  suitsHost: () => !hasJit(),
};

/** What a block gives instead of the next one. */
const enum Signal {
  Exit = -1,
  /** The opcode that `outsideWords` begins with is to be done. */
  Outside = -2,
}

// The state of the running activation. `var`: closures read it without checks for initialisation.
var I = words;
var instance: ModuleInstance;
var table: readonly unknown[] = [];
/** The frame of the next block. */
var frame = 0;
var depth = 0;
var maxDepth = 0;
/** What `Signal.Outside` asks for: an opcode, its code position, and the block after it. */
var outsideWords: Int32Array = new Int32Array(0);
var outsideAt = 0;
var outsideNext = 0;

function bind(activation: Activation): ModuleCode {
  instance = activation.instance;
  table = firstTable(instance);
  bindClosures(instance);
  frame = activation.fp;
  depth = activation.depth;
  return instance.engineState as ModuleCode;
}

/** Runs until the activation ends (0) or a host function suspends it (1). */
function runBlocks(activation: Activation): 0 | 1 {
  maxDepth = activation.maxDepth;
  let { blocks } = bind(activation);
  let block = activation.pc;
  try {
    for (;;) {
      do block = blocks[block]!(frame);
      while (block >= 0);
      activation.fp = frame;
      activation.depth = depth;
      if (block === Signal.Exit) return 0;
      activation.failedAt = outsideAt;
      if (outside(activation, outsideWords, 0, outsideNext)) return 1;
      ({ blocks } = bind(activation));
      maxDepth = activation.maxDepth;
      block = activation.pc;
    }
  } catch (error) {
    const failed = takeFailure();
    // Outside, a nested run may have changed what closures share; what failed is known already.
    if (activation.failedAt < 0) {
      activation.fp = frame;
      activation.failedAt =
        failed >= 0 || block < 0 ? failed : (instance.engineState as ModuleCode).blockStarts[block]!;
    }
    throw error;
  }
}

function leave(): number {
  return Signal.Exit;
}

const crossReturn = Int32Array.of(Code.crossReturn);

function leaveToCaller(): number {
  return goOutside(crossReturn, CROSS_RETURN, CROSS_RETURN);
}

/** Leaves an opcode to `outside`. */
function goOutside(own: Int32Array, position: number, next: number): number {
  outsideWords = own;
  outsideAt = position;
  outsideNext = next;
  return Signal.Outside;
}

/** Adds the blocks of one function's code, which begins at position `start`, and gives the first. */
function makeBlocks(code: ModuleCode, { words, regions }: Lowered, start: number): number {
  const { blocks } = code;
  if (blocks.length === 0) blocks.push(leave, leaveToCaller);
  return new BlockMaker(code, Int32Array.from(words), regions, start).run();
}

class BlockMaker {
  readonly #code: ModuleCode;
  readonly #words: Int32Array;
  readonly #handlers: readonly RegionHandler[];
  readonly #start: number;
  /** By relative position: the number of the block that begins there. */
  readonly #numbers = new Map<number, number>();

  constructor(code: ModuleCode, packed: Int32Array, regions: readonly Region[], start: number) {
    this.#code = code;
    this.#handlers = regions.flatMap(({ handlers }) => handlers);
    this.#words = packed;
    this.#start = start;
  }

  run(): number {
    const leaders = this.#leaders();
    const first = this.#code.blocks.length;
    for (const at of leaders) {
      this.#numbers.set(at, first + this.#numbers.size);
      this.#code.blockStarts.push(this.#start + at);
    }
    for (const handler of this.#handlers) handler.target = this.#target(handler.target);
    for (let i = 0; i < leaders.length; i++) {
      this.#code.blocks.push(this.#block(leaders[i]!, i + 1 < leaders.length ? leaders[i + 1]! : this.#words.length));
    }
    return first;
  }

  #lengthAt(at: number): number {
    const C = this.#words;
    const code = C[at]!;
    if (code === Code.brTable) return C[at + 1]! + 4;
    return isLong(code) ? C[at + 1]! : lengths[code]!;
  }

  /** Positions where blocks begin, ascending: targets, and what follows an opcode that ends a block. */
  #leaders(): number[] {
    const C = this.#words;
    const leaders = new Set<number>([0]);
    for (let at = 0; at < C.length; ) {
      const code = C[at]!;
      const next = at + this.#lengthAt(at);
      if (code === Code.brTable) for (let i = at + 3; i < next; i++) leaders.add(C[i]! - this.#start);
      else if (isBranch[code] === 1) leaders.add(C[next - 1]! - this.#start);
      if (this.#endsBlock(code)) leaders.add(next);
      at = next;
    }
    for (const { target } of this.#handlers) leaders.add(target - this.#start);
    leaders.delete(C.length);
    return [...leaders].sort((a, b) => a - b);
  }

  #endsBlock(code: number): boolean {
    return isBranch[code] === 1 || (code < firstPlain && !isLong(code)) || code === Code.unreachable;
  }

  #block(from: number, to: number): Closure {
    const steps: Step[] = [];
    const own = this.#numbers.get(from)!;
    for (let at = from; at < to; at += this.#lengthAt(at)) {
      const code = this.#words[at]!;
      if (!this.#endsBlock(code)) steps.push(this.#step(at));
      else if (code === Code.br) return jump(steps, this.#target(this.#words[at + 1]!));
      else {
        const block = sequence(steps, this.#terminator(at));
        const repeats = isBranch[code] === 1 && this.#target(this.#words[to - 1]!) === own;
        return repeats ? loop(block, own) : block;
      }
    }
    // Falls into the next block; after a function's last one nothing follows.
    return jump(steps, this.#numbers.get(to) ?? -1);
  }

  #operands(at: number): number[] {
    return Array.from(this.#words.subarray(at + 1, at + this.#lengthAt(at)));
  }

  #step(at: number): Step {
    const position = this.#start + at;
    if (isLong(this.#words[at]!)) {
      const execute = this.#words[at] === Code.rare ? rareAt : aggregateAt;
      const own = this.#words.slice(at, at + this.#lengthAt(at));
      return (fp) => {
        execute(own, fp, position);
      };
    }
    return factories[this.#words[at]!]!(position, ...this.#operands(at));
  }

  #target(word: number): number {
    return this.#numbers.get(word - this.#start)!;
  }

  #terminator(at: number): Closure {
    const C = this.#words;
    const position = this.#start + at;
    const next = this.#numbers.get(at + this.#lengthAt(at)) ?? -1;
    switch (C[at]) {
      case Code.call:
        return makeCall(this.#code, C[at + 1]!, C[at + 2]!, next, position);
      case Code.callIndirect:
        return makeCallIndirect(this.#code, C.slice(at, at + 5), next, position);
      case Code.tailCall:
        return makeTailCall(this.#code, this.#operands(at), position);
      case Code.callImport:
      case Code.callRef:
      case Code.tailCallImport:
      case Code.tailCallIndirect:
      case Code.tailCallRef:
      case Code.throw:
      case Code.throwRef:
      case Code.profile: {
        const own = C.slice(at, at + this.#lengthAt(at));
        return () => goOutside(own, position, next);
      }
      case Code.count:
      case Code.countLoop: {
        // What cannot be compiled becomes a branch to what follows.
        const own = C.slice(at, at + this.#lengthAt(at));
        own[0] = C[at] === Code.count ? Code.hot : Code.hotLoop;
        return () => (own[0] === Code.br ? next : goOutside(own, position, next));
      }
      case Code.ret: {
        const link = C[at + 1]!;
        return (fp) => {
          depth--;
          frame = I[fp + link + 1]!;
          return I[fp + link]!;
        };
      }
      case Code.brTable: {
        const last = C[at + 1]!;
        const register = C[at + 2]!;
        const targets = this.#operands(at)
          .slice(2)
          .map((word) => this.#target(word));
        return (fp) => {
          const index = I[fp + register]! >>> 0;
          return targets[index < last ? index : last]!;
        };
      }
      case Code.unreachable:
        return () => failAt(TrapCode.Unreachable, position);
      default: {
        const operands = this.#operands(at);
        const taken = this.#target(operands.pop()!);
        return factories[C[at]!]!(position, ...operands, taken, next);
      }
    }
  }
}

type Step = (fp: number) => void;

/** Opcodes below this are written here, those from it on have factories. */
const firstPlain = factories.findIndex((factory) => factory !== null);

/** Opcodes that say their own length. */
function isLong(code: number): boolean {
  return code === Code.rare || code === Code.aggregate;
}

function aggregateAt(own: Int32Array, fp: number, position: number): void {
  try {
    executeAggregate(instance, own, 0, fp);
  } catch (error) {
    noteFailure(position);
    throw error;
  }
}

function rareAt(own: Int32Array, fp: number, position: number): void {
  try {
    executeRare(instance, own, 0, fp);
  } catch (error) {
    noteFailure(position);
    throw error;
  }
  bindClosures(instance);
}

function makeCall(code: ModuleCode, x: number, window: number, next: number, position: number): Closure {
  // Read when first called: a variable of the closure is cheaper than an element of an array.
  let entry = 0;
  let linkAt = 0;
  let localsAt = 0;
  let words = 0;
  return (fp) => {
    if (entry === 0) {
      const { meta } = code;
      entry = meta[x] === 0 ? code.translate(x >> 2) : meta[x]!;
      linkAt = meta[x + Meta.Link]!;
      localsAt = meta[x + Meta.Locals]!;
      words = meta[x + Meta.Frame]!;
    }
    const at = fp + window;
    const link = at + linkAt;
    if (at + words > REGISTER_WORDS || ++depth > maxDepth) failAt(TrapCode.CallStack, position);
    I[link] = next;
    I[link + 1] = fp;
    for (let word = at + localsAt; word < link; word++) I[word] = 0;
    frame = at;
    return entry;
  };
}

function makeCallIndirect(code: ModuleCode, own: Int32Array, next: number, position: number): Closure {
  const [, type, window, register, tableIndex] = own as unknown as [number, number, number, number, number];
  const calls = new Map<number, Closure>();
  return (fp) => {
    const index = I[fp + register]! >>> 0;
    const elements = tableIndex === 0 ? table : instance.tables[tableIndex]!.elements;
    const f = index < elements.length ? (elements[index] as FunctionInstance | null) : null;
    if (f === null || f.type !== type || f.instance !== instance) return goOutside(own, position, next);
    let call = calls.get(f.index);
    if (call === undefined) calls.set(f.index, (call = makeCall(code, f.index << 2, window, next, position)));
    return call(fp);
  };
}

function makeTailCall(code: ModuleCode, operands: readonly number[], position: number): Closure {
  const [x, window, count, own] = operands as [number, number, number, number];
  const { meta } = code;
  return (fp) => {
    const entry = meta[x] === 0 ? code.translate(x >> 2) : meta[x]!;
    if (fp + meta[x + Meta.Frame]! > REGISTER_WORDS) failAt(TrapCode.CallStack, position);
    const back = I[fp + own]!;
    const backTo = I[fp + own + 1]!;
    for (let word = fp; word < fp + count; word++) I[word] = I[word + window]!;
    const link = fp + meta[x + Meta.Link]!;
    for (let word = fp + meta[x + Meta.Locals]!; word < link; word++) I[word] = 0;
    I[link] = back;
    I[link + 1] = backTo;
    return entry;
  };
}

/** One closure that does several in order and ends the block. */
function sequence(steps: readonly Step[], last: Closure): Closure {
  if (steps.length === 0) return last;
  const [a, b, c] = steps as [Step, Step, Step];
  switch (steps.length) {
    case 1:
      return (fp) => {
        a(fp);
        return last(fp);
      };
    case 2:
      return (fp) => {
        a(fp);
        b(fp);
        return last(fp);
      };
    case 3:
      return (fp) => {
        a(fp);
        b(fp);
        c(fp);
        return last(fp);
      };
    default: {
      // All but the first two go together: the tree stays as flat as it can.
      const rest = joined(steps.slice(2));
      return (fp) => {
        a(fp);
        b(fp);
        rest(fp);
        return last(fp);
      };
    }
  }
}

/** One closure that does several in order and goes to another block. */
function jump(steps: readonly Step[], next: number): Closure {
  if (steps.length === 0) return () => next;
  const body = joined(steps);
  return (fp) => {
    body(fp);
    return next;
  };
}

/** A block that its own branch repeats: the way through the table of blocks is saved on each turn. */
function loop(block: Closure, own: number): Closure {
  return (fp) => {
    let next: number;
    do next = block(fp);
    while (next === own);
    return next;
  };
}

/** One closure that does several in order; a long row becomes a tree, so that the host's stack stays flat. */
function joined(steps: readonly Step[]): Step {
  if (steps.length > 8) {
    const groups: Step[] = [];
    for (let i = 0; i < steps.length; i += 8) groups.push(joined(steps.slice(i, i + 8)));
    return joined(groups);
  }
  return joiners[steps.length]!(...steps);
}

type Joiner = (...steps: readonly Step[]) => Step;

const joiners: readonly Joiner[] = [
  () => () => {},
  (a) => a!,
  (a, b) => (fp) => {
    a!(fp);
    b!(fp);
  },
  (a, b, c) => (fp) => {
    a!(fp);
    b!(fp);
    c!(fp);
  },
  (a, b, c, d) => (fp) => {
    a!(fp);
    b!(fp);
    c!(fp);
    d!(fp);
  },
  (a, b, c, d, e) => (fp) => {
    a!(fp);
    b!(fp);
    c!(fp);
    d!(fp);
    e!(fp);
  },
  (a, b, c, d, e, f) => (fp) => {
    a!(fp);
    b!(fp);
    c!(fp);
    d!(fp);
    e!(fp);
    f!(fp);
  },
  (a, b, c, d, e, f, g) => (fp) => {
    a!(fp);
    b!(fp);
    c!(fp);
    d!(fp);
    e!(fp);
    f!(fp);
    g!(fp);
  },
  (a, b, c, d, e, f, g, h) => (fp) => {
    a!(fp);
    b!(fp);
    c!(fp);
    d!(fp);
    e!(fp);
    f!(fp);
    g!(fp);
    h!(fp);
  },
];
