// The interpreter's opcodes that move vectors, lanes and bytes of vectors: between registers, globals and memory.
import { type CodeOp, word } from "./op.ts";

/** Words read before any is written: a result may lie where an operand does. */
const copy = (from: string, to: string): string =>
  `p = I[${from}]; q = I[${from} + 1]; r = I[${from} + 2]; s = I[${from} + 3]; ${write(to)}`;
const write = (to: string): string => `I[${to}] = p; I[${to} + 1] = q; I[${to} + 2] = r; I[${to} + 3] = s`;

/** A word of bytes or halves that stand at places of the frame given by operands from `$first` on. */
function collected(view: string, shift: number, perWord: number, first: number): string {
  return Array.from({ length: perWord }, (_, i) => {
    const read = `${view}[t + $${first + i}]`;
    return i === 0 ? read : `${read} << ${shift * i}`;
  }).join(" | ");
}

/** Gathers narrow lanes into a vector: each operand is a lane's place in the frame. */
function shuffle(name: string, view: string, frame: string, width: number): CodeOp {
  const perWord = 32 / width;
  const words = ["p", "q", "r", "s"].map((to, i) => `${to} = ${collected(view, width, perWord, i * perWord + 1)}; `);
  const last = 4 * perWord + 1;
  return { name, length: last + 1, body: `t = ${frame}; ${words.join("")}d = fp + $${last}; ${write("d")}` };
}

const registers: readonly CodeOp[] = [
  { name: "mov4", length: 3, body: `x = fp + $1; d = fp + $2; ${copy("x", "d")}` },
  { name: "const4", length: 6, body: "d = fp + $5; I[d] = $1; I[d + 1] = $2; I[d + 2] = $3; I[d + 3] = $4" },
  {
    name: "select4",
    length: 5,
    body: `x = ${word("$3")} !== 0 ? fp + $1 : fp + $2; d = fp + $4; ${copy("x", "d")}`,
  },
  {
    name: "globalGet4",
    length: 3,
    body: "d = fp + $2; x = $1; I[d] = G[x]; I[d + 1] = G[x + 1]; I[d + 2] = G[x + 2]; I[d + 3] = G[x + 3]",
  },
  {
    name: "globalSet4",
    length: 3,
    body: "d = fp + $1; x = $2; G[x] = I[d]; G[x + 1] = I[d + 1]; G[x + 2] = I[d + 2]; G[x + 3] = I[d + 3]",
  },
  // Any four words: splats, shuffles and replacements of lanes of 32 and 64 bits.
  {
    name: "gather4",
    length: 6,
    body: `p = ${word("$1")}; q = ${word("$2")}; r = ${word("$3")}; s = ${word("$4")}; d = fp + $5; ${write("d")}`,
  },
  {
    name: "splat1",
    length: 3,
    body: `p = ${word("$1")}; d = fp + $2; I[d] = p; I[d + 1] = p; I[d + 2] = p; I[d + 3] = p`,
  },
  // What no instruction is: the two shifts and the `or` of a rotation.
  {
    name: "rotate4",
    length: 4,
    body: `x = fp + $1; y = $2; d = fp + $3; ${["", " + 1", " + 2", " + 3"].map((i) => `p = I[x${i}]; I[d${i}] = p << y | p >>> -y`).join("; ")}`,
  },
  shuffle("shuffle8", "U8", "fp << 2", 8),
  shuffle("shuffle16", "U16", "fp << 1", 16),
  // The place of the lane in the frame, in bytes or halves.
  { name: "extract8s", length: 3, body: `${word("$2")} = I8[(fp << 2) + $1]` },
  { name: "extract8u", length: 3, body: `${word("$2")} = U8[(fp << 2) + $1]` },
  { name: "extract16s", length: 3, body: `${word("$2")} = I16[(fp << 1) + $1]` },
  { name: "extract16u", length: 3, body: `${word("$2")} = U16[(fp << 1) + $1]` },
  {
    name: "replace8",
    length: 5,
    body: `x = fp + $1; t = ${word("$2")}; d = fp + $4; ${copy("x", "d")}; I8[(d << 2) + $3] = t`,
  },
  {
    name: "replace16",
    length: 5,
    body: `x = fp + $1; t = ${word("$2")}; d = fp + $4; ${copy("x", "d")}; I16[(d << 1) + $3] = t`,
  },
  {
    name: "splat8",
    length: 3,
    body: `p = Math.imul(${word("$1")} & 255, 16843009); d = fp + $2; I[d] = p; I[d + 1] = p; I[d + 2] = p; I[d + 3] = p`,
  },
  {
    name: "splat16",
    length: 3,
    body: `p = ${word("$1")} & 65535; p |= p << 16; d = fp + $2; I[d] = p; I[d + 1] = p; I[d + 2] = p; I[d + 3] = p`,
  },
];

const at = (by: number): string => (by === 0 ? "x" : `x + ${by}`);

/** What a load does after its bounds check, the destination at `d`. */
const loads: Readonly<Record<string, readonly [size: number, move: string]>> = {
  load8x8_s: [8, extending("getInt8", 1)],
  load8x8_u: [8, extending("getUint8", 1)],
  load16x4_s: [8, extending("getInt16", 2)],
  load16x4_u: [8, extending("getUint16", 2)],
  load32x2_s: [
    8,
    "p = V.getInt32(x, true); I[d] = p; I[d + 1] = p >> 31; p = V.getInt32(x + 4, true); I[d + 2] = p; I[d + 3] = p >> 31",
  ],
  load32x2_u: [8, "I[d] = V.getInt32(x, true); I[d + 1] = 0; I[d + 2] = V.getInt32(x + 4, true); I[d + 3] = 0"],
  load8_splat: [1, "p = Math.imul(V.getUint8(x), 16843009); q = r = s = p; @write"],
  load16_splat: [2, "p = V.getUint16(x, true); p |= p << 16; q = r = s = p; @write"],
  load32_splat: [4, "p = V.getInt32(x, true); q = r = s = p; @write"],
  load64_splat: [8, "p = r = V.getInt32(x, true); q = s = V.getInt32(x + 4, true); @write"],
  load32_zero: [4, "I[d] = V.getInt32(x, true); I[d + 1] = 0; I[d + 2] = 0; I[d + 3] = 0"],
  load64_zero: [8, "I[d] = V.getInt32(x, true); I[d + 1] = V.getInt32(x + 4, true); I[d + 2] = 0; I[d + 3] = 0"],
};

/** Eight bytes as eight or four lanes of twice the width. */
function extending(getter: string, size: 1 | 2): string {
  const read = (by: number) => `V.${getter}(${at(by)}${size === 2 ? ", true" : ""})`;
  return [0, 1, 2, 3]
    .map((i) => {
      const value = size === 2 ? read(2 * i) : `${read(2 * i)} & 65535 | ${read(2 * i + 1)} << 16`;
      return `I[d${i === 0 ? "" : ` + ${i}`}] = ${value}`;
    })
    .join("; ");
}

const fourLoads = (d: string): string =>
  `d = fp + ${d}; ${[0, 1, 2, 3].map((i) => `I[d + ${i}] = V.getInt32(${at(4 * i)}, true)`).join("; ")}`.replace(
    "d + 0",
    "d",
  );
const fourStores = (v: string): string =>
  `d = fp + ${v}; ${[0, 1, 2, 3].map((i) => `V.setInt32(${at(4 * i)}, I[d + ${i}], true)`).join("; ")}`.replace(
    "d + 0",
    "d",
  );
const fourAligned = (register: string): string =>
  `d = fp + ${register}; y = x >>> 2; I[d] = M32[y]; I[d + 1] = M32[y + 1]; I[d + 2] = M32[y + 2]; I[d + 3] = M32[y + 3]`;
const fourAlignedStores = (register: string): string =>
  `d = fp + ${register}; y = x >>> 2; M32[y] = I[d]; M32[y + 1] = I[d + 1]; M32[y + 2] = I[d + 2]; M32[y + 3] = I[d + 3]`;

/** As in memory.ts. */
const addresses: Readonly<Record<string, readonly [operands: number, source: string]>> = {
  R: [2, `x = (${word("$1")} >>> 0) + $2; `],
  K: [3, `x = (${word("$1")} + $2 >>> 0) + $3; `],
  X: [3, `x = (${word("$1")} + ${word("$2")} >>> 0) + $3; `],
  S: [4, `x = (${word("$1")} + (${word("$2")} << $3) >>> 0) + $4; `],
};

const aligned = (fast: string, slow: string): string =>
  `if ((x & 3) === 0 && x <= limit - 16) { ${fast} } else { @check(16); ${slow} }`;

function whole(): CodeOp[] {
  return Object.entries(addresses).flatMap(([form, [operands, source]]): CodeOp[] => {
    const register = `$${operands + 1}`;
    return [
      {
        name: `v128.load.${form}`,
        length: operands + 2,
        body: `${source}@check(16); ${fourLoads(register)}`,
        closureBody: source + aligned(fourAligned(register), fourLoads(register)),
      },
      {
        name: `v128.store.${form}.R`,
        length: operands + 2,
        body: `${source}@check(16); ${fourStores(register)}`,
        closureBody: source + aligned(fourAlignedStores(register), fourStores(register)),
      },
    ];
  });
}

const address = addresses["R"]![1];

function lanes(): CodeOp[] {
  const ops: CodeOp[] = [];
  const into = (size: number, read: string, put: string): void => {
    const name = `v128.load${8 * size}_lane.R`;
    const body = `${address}@check(${size}); ${read}; y = fp + $3; d = fp + $5; ${copy("y", "d")}; ${put}`;
    ops.push({ name, length: 6, body });
  };
  into(1, "t = V.getInt8(x)", "I8[(d << 2) + $4] = t");
  into(2, "t = V.getInt16(x, true)", "I16[(d << 1) + $4] = t");
  into(4, "t = V.getInt32(x, true)", "I[d + $4] = t");
  into(8, "t = V.getInt32(x, true); u = V.getInt32(x + 4, true)", "I[d + 2 * $4] = t; I[d + 2 * $4 + 1] = u");
  // The lane's place in the frame, as for extractions.
  ops.push(
    { name: "v128.store8_lane.R.R", length: 4, body: `${address}@check(1); V.setInt8(x, I8[(fp << 2) + $3])` },
    { name: "v128.store16_lane.R.R", length: 4, body: `${address}@check(2); V.setInt16(x, I16[(fp << 1) + $3], true)` },
  );
  return ops;
}

export function vectorMoveOps(): CodeOp[] {
  const simple = Object.entries(loads).map(([name, [size, move]]): CodeOp => {
    const body = `${address}@check(${size}); d = fp + $3; ${move.replace("@write", write("d"))}`;
    return { name: `v128.${name}.R`, length: 4, body };
  });
  return [...registers, ...whole(), ...simple, ...lanes()];
}
