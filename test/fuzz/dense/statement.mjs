// Takes a depth, gives statements over a function's locals: values that wait on the stack, move in parallel, and leave blocks by branches.
import { count } from "./constants.mjs";
import { weigh } from "./dice.mjs";
import { stores } from "./instructions.mjs";
import { sharing } from "./link.mjs";
import { around, branch, constant, exact, group, node, unsigned } from "./node.mjs";
import { proposing } from "./proposals.mjs";
import { Structures } from "./structure.mjs";

const kinds = weigh({
  assign: 24,
  inPlace: 18,
  store: 10,
  swap: 6,
  pending: 6,
  multiBlock: 6,
  multiLoop: 4,
  leave: 5,
  conditional: 5,
  repeat: 4,
  callAll: 5,
  setGlobal: 4,
  bulk: 3,
  throwing: 2,
  host: 2,
  tail: 1,
  dropped: 1,
});

/** Statements of one function. */
export class Statements extends Structures {
  /** Letters of the function's results. */
  results = "";

  statements(count, depth) {
    const list = [];
    for (let at = 0; at < count && this.left > 0; at++) list.push(this.statement(depth));
    return list;
  }

  statement(depth) {
    const { dice } = this;
    this.favourite = dice.once(2) ? dice.below(this.locals.length) : -1;
    const { links, proposals } = this.module;
    if (links !== undefined && depth > 0 && dice.once(4)) {
      const made = sharing(this, depth - 1);
      if (made !== undefined) return made;
    }
    if (proposals !== undefined && depth > 0 && dice.once(3)) {
      const made = proposing(this, depth - 1);
      if (made !== undefined) return made;
    }
    const kind = dice.pick(kinds);
    return (depth > 0 ? this[kind](depth) : undefined) ?? this.assign(depth);
  }

  letter() {
    return this.dice.pick(this.mixture);
  }

  letters(most) {
    return Array.from({ length: 1 + this.dice.below(most) }, () => this.letter()).join("");
  }

  assign(depth) {
    const letter = this.letter();
    return this.set(this.writable(letter), this.expression(letter, depth + 1));
  }

  /** An operation on a local that is also what it is put into. */
  inPlace(depth) {
    const { dice } = this;
    const at = this.writable(this.letter());
    const letter = this.locals[at];
    this.favourite = at;
    if (!dice.once(3)) return this.set(at, this.operator(letter, dice.below(depth + 1)));
    // A shift of itself or of two words that change places.
    const shifts = this.operators[letter].own.filter(({ isShift }) => isShift);
    if (shifts.length === 0) return this.set(at, this.operator(letter, 0));
    const row = dice.pick(shifts);
    const by = dice.once(4) ? this.expression(row.params[1], depth) : count(row.params[1], dice);
    return this.set(at, node(letter, [dice.once(2) ? this.get(at) : this.expression(letter, 1), by], ...row.code));
  }

  store(depth) {
    const { dice, module } = this;
    const wanted = exact(this.letter());
    const row = dice.pick(stores.filter(({ params }) => params[1] === wanted));
    const memory = dice.below(module.memories.length);
    const kids = [this.address(memory, depth), this.expression(wanted, depth)];
    return node("", kids, ...row.code, ...this.memoryImmediate(row, memory));
  }

  /** Values on the stack to locals. */
  setAll(letters) {
    return [...letters].reverse().map((letter) => this.set(this.writable(letter)));
  }

  /** Locals of a type change places. */
  swap() {
    const { dice } = this;
    const letter = this.letter();
    const count = 2 + dice.below(3);
    const from = Array.from({ length: count }, () => this.writable(letter));
    const shift = 1 + dice.below(count);
    const to = from.map((_, at) => from[(at + shift) % count]);
    return group("", [...from.map((at) => this.get(at)), ...to.map((at) => this.set(at))]);
  }

  /** Values wait on the stack while something else is done. */
  pending(depth) {
    const letters = this.letters(4);
    const values = [...letters].map((letter) => this.expression(letter, depth));
    return group("", [...values, ...this.statements(1 + this.dice.below(2), depth - 1), ...this.setAll(letters)]);
  }

  /** A block with parameters and results, left in several ways. */
  multiBlock(depth) {
    const { dice } = this;
    const params = dice.once(2) ? "" : this.letters(3);
    const results = this.letters(3);
    const label = { takes: results };
    const kids = [...params].map((letter) => this.expression(letter, depth));
    const body = this.within(label, () => {
      const first = dice.once(2) ? this.setAll(params) : [...params].map(() => node(undefined, [], 0x1a));
      return [...first, ...this.statements(1 + dice.below(2), depth - 1), ...this.leavings(results, label, depth)];
    });
    return group("", [around("block", { params, results, kids, label, body }), ...this.setAll(results)]);
  }

  /** Values for a label, and branches there. */
  leavings(letters, label, depth) {
    const { dice } = this;
    const values = [...letters].map((letter) => this.expression(letter, depth));
    if (dice.once(3)) return values;
    const junk = this.junk(depth);
    const jump = branch(undefined, [this.expression("i", depth)], 0x0d, label);
    const all = [...junk, ...values, jump];
    if (junk.length === 0 && dice.once(2)) return all;
    const again = dice.once(2)
      ? this.setAll(letters).concat([...letters].map((letter) => this.expression(letter, 1)))
      : [];
    return [...all, ...again, branch(undefined, [], 0x0c, label)];
  }

  /** A loop whose parameters move in parallel when it begins again. */
  multiLoop(depth) {
    const { dice } = this;
    if (this.turns > 30) return undefined;
    const letters = this.letters(4);
    const counter = this.counter();
    const times = 1 + dice.below(4);
    const kids = [this.countFrom(counter, times), ...[...letters].map((letter) => this.expression(letter, depth))];
    const label = { takes: undefined };
    this.turns *= times;
    const body = this.within(label, () => {
      const taken = this.setAll(letters);
      const middle = this.statements(dice.below(3), depth - 1);
      const values = [...letters].map((letter) => this.expression(letter, dice.below(depth)));
      return [...taken, ...middle, ...values, { ...this.again(counter, label), type: undefined }];
    });
    this.turns /= times;
    const loop = around("loop", { params: letters, results: letters, kids, label, body });
    return group("", [loop, ...this.setAll(letters)]);
  }

  /** A branch out of any block around, with its values; what stays goes to locals. */
  leave(depth) {
    const { dice } = this;
    const possible = this.labels.filter(({ takes }) => takes !== undefined);
    if (possible.length === 0) return undefined;
    const label = dice.pick(possible);
    const values = [...label.takes].map((letter) => this.expression(letter, depth));
    const rare = node("i", [this.expression("i", depth), constant("i", 3)], 0x71);
    const condition = dice.once(2) ? node("i", [rare], 0x45) : this.expression("i", depth);
    if (dice.once(3)) {
      const jump = label.isFunction && dice.once(2) ? node(undefined, [], 0x0f) : branch(undefined, [], 0x0c, label);
      return around("if", { kids: [condition], body: [...values, jump] });
    }
    return group("", [...values, branch(undefined, [condition], 0x0d, label), ...this.setAll(label.takes)]);
  }

  conditional(depth) {
    const label = { takes: "" };
    const arm = () => this.within(label, () => this.statements(1 + this.dice.below(3), depth - 1));
    const kids = [this.expression("i", depth)];
    return around("if", { label, kids, body: arm(), otherwise: this.dice.once(2) ? arm() : undefined });
  }

  repeat(depth) {
    const { dice } = this;
    if (this.turns > 30) return undefined;
    const counter = this.counter();
    const times = 1 + dice.below(6);
    const label = { takes: undefined };
    const out = { takes: "" };
    this.turns *= times;
    const body = this.within(out, () =>
      this.within(label, () => [...this.statements(1 + dice.below(3), depth - 1), this.again(counter, label)]),
    );
    this.turns /= times;
    const loop = around("loop", { label, body });
    return group("", [this.countFrom(counter, times), around("block", { label: out, body: [loop] })]);
  }

  callAll(depth) {
    const called = this.callable(() => true);
    return called && group("", [this.callOf(called, depth), ...this.setAll(called.results)]);
  }

  host(depth) {
    const { dice, module } = this;
    if (module.hosts.length === 0 || this.turns > 4 || this.isLeaf) return undefined;
    const called = dice.pick(module.hosts);
    return group("", [this.callOf(called, depth), ...this.setAll(called.results)]);
  }

  /** Another function takes this one's place, now and then. */
  tail(depth) {
    const called = this.callable(({ results }) => results === this.results);
    if (called === undefined) return undefined;
    const args = [...called.params].map((letter) => this.expression(letter, depth));
    this.cost += this.turns * called.cost;
    const rare = node("i", [node("i", [this.expression("i", depth), constant("i", 7)], 0x71)], 0x45);
    return around("if", { kids: [rare], body: [...args, node(undefined, [], 0x12, ...unsigned(called.index))] });
  }

  setGlobal(depth) {
    const letter = exact(this.letter());
    const at = this.globalOf(letter);
    return node("", [this.expression(letter, depth)], 0x24, ...unsigned(at));
  }

  bulk(depth) {
    const { dice, module } = this;
    if (this.turns > 4) return undefined;
    const [to, from] = [dice.below(module.memories.length), dice.below(module.memories.length)];
    const length = (type) => {
      if (dice.once(2)) return constant(type, dice.below(40));
      return node(type, [this.expression(type, 1), constant(type, 31)], type === "i" ? 0x71 : 0x83);
    };
    const [a, b] = [module.memories[to], module.memories[from]];
    const at = this.address(to, depth);
    switch (dice.below(3)) {
      case 0:
        return node("", [at, this.expression("i", depth), length(a)], 0xfc, 11, to);
      case 1:
        return node(
          "",
          [at, this.address(from, depth), length(a === "l" && b === "l" ? "l" : "i")],
          0xfc,
          10,
          to,
          from,
        );
      default:
        return node("", [at, constant("i", dice.below(8)), length("i")], 0xfc, 8, 0, to);
    }
  }

  dropped(depth) {
    return node("", [this.expression(this.letter(), depth)], 0x1a);
  }

  /** An exception, if something is zero. */
  throwing(depth) {
    const { dice, module } = this;
    const { index, params } = dice.pick(module.tags);
    const values = [...params].map((letter) => this.expression(letter, depth));
    const mask = this.catching > 0 ? 1 : 1023;
    const rare = node("i", [node("i", [this.expression("i", depth), constant("i", mask)], 0x71)], 0x45);
    return around("if", { kids: [rare], body: [...values, node(undefined, [], 0x08, index)] });
  }
}
