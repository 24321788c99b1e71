// The interpreter's opcodes for references, and for the commonest accesses to structures and arrays.
import { type CodeOp, word } from "./op.ts";

const reference = (at: string): string => `R[fp + ${at} >> 1]`;

/** `access` on the structure `s`. */
const onStruct = (access: string): string => `{ const s = ${reference("$1")}; if (s === null) @fail(14); ${access}; }`;

/** `access` on the data `e.data` of the array at index `i`. */
const onArray = (access: string): string =>
  `{ const e = ${reference("$1")}, i = ${word("$2")} >>> 0; if (e === null) @fail(13); if (i >= e.length) @fail(16); ${access}; }`;

export function referenceOps(): CodeOp[] {
  const read = "e.data[i]";
  return [
    {
      name: "globalGetRef",
      length: 3,
      body: `${reference("$2")} = instance.globals[$1].ref`,
      closureBody: `${reference("$2")} = globals[$1].ref`,
    },
    {
      name: "globalSetRef",
      length: 3,
      body: `instance.globals[$2].ref = ${reference("$1")}`,
      closureBody: `globals[$2].ref = ${reference("$1")}`,
    },
    { name: "constNull", length: 2, body: `${reference("$1")} = null` },
    {
      name: "movNonNull",
      length: 3,
      body: `{ const r = ${reference("$1")}; if (r === null) @fail(10); ${reference("$2")} = r; }`,
    },
    { name: "refIsNull", length: 3, body: `${word("$2")} = ${reference("$1")} === null ? 1 : 0` },
    { name: "refEq", length: 4, body: `${word("$3")} = ${reference("$1")} === ${reference("$2")} ? 1 : 0` },
    { name: "brNull", length: 3, body: "", condition: `${reference("$1")} === null` },
    { name: "brNonNull", length: 3, body: "", condition: `${reference("$1")} !== null` },
    { name: "structGetRef", length: 4, body: onStruct(`${reference("$3")} = getEntry(s, $2)`) },
    { name: "structGet1", length: 4, body: onStruct(`${word("$3")} = getEntry(s, $2)`) },
    { name: "structSetRef", length: 4, body: onStruct(`setEntry(s, $2, ${reference("$3")})`) },
    { name: "structSet1", length: 4, body: onStruct(`setEntry(s, $2, ${word("$3")})`) },
    {
      name: "arrayLen",
      length: 3,
      body: `{ const e = ${reference("$1")}; if (e === null) @fail(13); ${word("$2")} = e.length; }`,
    },
    { name: "arrayGetRef", length: 4, body: onArray(`${reference("$3")} = ${read}`) },
    { name: "arrayGet1", length: 4, body: onArray(`${word("$3")} = ${read}`) },
    { name: "arrayGet8U", length: 4, body: onArray(`${word("$3")} = ${read} & 255`) },
    { name: "arrayGet16U", length: 4, body: onArray(`${word("$3")} = ${read} & 65535`) },
    { name: "arraySetRef", length: 4, body: onArray(`${read} = ${reference("$3")}`) },
    { name: "arraySet1", length: 4, body: onArray(`${read} = ${word("$3")}`) },
  ];
}
