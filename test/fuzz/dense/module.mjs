// Takes the plan of a module, gives its bytes (specification: 5.5 Modules).
import { encodeFunction } from "./function.mjs";
import { constant, little, unsigned, valueType } from "./node.mjs";
import { typeOf } from "./plan.mjs";
import { stateFunction, sumFunction, wrapperOf } from "./wrapper.mjs";

/** The module's bytes. */
export function encodeModule(plan) {
  // Blocks may have types of their own.
  const own = { types: [...plan.types] };
  const typeIndex = (params, results) => typeOf(own, params, results);
  const wrappers = [...plan.functions.map((one) => wrapperOf(one, plan)), stateFunction(plan)];
  const all = [...plan.functions, sumFunction(plan), ...wrappers];
  const bodies = all.map((one) => encodeFunction(one, typeIndex));
  const signatures = all.map(({ params, results }) => unsigned(typeIndex(params, results)));
  const registers = Math.max(...wrappers.map(({ registers }) => registers));
  const functions = Array.from({ length: plan.hosts.length + plan.functions.length }, (_, at) => unsigned(at));
  const tags = plan.tags.map(({ type }) => [0, ...unsigned(type)]);
  return Uint8Array.from([
    ...little(0x6d736100, 4),
    ...little(1, 4),
    ...section(1, own.types.map(typeBytes)),
    ...section(2, plan.hosts.map(importBytes)),
    ...section(3, signatures),
    ...section(4, [[0x70, 0, ...unsigned(functions.length)]]),
    ...section(
      5,
      plan.memories.map((type) => [(type === "l" ? 4 : 0) | 1, 1, plan.grows ? 3 : 1]),
    ),
    ...section(13, tags),
    ...section(6, globalsOf(plan, registers)),
    ...section(7, exportsOf(plan, wrappers, registers)),
    ...section(9, [[0, 0x41, 0, 0x0b, ...list(functions)]]),
    ...[12, 1, 1],
    ...section(10, bodies),
    ...section(11, [[1, ...list(plan.data.map((byte) => [byte]))]]),
  ]);
}

function typeBytes(key) {
  const sides = key.split(">").map((side) => list([...side].map((one) => [valueType(one)])));
  return [0x60, ...sides.flat()];
}

const importBytes = ({ name, type }) => [...text("host"), ...text(name), 0, ...unsigned(type)];

/** Those of the plan, and the registers. */
function globalsOf({ globals }, registers) {
  const own = globals.map(({ letter, bits }) => [valueType(letter), 1, ...constant(letter, bits).bytes, 0x0b]);
  return [...own, ...Array.from({ length: registers }, () => [0x7e, 1, 0x42, 0, 0x0b])];
}

function exportsOf({ hosts, functions, globals, tags, memories }, wrappers, registers) {
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
  ];
  return exported.map(([name, kind, index]) => [...text(name), kind, ...unsigned(index)]);
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
