// Takes the plan of a module, gives its bytes (specification: 5.5 Modules).
import { encodeFunction } from "./function.mjs";
import { constant, little, unsigned, valueType } from "./node.mjs";
import { typeOf } from "./plan.mjs";
import { segmentBytes, tableLimits } from "./shared.mjs";
import { stateFunction, sumFunction, wrapperOf } from "./wrapper.mjs";

/**
 * The module's bytes. A part of a plan has its functions before `end`, and imports as many of each kind as `given` says from "given"; by default
 * it is all, and imports nothing but the host's functions.
 */
export function encodeModule(plan, { given = {}, end = plan.functions.length } = {}) {
  // Blocks may have types of their own.
  const own = { types: [...plan.types] };
  const typeIndex = (params, results) => typeOf(own, params, results);
  const { functions: firstOwn = 0, tables: firstTable = 0, memories: firstMemory = 0, tags: firstTag = 0 } = given;
  const part = { ...plan, functions: plan.functions.slice(0, end) };
  const state = stateFunction(plan);
  // All parts have the same registers.
  const registers = Math.max(
    ...[...plan.functions.map((one) => wrapperOf(one, plan)), state].map((one) => one.registers),
  );
  const wrappers = [...part.functions.map((one) => wrapperOf(one, part)), state];
  const all = [...part.functions.slice(firstOwn), sumFunction(plan), ...wrappers];
  const bodies = all.map((one) => encodeFunction(one, typeIndex));
  const signatures = all.map(({ params, results }) => unsigned(typeIndex(params, results)));
  const functions = Array.from({ length: plan.hosts.length + end }, (_, at) => unsigned(at));
  const shared = sharedOf(plan, typeIndex, registers);
  return Uint8Array.from([
    ...little(0x6d736100, 4),
    ...little(1, 4),
    ...section(1, own.types.map(typeBytes)),
    ...section(2, [...plan.hosts.map(importBytes), ...givenBytes(shared, given)]),
    ...section(3, signatures),
    ...section(4, shared.tables.slice(firstTable)),
    ...section(5, shared.memories.slice(firstMemory)),
    ...section(13, shared.tags.slice(firstTag)),
    ...section(
      6,
      shared.globals.slice(given.globals).map(({ type, init }) => [...type, ...init, 0x0b]),
    ),
    ...section(7, exportsOf(part, wrappers, registers)),
    ...section(9, [[0, 0x41, 0, 0x0b, ...list(functions)], ...(plan.links === undefined ? [] : [segmentBytes])]),
    ...[12, 1, 1],
    ...section(10, bodies),
    ...section(11, [[1, ...list(plan.data.map((byte) => [byte]))]]),
  ]);
}

/** Types of what modules may share, as sections and imports have them. */
function sharedOf(plan, typeIndex, registers) {
  const { hosts, functions, links, memories, tags, grows, proposals } = plan;
  const tables =
    links === undefined ? [] : links.tables.map(({ type, index }) => [type, index === "l" ? 5 : 1, ...tableLimits]);
  const own = plan.globals.map(({ letter, bits, isConstant, type = [valueType(letter)], init }) => ({
    type: [...type, isConstant ? 0 : 1],
    init: init ?? constant(letter, bits).bytes,
  }));
  return {
    functions: functions.map(({ params, results }) => unsigned(typeIndex(params, results))),
    tables: [[0x70, 0, ...unsigned(hosts.length + functions.length)], ...tables],
    memories: memories.map((type, at) => [
      (type === "l" ? 4 : 0) | (proposals?.shared[at] ? 2 : 0) | 1,
      1,
      grows ? 3 : 1,
    ]),
    globals: [...own, ...Array.from({ length: registers }, () => ({ type: [0x7e, 1], init: [0x42, 0] }))],
    tags: tags.map(({ type }) => [0, ...unsigned(type)]),
  };
}

/** How a kind is called in names, and its number. */
const kinds = { functions: ["f", 0], tables: ["t", 1], memories: ["m", 2], globals: ["g", 3], tags: ["e", 4] };

function givenBytes(shared, given) {
  return Object.entries(kinds).flatMap(([kind, [letter, code]]) =>
    shared[kind]
      .slice(0, given[kind] ?? 0)
      .map((one, at) => [...text("given"), ...text(`${letter}${at}`), code, ...(one.type ?? one)]),
  );
}

function typeBytes(key) {
  if (key[0] === "{") return [0x5f, ...list([...key.slice(1)].map((one) => [storageType(one), 1]))];
  if (key[0] === "[") return [0x5e, storageType(key[1]), 1];
  const sides = key.split(">").map((side) => list([...side].map((one) => [valueType(one)])));
  return [0x60, ...sides.flat()];
}

const storageType = (letter) => ({ b: 0x78, s: 0x77 })[letter] ?? valueType(letter);

const importBytes = ({ name, type }) => [...text("host"), ...text(name), 0, ...unsigned(type)];

function exportsOf({ hosts, functions, globals, tags, memories, links }, wrappers, registers) {
  const first = hosts.length + functions.length + 1;
  const called = wrappers.map((one, at) => {
    const name = at < functions.length ? `~call/${functions[at].index}/${one.letters}` : "~state/";
    return [`${name}/${one.registers}`, 0, first + at];
  });
  const exported = [
    ...called,
    ...Array.from({ length: registers }, (_, at) => [`~r${at}`, 3, globals.length + at]),
    ...tags.map(({ params, index }) => [`~tag/${index}/${params.replace("v", "-")}`, 4, index]),
    ...memories.map((_, at) => [`m${at}`, 2, at]),
    ...(links === undefined ? [] : sharedExports({ hosts, functions, globals, tags, links }, registers)),
  ];
  return exported.map(([name, kind, index]) => [...text(name), kind, ...unsigned(index)]);
}

/** What another part imports. */
function sharedExports({ hosts, functions, globals, tags, links }, registers) {
  const counts = { f: functions.length, t: 1 + links.tables.length, g: globals.length + registers, e: tags.length };
  return Object.values(kinds).flatMap(([letter, code]) =>
    Array.from({ length: counts[letter] ?? 0 }, (_, at) => [
      `${letter}${at}`,
      code,
      at + (letter === "f" ? hosts.length : 0),
    ]),
  );
}

const text = (name) => list([...Buffer.from(name)].map((byte) => [byte]));

function list(items) {
  const bytes = unsigned(items.length);
  for (const item of items) for (const byte of item) bytes.push(byte);
  return bytes;
}

function section(id, items) {
  if (items.length === 0) return [];
  const bytes = list(items);
  return [id, ...unsigned(bytes.length)].concat(bytes);
}
