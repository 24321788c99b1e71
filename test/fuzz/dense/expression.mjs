// Takes a type and a depth, gives an expression of it over a function's locals: what writes and what reads stand side by side.
import { anyConstant, count, divisor, settled } from "./constants.mjs";
import { weigh } from "./dice.mjs";
import { loads, operators, operatorsOfOneNan, operatorsOfOurs } from "./instructions.mjs";
import { constant, exact, group, node, unsigned } from "./node.mjs";
import { atomicValue } from "./proposals.mjs";

const laneCounts = { lane2: 2, lane4: 4, lane8: 8, lane16: 16 };
const offsets = [0, 0, 0, 0, 1, 2, 3, 4, 6, 8, 12, 16, 255, 1024, 4096, 20_000];
const masks = [0x7fff, 0x7fff, 0x7ffe, 0x7ffc, 0x7ff8, 0x7ff0, 0xff, 0x3f8];
const kinds = weigh({ operator: 50, leaf: 12, tee: 9, load: 7, select: 6, call: 3, structured: 4, global: 3, grow: 1 });

/** The same where it may trap. */
const recklessKinds = weigh({ operator: 50, leaf: 8, tee: 6, load: 30, select: 6, global: 1 });

/** Whether a value of one letter may stand where another one is wanted. */
const fits = (have, want) => have === want || exact(want) === have;

/** Expressions of one function. */
export class Expressions {
  dice;
  module;
  /** Letters of the locals, by index. */
  locals = "";
  /** Indices of the locals of each letter that all may write. */
  #writable = {};
  /** Locals that only loops write. */
  counters = new Set();
  /** Labels around: the letters a branch to each takes. */
  labels = [];
  /** How often what is written now runs, and how many nodes of all run in a call. */
  turns = 1;
  cost = 0;
  left;
  /** A local that is read more often than others. */
  favourite = -1;
  /** Types of what it is made of. */
  mixture = [];
  /** Whether it calls nothing. */
  isLeaf = false;
  /** Whether it may trap: what is done then has been told before. */
  reckless = false;
  #scratches = {};

  constructor(dice, module, locals) {
    this.dice = dice;
    this.module = module;
    const usual = module.proposals?.isOurs ? operatorsOfOurs : operators;
    this.operators = module.hasOneNan ? operatorsOfOneNan : usual;
    for (const letter of locals) this.local(letter);
  }

  local(letter) {
    const at = this.#add(letter);
    this.#writable[letter] ??= [];
    this.#writable[letter].push(at);
    return at;
  }

  /** A local that only a loop writes. */
  counter() {
    const at = this.#add("i");
    this.counters.add(at);
    return at;
  }

  #add(letter) {
    this.locals += letter;
    return this.locals.length - 1;
  }

  /** A local for values before their NaNs are settled. */
  scratch(letter) {
    this.#scratches[letter] ??= this.local(letter);
    return this.#scratches[letter];
  }

  /** A local that is read as a type, or undefined. */
  readable(want) {
    const { favourite, locals, dice } = this;
    if (favourite >= 0 && fits(locals[favourite], want) && dice.once(2)) return favourite;
    if (want === "i" && this.counters.size > 0 && dice.once(10)) return dice.pick([...this.counters]);
    const own = this.#writable[want] ?? [];
    const more = exact(want) === want ? [] : (this.#writable[exact(want)] ?? []);
    const at = dice.below(own.length + more.length);
    return at < own.length ? own[at] : more[at - own.length];
  }

  /** A local that is written with a type. */
  writable(letter) {
    const list = this.#writable[letter];
    return list === undefined ? this.local(letter) : this.dice.pick(list);
  }

  get(at) {
    return node(this.locals[at], [], 0x20, ...unsigned(at));
  }

  set(at, ...kids) {
    return node(kids.length === 0 ? undefined : "", kids, 0x21, ...unsigned(at));
  }

  expression(want, depth) {
    this.cost += this.turns;
    const loose = this.module.hasOneNan ? { f: "F", d: "D" }[want] : undefined;
    if (loose !== undefined)
      return settled({ ...this.expression(loose, depth), type: loose }, unsigned(this.scratch(loose)));
    if (depth <= 0 || --this.left < 0) return this.leaf(want);
    const kind = this.dice.pick(this.reckless ? recklessKinds : kinds);
    return this[kind](want, depth - 1) ?? this.operator(want, depth - 1);
  }

  leaf(want) {
    const at = this.dice.once(3) ? undefined : this.readable(want);
    return at === undefined ? anyConstant(want, this.dice) : this.get(at);
  }

  /** In `fixed` there is the first operand, if it is given. */
  operator(want, depth, fixed) {
    const { dice } = this;
    const { own, all, trapping } = this.operators[want];
    const isTrapping = this.reckless && trapping.length > 0 && dice.once(4);
    const usual = isTrapping ? trapping : dice.once(3) ? all : own;
    const row = dice.pick(fixed === undefined ? usual : all.filter(({ params }) => fits(fixed.type, params[0])));
    const kids = [...row.params].map((param, at) => {
      if (at === 0 && fixed !== undefined) return fixed;
      if (at === 1 && row.isShift && dice.once(2)) return count(param, dice);
      if (at === 1 && row.isDivision) return this.divisor(param, depth);
      return this.expression(param, depth - (at === 1 && dice.once(2) ? 1 : 0));
    });
    return this.fit(node(row.result, kids, ...row.code, ...this.immediate(row)), want);
  }

  /** What is wanted of what there is. */
  fit(value, want) {
    if (value.type === want || fits(value.type, want)) return value;
    return settled(value, unsigned(this.scratch(value.type)));
  }

  divisor(type, depth) {
    const { dice } = this;
    if (dice.once(2)) return divisor(type, dice);
    const value = this.expression(type, depth);
    if (this.reckless || dice.once(12)) return value;
    return node(type, [value, constant(type, 1)], type === "i" ? 0x72 : 0x84);
  }

  immediate({ immediate }) {
    const { dice } = this;
    if (immediate === "") return [];
    if (immediate === "shuffle") return Array.from({ length: 16 }, () => dice.below(32));
    return [dice.below(laneCounts[immediate])];
  }

  /** The immediates of an access to a memory. */
  memoryImmediate({ immediate }, memory) {
    const { dice } = this;
    const [kind, lane] = immediate.split(" ");
    const align = dice.once(3) ? dice.below(Number(kind[6]) + 1) : Number(kind[6]);
    const index = memory === 0 ? [align] : [align + 0x40, memory];
    const offset = this.reckless && dice.once(2) ? 0 : dice.pick(offsets);
    return [...index, ...unsigned(offset), ...(lane === undefined ? [] : [dice.below(laneCounts[lane])])];
  }

  /** An address that is in a memory with every offset, nearly always. */
  address(memory, depth) {
    const { dice } = this;
    const type = this.module.memories[memory];
    const and = type === "i" ? 0x71 : 0x83;
    if (this.reckless && dice.once(2)) return this.wildAddress(type, depth);
    const masked = (mask) => node(type, [this.expression(type, depth), constant(type, mask)], and);
    switch (dice.below(8)) {
      case 0:
        return constant(type, dice.below(2) * 8 * dice.below(1000) + dice.below(64));
      case 1:
        return node(type, [masked(0xff), constant(type, dice.below(4))], type === "i" ? 0x74 : 0x86);
      case 2:
        return node(type, [masked(dice.pick(masks)), constant(type, dice.below(1000))], type === "i" ? 0x6a : 0x7c);
      case 3:
        if (dice.once(30)) return this.expression(type, depth);
        break;
      case 4: {
        const at = this.writable(type);
        return node(type, [masked(dice.pick(masks))], 0x22, ...unsigned(at));
      }
      default:
    }
    return masked(dice.pick(masks));
  }

  /** An address that is often out of bounds, or just at the end. */
  wildAddress(type, depth) {
    const { dice } = this;
    if (dice.once(2)) return constant(type, 65536 - dice.below(24));
    if (dice.once(3)) return constant(type, type === "l" && dice.once(2) ? 2 ** 32 + 8 : 2 ** 32 - 1 - dice.below(24));
    return this.expression(type, depth);
  }

  load(want, depth) {
    const { dice, module } = this;
    if (module.proposals !== undefined && dice.once(2)) {
      const value = atomicValue(this, exact(want), depth);
      if (value !== undefined) return value;
    }
    const row = dice.pick(loads[exact(want)]);
    const memory = dice.below(module.memories.length);
    const kids = [this.address(memory, depth), ...(row.params === "av" ? [this.expression("v", depth)] : [])];
    return node(exact(want), kids, ...row.code, ...this.memoryImmediate(row, memory));
  }

  tee(want, depth) {
    const value = this.expression(want, depth);
    const letter = this.dice.once(2) ? value.type : want;
    const at = this.writable(letter);
    return node(letter, [value], 0x22, ...unsigned(at));
  }

  select(want, depth) {
    const kids = [this.expression(want, depth), this.expression(want, depth), this.expression("i", depth)];
    return node(want, kids, 0x1b);
  }

  /** A global of a type; the first two are digests. */
  globalOf(type) {
    const fit = ({ letter, isConstant }, at) => at > 1 && letter === type && !isConstant;
    return this.dice.pick(this.module.globals.flatMap((one, at) => (fit(one, at) ? [at] : [])));
  }

  global(want) {
    return node(exact(want), [], 0x23, ...unsigned(this.globalOf(exact(want))));
  }

  grow(want) {
    const { module, dice } = this;
    const at = module.memories.indexOf(want);
    if (at < 0) return undefined;
    if (!module.grows || dice.once(2)) return node(want, [], 0x3f, at);
    return node(want, [constant(want, dice.below(2))], 0x40, at);
  }

  /** A call whose first result is wanted; the others go to locals. */
  call(want, depth) {
    const called = this.callable((callee) => fits(callee.results[0], want));
    if (called === undefined) return undefined;
    const { results } = called;
    const kids = [this.callOf(called, depth)];
    for (const letter of [...results.slice(1)].reverse()) kids.push(this.set(this.writable(letter)));
    return group(results[0], kids);
  }

  callable(test) {
    const list = this.module.callees.filter((callee) => test(callee) && callee.cost * this.turns < 2000);
    return list.length === 0 || this.cost > 6000 || this.isLeaf ? undefined : this.dice.pick(list);
  }

  /** The call itself, directly or through the table. */
  callOf({ index, type, cost, params, results }, depth) {
    const { dice } = this;
    this.cost += this.turns * cost;
    const kids = [...params].map((param) => this.expression(param, depth - 1));
    const gives = results.length > 1 ? undefined : results;
    if (!dice.once(4) || type === undefined) return node(gives, kids, 0x10, ...unsigned(index));
    return node(gives, [...kids, this.placeOf(index, type)], 0x11, ...unsigned(type), 0);
  }

  /** Where a function is in the table, or another one of its type. */
  placeOf(index, type) {
    const { dice, module } = this;
    const others = module.callees.filter((one) => one.type === type && one.cost < 200);
    if (others.length === 0 || dice.once(2)) return constant("i", index);
    return node("i", [constant("i", index), constant("i", dice.pick(others).index), this.expression("i", 1)], 0x1b);
  }
}
