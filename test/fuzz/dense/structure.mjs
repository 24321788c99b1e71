// Takes a type and a depth, gives blocks, loops and the like that result in it, with branches that carry values.
import { Expressions } from "./expression.mjs";
import { around, branch, constant, group, node, unsigned } from "./node.mjs";
import { legacyTry } from "./proposals.mjs";

/** Expressions with control in them; what stands in a block is the business of `statements`. */
export class Structures extends Expressions {
  /** How many try_table are around. */
  catching = 0;
  /** Labels of the legacy tries in whose handlers this is. */
  caught = [];

  structured(want, depth) {
    if (this.turns > 30) return undefined;
    return this[this.dice.pick(["blockOf", "ifOf", "loopOf", "tryOf", "tableOf"])](want, depth);
  }

  /** What a body is made of, with a label around it. */
  within(label, make) {
    this.labels.push(label);
    const made = make();
    this.labels.pop();
    return made;
  }

  /** Values that are left on the stack below a branch. */
  junk(depth) {
    const { dice } = this;
    return dice.once(2) ? [] : [this.expression(dice.pick(this.mixture), depth)];
  }

  blockOf(want, depth) {
    const { dice } = this;
    const label = { takes: want };
    const body = this.within(label, () => {
      const first = this.statements(dice.below(2), depth);
      const junk = this.junk(depth);
      const value = this.expression(want, depth);
      if (junk.length === 0 && dice.once(3)) return [...first, value];
      const leaves = branch(want, [value, this.expression("i", depth)], 0x0d, label);
      const after = dice.once(2) ? this.operator(want, 1, leaves) : leaves;
      return junk.length === 0 ? [...first, after] : [...first, ...junk, branch(undefined, [after], 0x0c, label)];
    });
    return around("block", { results: want, label, body });
  }

  ifOf(want, depth) {
    const label = { takes: want };
    const arm = () =>
      this.within(label, () => [...this.statements(this.dice.below(2), depth), this.expression(want, depth)]);
    const kids = [this.expression("i", depth)];
    return around("if", { results: want, label, kids, body: arm(), otherwise: arm() });
  }

  loopOf(want, depth) {
    const { dice } = this;
    const counter = this.counter();
    const times = 1 + dice.below(4);
    this.turns *= times;
    const label = { takes: undefined };
    const body = this.within(label, () => [
      ...this.statements(dice.below(3), depth),
      this.expression(want, depth),
      this.again(counter, label),
    ]);
    this.turns /= times;
    const loop = around("loop", { results: want, label, body });
    return group(want, [this.countFrom(counter, times), loop]);
  }

  /** Before a loop of so many turns. */
  countFrom(counter, times) {
    return { ...this.set(counter, constant("i", times)), isFixed: true };
  }

  /** The branch at its end. */
  again(counter, label) {
    const less = node("i", [this.get(counter), constant("i", 1)], 0x6b, 0x22, ...unsigned(counter));
    return { ...branch("", [less], 0x0d, label), isFixed: true };
  }

  /** Nested blocks with one value; what a block takes is changed behind it. */
  tableOf(want, depth) {
    const labels = Array.from({ length: 1 + this.dice.below(3) }, () => ({ takes: want }));
    const targets = Array.from({ length: 1 + this.dice.below(4) }, () => this.dice.pick(labels));
    const junk = this.junk(depth);
    const kids = [this.expression(want, depth), this.expression("i", depth)];
    const jump = branch(undefined, [...junk, ...kids], 0x0e, ...targets);
    let body = [jump];
    for (const label of labels) {
      const block = around("block", { results: want, label, body });
      body = [this.operator(want, 1, block)];
    }
    return body[0];
  }

  /** A value, or one made of what an exception carries. */
  tryOf(want, depth) {
    const { dice, module } = this;
    if (module.proposals !== undefined) return legacyTry(this, want, depth);
    const { index, params } = dice.pick(module.tags);
    const out = { takes: want };
    const [handler, inner] = [{ takes: undefined }, { takes: want }];
    this.catching++;
    const body = this.within(out, () =>
      this.within(inner, () => [...this.statements(1 + dice.below(3), depth), this.expression(want, depth)]),
    );
    this.catching--;
    const takes = dice.once(4) ? "" : params;
    const catches = [takes === params ? { kind: 0, tag: index, label: handler } : { kind: 2, label: handler }];
    const guarded = around("try", { results: want, label: inner, body, catches });
    const caught = around("block", {
      results: takes,
      label: handler,
      body: [branch(undefined, [guarded], 0x0c, out)],
    });
    const after = this.within(out, () => [...this.setAll(takes), this.expression(want, depth)]);
    return around("block", { results: want, label: out, body: [caught, ...after] });
  }
}
