// Takes the statements of a function, gives one about what modules may share beside numbers (shared.mjs).
import { around, constant, node, signed, unsigned } from "./node.mjs";
import {
  aggregateGlobal,
  aggregates,
  exceptionGlobal,
  exn,
  extern,
  functionGlobal,
  functions,
  get,
  lastArray,
  length,
  numberGlobal,
  numbers,
  put,
  segment,
  tableLimits,
  tables,
  thingGlobal,
  things,
  told,
  unpacked,
} from "./shared.mjs";

/** A statement about what is shared; `writer` are the statements of a function. Undefined where it has none. */
export function sharing(writer, depth) {
  const kind = writer.dice.pick(kinds);
  // No engine wants both kinds of exception instructions.
  const isOther = writer.module.proposals !== undefined && (kind === keepException || kind === throwException);
  return isOther ? undefined : kind(writer, depth);
}

const kinds = [
  newAggregate,
  setField,
  setField,
  getField,
  getField,
  setElement,
  setElement,
  getElement,
  getElement,
  ranges,
  constantGlobal,
  moveFunction,
  callReference,
  moveThing,
  moveNumber,
  tableSizes,
  tableRanges,
  keepException,
  throwException,
];

function newAggregate(writer, depth) {
  const { dice, module } = writer;
  const type = dice.below(aggregates.length);
  const [kind, ...storages] = aggregates[type];
  const values = (letters) => letters.map((storage) => writer.expression(unpacked(storage), depth - 1));
  const one = constant("i", length);
  const make = () => {
    if (kind === "{") return node("ref", values(storages), 0xfb, 0, type);
    if (dice.once(2)) return node("ref", [...values(storages), one], 0xfb, 6, type);
    return node("ref", values(Array(length).fill(storages[0])), 0xfb, 8, type, length);
  };
  return put(aggregateGlobal(module, type), make());
}

function setField(writer, depth) {
  const [type, field, storage] = fieldOf(writer.dice);
  const kids = [get(aggregateGlobal(writer.module, type)), writer.expression(unpacked(storage), depth)];
  return node("", kids, 0xfb, 5, type, field);
}

function getField(writer) {
  const [type, field, storage] = fieldOf(writer.dice);
  const letter = unpacked(storage);
  const code = letter === storage ? 2 : 3 + writer.dice.below(2);
  const value = node(letter, [get(aggregateGlobal(writer.module, type))], 0xfb, code, type, field);
  return writer.set(writer.writable(letter), value);
}

function fieldOf(dice) {
  const type = dice.below(2);
  const field = dice.below(aggregates[type].length - 1);
  return [type, field, aggregates[type][field + 1]];
}

const anyArray = (dice) => 2 + dice.below(lastArray - 1);
const place = (writer, depth) => node("i", [writer.expression("i", depth), constant("i", length - 1)], 0x71);

function setElement(writer, depth) {
  const type = anyArray(writer.dice);
  const value = writer.expression(unpacked(aggregates[type][1]), depth);
  return node("", [get(aggregateGlobal(writer.module, type)), place(writer, depth - 1), value], 0xfb, 14, type);
}

function getElement(writer, depth) {
  const type = anyArray(writer.dice);
  const storage = aggregates[type][1];
  const letter = unpacked(storage);
  const code = letter === storage ? 11 : 12 + writer.dice.below(2);
  const value = node(letter, [get(aggregateGlobal(writer.module, type)), place(writer, depth)], 0xfb, code, type);
  return writer.set(writer.writable(letter), value);
}

/** Elements are filled or copied. */
function ranges(writer, depth) {
  const { dice, module } = writer;
  const type = anyArray(dice);
  const array = get(aggregateGlobal(module, type));
  const [to, from] = [dice.below(length), dice.below(length)];
  const count = constant("i", length - Math.max(to, from));
  if (dice.once(2))
    return node("", [array, constant("i", to), array, constant("i", from), count], 0xfb, 17, type, type);
  const value = writer.expression(unpacked(aggregates[type][1]), depth);
  return node("", [array, constant("i", to), value, count], 0xfb, 16, type);
}

function constantGlobal(writer) {
  const { dice, module } = writer;
  const at = dice.pick(module.globals.flatMap(({ isConstant }, at) => (isConstant ? [at] : [])));
  const { letter } = module.globals[at];
  return writer.set(writer.writable(letter), node(letter, [], 0x23, ...unsigned(at)));
}

/** An index of a table that is in it. */
const entry = ({ dice, module }, table) => constant(module.links.tables[table - 1].index, dice.below(tableLimits[0]));
const tableGet = (writer, table) => node("ref", [entry(writer, table)], 0x25, table);
const tableSet = (writer, table, value) => node("", [entry(writer, table), value], 0x26, table);

/** Functions that call no others, so that nothing calls itself, go to a global and a table. */
function moveFunction(writer) {
  const { dice, module } = writer;
  const leaves = module.callees.filter(({ isLeaf, cost }) => isLeaf && cost < 300);
  if (leaves.length === 0) return undefined;
  const one = node("ref", [], 0xd2, ...unsigned(dice.pick(leaves).index));
  switch (dice.below(4)) {
    case 0:
      return put(functionGlobal(module), tableGet(writer, functions));
    case 1:
      return put(functionGlobal(module), one);
    default:
      return tableSet(writer, functions, dice.once(3) ? get(functionGlobal(module)) : one);
  }
}

/** The function in the global is called, if it has the type of some function. */
function callReference(writer, depth) {
  const { dice, module } = writer;
  const leaves = module.callees.filter(({ isLeaf, cost }) => isLeaf && cost < 300);
  if (leaves.length === 0 || writer.isLeaf || writer.turns > 4) return undefined;
  const { type, params, results } = dice.pick(leaves);
  writer.cost += writer.turns * 300;
  const of = (code) => node("ref", [get(functionGlobal(module))], 0xfb, code, ...signed(type));
  const args = [...params].map((letter) => writer.expression(letter, depth - 1));
  const call = node(undefined, [...args, of(22)], 0x14, ...unsigned(type));
  return around("if", { kids: [{ ...of(20), type: "i" }], body: [call, ...writer.setAll(results)] });
}

/** External references: numbers, or null. */
function moveThing(writer, depth) {
  const { dice, module } = writer;
  const at = thingGlobal(module);
  const made = dice.once(4)
    ? node("ref", [], 0xd0, extern)
    : node("ref", [node("ref", [writer.expression("i", depth)], 0xfb, 28)], 0xfb, 27);
  switch (dice.below(4)) {
    case 0:
      return put(at, made);
    case 1:
      return put(at, tableGet(writer, things));
    case 2:
      return put(numberGlobal(module), node("ref", [get(at)], 0xfb, 26));
    default:
      return tableSet(writer, things, dice.once(2) ? made : get(at));
  }
}

/** A number in an i31, or a structure that is read again where it is one. */
function moveNumber(writer, depth) {
  const { dice, module } = writer;
  const at = numberGlobal(module);
  switch (dice.below(5)) {
    case 0:
      return put(at, node("ref", [writer.expression("i", depth)], 0xfb, 28));
    case 1:
      return put(
        at,
        dice.once(2) ? tableGet(writer, numbers) : get(aggregateGlobal(module, dice.below(aggregates.length))),
      );
    case 2:
      return tableSet(writer, numbers, get(at));
    case 3:
      return writer.set(writer.writable("l"), told(get(at)));
    default: {
      const [type, field, storage] = fieldOf(dice);
      const of = (code) => node("ref", [get(at)], 0xfb, code, type);
      const value = writer.expression(unpacked(storage), depth);
      return around("if", {
        kids: [{ ...of(20), type: "i" }],
        body: [node("", [of(22), value], 0xfb, 5, type, field)],
      });
    }
  }
}

function tableSizes(writer) {
  const { dice, module } = writer;
  const table = 1 + dice.below(tables.length);
  const { type, index } = module.links.tables[table - 1];
  const size = node(index, [], 0xfc, 16, table);
  if (dice.once(2)) return writer.set(writer.writable(index), size);
  const by = constant(index, dice.below(3));
  return writer.set(writer.writable(index), node(index, [node("ref", [], 0xd0, type), by], 0xfc, 15, table));
}

function tableRanges(writer) {
  const { dice, module } = writer;
  const table = 1 + dice.below(tables.length);
  const { type, index } = module.links.tables[table - 1];
  const [to, from, count] = [dice.below(4), dice.below(4), dice.below(5)];
  const at = constant(index, to);
  switch (dice.below(3)) {
    case 0: {
      const value = dice.once(2) ? node("ref", [], 0xd0, type) : tableGet(writer, table);
      return node("", [at, value, constant(index, count)], 0xfc, 17, table);
    }
    case 1:
      return node("", [at, constant(index, from), constant(index, count)], 0xfc, 14, table, table);
    default: {
      const there = constant(module.links.tables[numbers - 1].index, to);
      return node(
        "",
        [there, constant("i", from), constant("i", Math.min(count, segment.length - from))],
        0xfc,
        12,
        1,
        numbers,
      );
    }
  }
}

/** What is thrown within goes to a global. */
function keepException(writer, depth) {
  const [out, inner] = [{ takes: undefined }, { takes: "" }];
  writer.catching++;
  const body = writer.within(out, () => writer.within(inner, () => writer.statements(2, depth)));
  writer.catching--;
  const guarded = around("try", { label: inner, body, catches: [{ kind: 3, label: out }] });
  const none = node("ref", [], 0xd0, exn);
  return put(exceptionGlobal(writer.module), around("block", { results: "e", label: out, body: [guarded, none] }));
}

function throwException(writer, depth) {
  const { module } = writer;
  const at = exceptionGlobal(module);
  const isThere = node("i", [node("i", [get(at)], 0xd1)], 0x45);
  const mask = constant("i", writer.catching > 0 ? 1 : 127);
  const rare = node("i", [node("i", [writer.expression("i", depth), mask], 0x71)], 0x45);
  return around("if", { kids: [node("i", [isThere, rare], 0x71)], body: [node(undefined, [get(at)], 0x0a)] });
}
