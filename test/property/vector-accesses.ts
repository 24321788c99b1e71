// Takes a memory and a vector access, does it by the book (specification: 4.6.8 Memory instructions).

import type { Bits } from "./values.ts";
import { joined, lanesOf } from "./vector-ops.ts";

/** Bytes that an access reads or writes, by its name. */
export function sizeOf(name: string): number {
  const match = /^v128\.(?:load|store)(\d*)(x\d)?/.exec(name)!;
  if (match[1] === "") return 16;
  return match[2] === undefined ? Number(match[1]) / 8 : 8;
}

/** The vector that a load gives of the bytes it read; `into` and `lane` of one that loads a lane. */
export function loaded(name: string, bits: Bits, into: Bits, lane: number): Bits {
  const size = sizeOf(name);
  const width = (8 * size) as 8;
  if (name.endsWith("_lane")) {
    const lanes = lanesOf(into, width);
    lanes[lane] = bits;
    return joined(lanes, width);
  }
  if (name.endsWith("_splat"))
    return joined(
      Array.from({ length: 16 / size }, () => bits),
      width,
    );
  const extending = /^v128\.load(\d+)x\d_([su])$/.exec(name);
  if (extending === null) return bits;
  const narrow = Number(extending[1]) as 8 | 16 | 32;
  const lanes = lanesOf(bits, narrow).slice(0, 64 / narrow);
  const wide = lanes.map((x) => (extending[2] === "s" ? BigInt.asIntN(narrow, x) : x));
  return joined(wide, (2 * narrow) as 16);
}

/** The bits that a store writes. */
export function stored(name: string, vector: Bits, lane: number): Bits {
  return name.endsWith("_lane") ? lanesOf(vector, (8 * sizeOf(name)) as 8)[lane]! : vector;
}
