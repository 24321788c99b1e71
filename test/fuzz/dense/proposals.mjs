// Takes the statements of a function, gives what proposals beside version 3.0 have: atomic accesses, legacy exceptions, sums and products of 128 bits.
import { atomics } from "./instructions.mjs";
import { around, branch, constant, group, node, unsigned } from "./node.mjs";

/** Proposals of a plan: memories that are shared, and whether it has what the oracle has not, or does in a way of its own. */
export function addProposals(plan, dice, seed) {
  plan.proposals = { shared: plan.memories.map(() => dice.once(2)), isOurs: seed % 2 === 1 };
}

/** A statement of a proposal, or undefined. */
export function proposing(writer, depth) {
  return writer.dice.pick([storeAtomic, storeAtomic, dropAtomic, waitOrNotify, rethrow, wide])(writer, depth);
}

/** A value that is read from memory in one step, perhaps changing it. */
export function atomicValue(writer, want, depth) {
  const rows = atomics.filter(({ result }) => result === want);
  return rows.length === 0 ? undefined : access(writer, writer.dice.pick(rows), depth);
}

function storeAtomic(writer, depth) {
  return access(writer, writer.dice.pick(atomics.filter(({ result }) => result === "")), depth);
}

/** What was there before is not wanted. */
function dropAtomic(writer, depth) {
  const { dice } = writer;
  if (dice.once(4)) return node("", [], 0xfe, 3, 0);
  return node("", [atomicValue(writer, dice.pick(["i", "l"]), depth)], 0x1a);
}

function access(writer, row, depth) {
  const { dice, module } = writer;
  const memory = dice.below(module.memories.length);
  if (row.params.length === 3 && dice.once(2)) return exchange(writer, row, memory, depth);
  const { address, immediate } = place(writer, row, memory, depth);
  const operands = [...row.params].slice(1).map((letter) => writer.expression(letter, depth - 1));
  return node(row.result, [address, ...operands], ...row.code, ...immediate);
}

/** A cmpxchg that expects what is there, or that with more bits than it compares. */
function exchange(writer, row, memory, depth) {
  const { dice, module } = writer;
  const letter = row.result;
  const load = dice.pick(
    atomics.filter(({ params, result, size }) => params === "a" && result === letter && size >= row.size),
  );
  const at = constant(module.memories[memory], 8 * dice.below(4000));
  const expected = node(letter, [at], ...load.code, ...immediateOf(load, memory, 0));
  return node(
    letter,
    [at, expected, writer.expression(letter, depth - 1)],
    ...row.code,
    ...immediateOf(row, memory, 0),
  );
}

/** An aligned address, nearly always. */
function place(writer, row, memory, depth) {
  const { dice, module } = writer;
  const type = module.memories[memory];
  const some = writer.address(memory, depth);
  const isLoose = row.size === 1 || (writer.reckless && dice.once(4));
  const address = isLoose ? some : node(type, [some, constant(type, -row.size)], type === "i" ? 0x71 : 0x83);
  return { address, immediate: immediateOf(row, memory, row.size * dice.pick([0, 0, 1, 2, 5, 127, 2000])) };
}

function immediateOf({ size }, memory, offset) {
  const align = Math.log2(size);
  return [...(memory === 0 ? [align] : [align + 0x40, memory]), ...unsigned(offset)];
}

/** Nobody is there to be woken, or to wake: a wait ends as what it expects is not there, or at once. */
function waitOrNotify(writer, depth) {
  const { dice, module } = writer;
  const memory = dice.below(module.memories.length);
  const [code, size, letter] = dice.pick([
    [0, 4],
    [1, 4, "i"],
    [2, 8, "l"],
  ]);
  // A memory that is not shared has no wait.
  if (code > 0 && !module.proposals.shared[memory] && !writer.reckless) return undefined;
  const { address, immediate } = place(writer, { size }, memory, depth);
  const operands =
    letter === undefined
      ? [writer.expression("i", depth)]
      : [writer.expression(letter, depth), constant("l", dice.below(2))];
  return writer.set(writer.writable("i"), node("i", [address, ...operands], 0xfe, code, ...immediate));
}

/** Words of 128 bits. */
function wide(writer, depth) {
  const { dice, module } = writer;
  if (!module.proposals.isOurs) return undefined;
  const code = 0x13 + dice.below(4);
  const kids = Array.from({ length: code < 0x15 ? 4 : 2 }, () => writer.expression("l", depth));
  return group("", [node(undefined, kids, 0xfc, code), ...writer.setAll("ll")]);
}

/** What was caught is thrown again, now and then. */
function rethrow(writer, depth) {
  const { dice, caught } = writer;
  if (caught.length === 0) return undefined;
  const condition = node("i", [writer.expression("i", depth), constant("i", 1)], 0x71);
  return around("if", { kids: [condition], body: [branch(undefined, [], 0x09, dice.pick(caught))] });
}

/** A value, or one made of what an exception carries; or an exception that another one around takes. */
export function legacyTry(writer, want, depth) {
  const { dice, module } = writer;
  const label = { takes: want };
  const value = () => [...writer.statements(1 + dice.below(3), depth), writer.expression(want, depth)];
  writer.catching++;
  const body = writer.within(label, value);
  writer.catching--;
  if (dice.once(5)) return around("legacy", { results: want, label, body, delegate: dice.pick(writer.labels) });
  const tags = module.tags.filter(() => dice.once(2)).map(({ index, params }) => ({ tag: index, params }));
  const all = tags.length === 0 || dice.once(2) ? [...tags, { tag: undefined, params: "" }] : tags;
  writer.caught.push(label);
  const handlers = all.map(({ tag, params }) => {
    const handled = writer.within(label, () => [...writer.setAll(params), ...value()]);
    return { tag, body: handled };
  });
  writer.caught.pop();
  return around("legacy", { results: want, label, body, handlers });
}
