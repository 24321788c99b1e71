// A tree of instructions, which is what the generator makes and the shrinker cuts: takes it, gives bytes (specification: 5.4 Instructions).

/*
 * Types are letters: i, l, f, d, v. F, D, V and W are the floats and vectors (of 32 and of 64 bits a lane) whose NaNs may differ from engine to
 * engine: they may go into arithmetic and comparisons, and into what has such a letter too.
 */
const valueTypes = { i: 0x7f, l: 0x7e, f: 0x7d, F: 0x7d, d: 0x7c, D: 0x7c, v: 0x7b, V: 0x7b, W: 0x7b, e: 0x69 };

export const valueType = (letter) => valueTypes[letter];

/** The same type, all bits of which are told. */
export const exact = (letter) => ({ F: "f", D: "d", V: "v", W: "v" })[letter] ?? letter;

/** Instructions after what their operands are made of. `type` is the letter of the one result, "" of none, undefined of what leaves or takes more. */
export const node = (type, kids, ...bytes) => ({ type, kids, bytes });

/** One thing after the other. */
export const group = (type, kids) => ({ type, kids, bytes: [] });

/**
 * A block, loop, if or try_table around nodes: parameters and results are letters, what it takes is in `kids`. More is what an `if` does `otherwise`,
 * the `catches` of a try_table, the `handlers` of a legacy try or the label to which it is to `delegate`.
 */
export function around(kind, { params = "", results = "", kids = [], label = {}, body, ...more }) {
  const type = results.length > 1 ? undefined : results;
  return { type, kids, kind, params, results, label, body, ...more, bytes: [] };
}

/** A branch: `bytes` is its opcode. */
export const branch = (type, kids, opcode, ...labels) => ({ type, kids, bytes: [opcode], labels });

export function unsigned(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

export function signed(value) {
  const bytes = [];
  let left = BigInt(value);
  for (; left < -0x40n || left > 0x3fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return [...bytes, Number(left & 0x7fn)];
}

/** So many bytes of a number, the low ones first. */
export function little(bits, length) {
  return Array.from({ length }, (_, at) => Number((BigInt(bits) >> BigInt(8 * at)) & 0xffn));
}

/** A constant of a type, of its bits. */
export function constant(type, bits) {
  switch (exact(type)) {
    case "i":
      return node(type, [], 0x41, ...signed(BigInt.asIntN(32, BigInt(bits))));
    case "l":
      return node(type, [], 0x42, ...signed(BigInt.asIntN(64, BigInt(bits))));
    case "f":
      return node(type, [], 0x43, ...little(bits, 4));
    case "d":
      return node(type, [], 0x44, ...little(bits, 8));
    default:
      return node(type, [], 0xfd, 12, ...little(bits, 16));
  }
}

const opcodes = { block: 0x02, loop: 0x03, if: 0x04, legacy: 0x06, try: 0x1f };

/** Writes a node; `typeIndex` gives the index of a type with parameters and results, `labels` are those around, the innermost last. */
export function encode(tree, out, typeIndex, labels = []) {
  for (const kid of tree.kids) encode(kid, out, typeIndex, labels);
  for (const byte of tree.bytes) out.push(byte);
  if (tree.labels !== undefined) encodeLabels(tree, out, labels);
  if (tree.kind === undefined) return;
  out.push(opcodes[tree.kind], ...blockType(tree, typeIndex));
  if (tree.kind === "try") {
    out.push(tree.catches.length);
    // A label is counted from outside.
    for (const { kind, tag, label } of tree.catches) {
      out.push(kind, ...(tag === undefined ? [] : unsigned(tag)), ...unsigned(depthOf(label, labels)));
    }
  }
  labels.push(tree.label);
  for (const one of tree.body) encode(one, out, typeIndex, labels);
  if (tree.otherwise !== undefined) {
    out.push(0x05);
    for (const one of tree.otherwise) encode(one, out, typeIndex, labels);
  }
  for (const { tag, body } of tree.handlers ?? []) {
    out.push(...(tag === undefined ? [0x19] : [0x07, ...unsigned(tag)]));
    for (const one of body) encode(one, out, typeIndex, labels);
  }
  labels.pop();
  if (tree.delegate === undefined) out.push(0x0b);
  else out.push(0x18, ...unsigned(depthOf(tree.delegate, labels)));
}

function encodeLabels({ bytes, labels: targets }, out, labels) {
  if (bytes[0] === 0x0e) out.push(...unsigned(targets.length - 1));
  for (const target of targets) out.push(...unsigned(depthOf(target, labels)));
}

function depthOf(label, labels) {
  const at = labels.lastIndexOf(label);
  if (at < 0) throw new Error("a branch to a label that is not around it");
  return labels.length - 1 - at;
}

function blockType({ params, results }, typeIndex) {
  if (params === "" && results === "") return [0x40];
  return params === "" && results.length === 1 ? [valueType(results)] : signed(typeIndex(params, results));
}

/** The one or two i64 of the same bits. */
export function longsOf(value) {
  switch (value.type) {
    case "i":
      return [node("l", [value], 0xad)];
    case "f":
      return [node("l", [node("i", [value], 0xbc)], 0xad)];
    case "d":
      return [node("l", [value], 0xbd)];
    case "v":
      return [0, 1].map((lane) => node("l", [value], 0xfd, 29, lane));
    default:
      return [value];
  }
}
