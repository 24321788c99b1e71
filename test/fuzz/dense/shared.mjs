// Takes a plan, adds what modules may share beside numbers: references, tables, structures, arrays, exceptions; gives all of it as i64.
import { bitsFor } from "./constants.mjs";
import { around, constant, longsOf, node, unsigned } from "./node.mjs";

/** Types 0 and 1 are structures, the others arrays: letters of what they store. */
export const aggregates = ["{ilfdvbsd", "{dl", "[b", "[s", "[i", "[l", "[f", "[d", "[v"];
export const unpacked = (storage) => ("bs".includes(storage) ? "i" : storage);
export const lastArray = aggregates.length - 1;
/** Elements of each array. */
export const length = 4;

export const [func, extern, any, i31, exn] = [0x70, 0x6f, 0x6e, 0x6c, 0x69];
/** The tables behind that of all functions: elements and their number. */
export const tables = [func, extern, any];
export const tableLimits = [8, 20];
export const [functions, things, numbers] = [1, 2, 3];

/** Globals and tables of a plan that has these types. `first` is the first global of a reference, `hostGlobals` how many globals a host can make. */
export function addLinks(plan, dice) {
  // A host gives numbers, which lose the bits of NaNs.
  for (const one of plan.globals) one.bits = withoutNan(one);
  for (const letter of "ilfdv") {
    const bits = withoutNan({ letter, bits: bitsFor(letter, dice) });
    plan.globals.push({ letter, bits, isConstant: true });
  }
  const first = plan.globals.length;
  const nulls = [func, extern, any, exn].map((type) => ({ type: [type], init: [0xd0, type] }));
  const made = aggregates.map((key, at) => ({
    type: [0x63, at],
    init: key[0] === "{" ? [0xfb, 1, at] : [0x41, length, 0xfb, 7, at],
  }));
  plan.globals.push(...nulls, ...made);
  const indices = tables.map(() => (dice.once(3) ? "l" : "i"));
  plan.links = { first, hostGlobals: first + 3, tables: tables.map((type, at) => ({ type, index: indices[at] })) };
}

function withoutNan({ letter, bits }) {
  const isNan =
    letter === "f" ? (bits & 0x7fffffffn) > 0x7f800000n : (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n;
  return "fd".includes(letter) && isNan ? (letter === "f" ? 0x3dcccccdn : 0x3fb999999999999an) : bits;
}

export const get = (at) => node("ref", [], 0x23, ...unsigned(at));
export const put = (at, value) => node("", [value], 0x24, ...unsigned(at));
export const functionGlobal = ({ links }) => links.first;
export const thingGlobal = ({ links }) => links.first + 1;
export const numberGlobal = ({ links }) => links.first + 2;
export const exceptionGlobal = ({ links }) => links.first + 3;
export const aggregateGlobal = ({ links }, type) => links.first + 4 + type;

/** The passive segment of the last table. */
export const segment = [
  [0x41, 5, 0xfb, 28],
  [0xd0, any],
  [0x41, 0x7f, 0xfb, 28],
  [0x41, 0, 0xfb, 28],
];
export const segmentBytes = [5, any, segment.length, ...segment.flatMap((bytes) => [...bytes, 0x0b])];

/** The number in a reference of any kind, or whether it is null. */
export function told(value) {
  const isNumber = node("i", [value], 0xfb, 20, i31);
  const number = node("i", [node("ref", [value], 0xfb, 22, i31)], 0xfb, 30);
  return around("if", {
    results: "l",
    kids: [isNumber],
    body: [node("l", [number], 0xad)],
    otherwise: [node("l", [node("l", [node("i", [value], 0xd1)], 0xad), constant("l", -1)], 0x7d)],
  });
}

/** All that is shared, as i64. */
export function tellings({ links }) {
  const list = [];
  aggregates.forEach((key, type) => {
    const [kind, ...storages] = key;
    const array = get(aggregateGlobal({ links }, type));
    const count = kind === "{" ? storages.length : length;
    for (let at = 0; at < count; at++) {
      const storage = storages[kind === "{" ? at : 0];
      const letter = unpacked(storage);
      const packed = letter === storage ? 0 : 1;
      const value =
        kind === "{"
          ? node(letter, [array], 0xfb, 2 + packed, type, at)
          : node(letter, [array, constant("i", at)], 0xfb, 11 + packed, type);
      list.push(...longsOf(value));
    }
  });
  const external = (value) => told(node("ref", [value], 0xfb, 26));
  list.push(external(get(thingGlobal({ links }))), told(get(numberGlobal({ links }))));
  for (const at of [functionGlobal({ links }), exceptionGlobal({ links })])
    list.push(node("l", [node("i", [get(at)], 0xd1)], 0xad));
  for (let at = 0; at < tableLimits[0]; at++) {
    const elementOf = (table) => node("ref", [constant(links.tables[table - 1].index, at)], 0x25, table);
    list.push(external(elementOf(things)), told(elementOf(numbers)));
  }
  return list;
}
