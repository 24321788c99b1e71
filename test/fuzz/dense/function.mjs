// Takes a module so far and a signature, gives a function that ends by taking all its locals into a hash.
import { settled } from "./constants.mjs";
import { constant, encode, exact, longsOf, node, unsigned, valueType } from "./node.mjs";
import { Statements } from "./statement.mjs";

/** Where locals are left in memory 0: nothing else reaches so far up, but bulk copies. */
export const left = 60_000;

/** A function: its signature, locals and body as a tree. `length` is about how many nodes it has. */
export function makeFunction(dice, module, { letters, params, results, length, isLeaf, traps }) {
  const writer = new Statements(dice, module, params);
  writer.isLeaf = isLeaf;
  writer.mixture = letters;
  for (const letter of letters)
    for (let at = dice.below(letters.length > 3 ? 2 : 3); at >= 0; at--) writer.local(letter);
  writer.left = length;
  writer.results = results;
  const label = { takes: results, isFunction: true };
  const depth = 1 + dice.below(4);
  const body = writer.within(label, () => writer.statements(1 + dice.below(9), depth));
  writer.left = 20;
  const values = [...results].map((letter) => writer.expression(letter, 2));
  writer.favourite = -1;
  const hash = dice.pick([hashWords, hashLongs, leaveInMemory])(writer, module);
  const end = traps ? recklessly(writer) : [];
  const cost = writer.cost + 20;
  return { params, results, label, locals: writer.locals, body: [...body, ...hash, ...end, ...values], cost };
}

/** Statements that trap more often than not. */
function recklessly(writer) {
  writer.reckless = true;
  writer.left = 40;
  return writer.statements(1 + writer.dice.below(3), 3);
}

/** Globals of i64 and of i32. */
const [digest, wordDigest] = [0, 1];

/** All locals but those that only count. */
function told(writer) {
  const list = Array.from(writer.locals, (_, at) => at).filter((at) => !writer.counters.has(at));
  return list.map((at) => {
    const value = writer.get(at);
    const loose = writer.module.hasOneNan ? ({ f: "F", d: "D" }[value.type] ?? value.type) : value.type;
    return exact(loose) === loose ? value : settled({ ...value, type: loose }, unsigned(at));
  });
}

function hashLongs(writer) {
  return told(writer)
    .flatMap(longsOf)
    .map((value) => {
      const turned = node("l", [node("l", [], 0x23, digest), constant("l", 7)], 0x89);
      return node("", [node("l", [turned, value], 0x85)], 0x24, digest);
    });
}

/** The same of words, in functions that shall not be full of i64. */
function hashWords(writer) {
  const words = told(writer).flatMap((value) => {
    if (value.type === "i") return [value];
    if (value.type === "f") return [node("i", [value], 0xbc)];
    const high = (long) => node("i", [node("l", [long, constant("l", 32)], 0x88)], 0xa7);
    return longsOf(value).flatMap((long) => [node("i", [long], 0xa7), high(long)]);
  });
  return words.map((word) => {
    const turned = node("i", [node("i", [], 0x23, wordDigest), constant("i", 5)], 0x77);
    return node("", [node("i", [turned, word], 0x6a)], 0x24, wordDigest);
  });
}

const storeCodes = { i: [0x36, 2], l: [0x37, 3], f: [0x38, 2], d: [0x39, 3], v: [0xfd, 11, 4] };

function leaveInMemory(writer, { memories }) {
  return told(writer).map((value, at) => {
    const address = constant(memories[0], left + 16 * (at % 64));
    return node("", [address, value], ...storeCodes[value.type], 0);
  });
}

/** The bytes of a function's body, with its size before them. */
export function encodeFunction({ params, label, locals, body }, typeIndex) {
  const own = locals.slice(params.length);
  const out = [...unsigned(own.length), ...[...own].flatMap((letter) => [1, valueType(letter)])];
  for (const one of body) encode(one, out, typeIndex, [label]);
  out.push(0x0b);
  return unsigned(out.length).concat(out);
}
