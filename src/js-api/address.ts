// Takes addresses and sizes of memories and tables as JavaScript has them, gives numbers, and the way back (JavaScript API: AddressValueToU64).
import { LinkError as StoreLinkError } from "../api/errors.ts";
import type { Limits, MemoryType } from "../syntax/module.ts";
import { oneOf, unsignedLong } from "./web-idl.ts";

/** More bits than any bigint has: a bigint of so many is the one that was given, converted as `BigInt` would not. */
const ALL_BITS = 2 ** 53 - 1;

/** An unsigned number of 32 bits, or a bigint of 64; above 2^53 a number nearby, which no memory or table reaches. */
export function addressOf(value: unknown, is64: boolean, what: string): number {
  if (!is64) return unsignedLong(value, what);
  const address = BigInt.asIntN(ALL_BITS, value as bigint);
  if (address < 0n || address >= 1n << 64n) throw new TypeError(`${what} is not in the range of 64-bit numbers`);
  return Number(address);
}

/** A number as JavaScript gets it. */
export function addressValue(address: number, is64: boolean): number | bigint {
  return is64 ? BigInt(address) : address;
}

type Members = Readonly<Record<string, unknown>>;

/** Whether the addresses that a descriptor asks for are of 64 bits. */
export function is64Bit(members: Members, what: string): boolean {
  const address = members["address"];
  return address !== undefined && oneOf(address, ["i32", "i64"], `the address type of a ${what}`) === "i64";
}

/** Reads `initial`, `maximum` and `minimum` of a descriptor, in this order, as Web IDL does. */
export function limitsOf(members: Members, is64: boolean, what: string): Limits {
  const read = (key: string): number | undefined => {
    const value = members[key];
    return value === undefined ? undefined : addressOf(value, is64, `the ${key} size of a ${what}`);
  };
  const initial = read("initial");
  const max = read("maximum");
  const minimum = read("minimum");
  if ((initial === undefined) === (minimum === undefined)) {
    throw new TypeError(initial === undefined ? `a ${what} needs an initial size` : `a ${what} has two initial sizes`);
  }
  return { min: (initial ?? minimum)!, max };
}

/** Makes a memory or a table of limits. Throws a RangeError where they contradict one another, or there is no room for the smallest size. */
export function withLimits<T>({ min, max }: Limits, make: () => T): T {
  if (max !== undefined && max < min) throw new RangeError(`the maximum ${max} is below the initial size ${min}`);
  try {
    return make();
  } catch (error) {
    throw error instanceof StoreLinkError ? new RangeError(error.message) : error;
  }
}

/** What the types of memories and tables have in common, as type reflection tells it. */
export function limitsType(size: number, { index64, limits: { max } }: Limited): object {
  const maximum = max === undefined ? {} : { maximum: addressValue(max, index64) };
  return { address: index64 ? "i64" : "i32", minimum: addressValue(size, index64), ...maximum };
}

type Limited = Pick<MemoryType, "index64" | "limits">;
