// Takes every load and store in every form of address, at both ends of a memory and beyond, compares them with the model; bulk operations too.
import test from "node:test";
import type { Instr } from "../support/module-builder.ts";
import { type Call, check } from "./engines.ts";
import { constant, type Program, type ProgramFunction } from "./program.ts";
import { Random } from "./random.ts";
import { type Bits, edges, type NumberType, randomBits } from "./values.ts";

const SEED = 9001;
const END = 65536;
const OFFSETS = [0, 1, 5, 65535, 0x7fffffff, 0x80000000, 0xffffffff];

const integers = ["8_s", "8_u", "16_s", "16_u"];
const loads = [
  ...["i32.load", "i64.load", "f32.load", "f64.load", "i64.load32_s", "i64.load32_u"],
  ...integers.flatMap((suffix) => [`i32.load${suffix}`, `i64.load${suffix}`]),
];
const stores = [
  ...["i32.store", "i64.store", "f32.store", "f64.store", "i32.store8", "i32.store16"],
  ...["i64.store8", "i64.store16", "i64.store32"],
];

const bytes = Array.from({ length: 300 }, (_, i) => (i * 151 + 17) & 0xff);
/** The same bytes at both ends. */
const memory: readonly number[] = [...bytes, ...new Array<number>(END - 600).fill(0), ...bytes];

const typeOf = (name: string): NumberType => name.slice(0, 3) as NumberType;
const sizeOf = (name: string): number => Number(/(?:8|16|32)(?=_|$)/.exec(name.slice(3)) ?? name.slice(1, 3)) / 8;

/** A form of address: instructions over parameters, and the parameters that make it an address. */
interface AddressForm {
  readonly code: readonly Instr[];
  readonly params: number;
  readonly args: (address: number) => readonly number[];
}

const get = (index: number): Instr => ["local.get", index];
const i32 = (value: number): Instr => ["i32.const", value | 0];

const forms: readonly AddressForm[] = [
  { code: [get(0)], params: 1, args: (address) => [address] },
  ...[12, -12, 0x7fffffff, -0x80000000].map(
    (plus): AddressForm => ({ code: [get(0), i32(plus), "i32.add"], params: 1, args: (address) => [address - plus] }),
  ),
  { code: [i32(9), get(0), "i32.add"], params: 1, args: (address) => [address - 9] },
  { code: [get(0), get(1), "i32.add"], params: 2, args: (address) => [address - 1000, 1000] },
  { code: [get(0), get(1), "i32.add"], params: 2, args: (address) => [address + 1000, -1000] },
  {
    code: [get(0), get(1), i32(2), "i32.shl", "i32.add"],
    params: 2,
    args: (address) => [(address & 3) - 40, (address >> 2) + 10],
  },
  {
    code: [get(1), i32(3), "i32.shl", get(0), "i32.add"],
    params: 2,
    args: (address) => [(address & 7) + 0x20000000, (address >> 3) - 0x4000000],
  },
  // The low bits come from the constant: it reaches every fourth address.
  ...[0, 1, 2, 3].map(
    (low): AddressForm => ({
      code: [get(0), i32(2), "i32.shl", i32(low + 80), "i32.add"],
      params: 1,
      args: (address) => [(address >> 2) - 20],
    }),
  ),
  { code: [get(0), i32(3), "i32.sub"], params: 1, args: (address) => [address + 3] },
];

/** Addresses that reach both ends with this offset, by one byte too far, and those where 32 bits wrap. */
function addresses(offset: number, size: number): number[] {
  const list = [0, 1, 2, 3, 7, 8, 9, 0x7fffffff, -0x80000000, -1, -size, -offset | 0];
  for (let to = END - size - 4; to <= END + 1; to++) if (to - offset >= 0) list.push(to - offset);
  if (offset < END) for (let to = 10; to < 20; to++) list.push(to);
  return list;
}

function programOf(functions: readonly ProgramFunction[]): Program {
  return { types: [], functions, memoryPages: { min: 1, max: 1 }, memory };
}

const bits = (value: number): Bits => BigInt.asUintN(32, BigInt(value | 0));

for (const name of loads) {
  test(`${name}: every form of address`, () => {
    const functions: ProgramFunction[] = [];
    const calls: Call[] = [];
    for (const offset of OFFSETS) {
      for (const { code, params, args } of forms) {
        for (const address of addresses(offset, sizeOf(name))) calls.push([functions.length, args(address).map(bits)]);
        const access = [name, offset] as unknown as Instr;
        functions.push({
          params: new Array(params).fill("i32"),
          results: [typeOf(name)],
          locals: [],
          body: [...code, access],
        });
      }
      for (const address of addresses(offset, sizeOf(name)).filter((_, i) => i % 2 === 0)) {
        calls.push([functions.length, []]);
        const access = [name, offset] as unknown as Instr;
        functions.push({ params: [], results: [typeOf(name)], locals: [], body: [i32(address), access] });
      }
    }
    check(programOf(functions), calls);
  });
}

for (const name of stores) {
  test(`${name}: every form of address (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const type = typeOf(name);
    const functions: ProgramFunction[] = [];
    const calls: Call[] = [];
    const add = (params: readonly NumberType[], ...body: Instr[]): number =>
      functions.push({ params, results: [], locals: [], body }) - 1;
    for (const offset of OFFSETS) {
      const access = [name, offset] as unknown as Instr;
      const fixed = constant(type, edges[type][7]!);
      for (const { code, params, args } of forms) {
        const numbers = new Array<NumberType>(params).fill("i32");
        const variable = add([...numbers, type], ...code, get(params), access);
        const constant = add(numbers, ...code, fixed, access);
        for (const address of addresses(offset, sizeOf(name))) {
          calls.push([variable, [...args(address).map(bits), randomBits(type, random)]]);
          if (random.once(4)) calls.push([constant, args(address).map(bits)]);
        }
      }
      for (const address of addresses(offset, sizeOf(name)).filter((_, i) => i % 2 === 0)) {
        calls.push([add([type], i32(address), get(0), access), [randomBits(type, random)]]);
        calls.push([add([], i32(address), fixed, access), []]);
      }
    }
    check(programOf(functions), calls);
  });
}

test(`bulk operations: overlap, both ends, beyond (seed ${SEED})`, () => {
  const params: NumberType[] = ["i32", "i32", "i32"];
  const bulk = (...last: Instr[]): ProgramFunction => ({
    params,
    results: [],
    locals: [],
    body: [get(0), get(1), get(2), ...last],
  });
  const functions = [bulk(["memory.fill"]), bulk(["memory.copy"]), bulk(["memory.init", 0]), bulk(["memory.init", 1])];
  const drop: ProgramFunction = { params: [], results: [], locals: [], body: [["data.drop", 0]] };
  const program: Program = { ...programOf([...functions, drop]), data: [bytes.slice(0, 50), []] };
  const random = new Random(SEED);
  const edge = [0, 1, 49, 50, 51, 100, END - 50, END - 1, END, END + 1, 0x7fffffff, -0x80000000, -1];
  const value = (): number => random.pick([random.pick(edge), random.below(60), END - random.below(60)]);
  const calls: Call[] = [];
  for (const a of edge)
    for (const b of edge) for (const c of edge) for (const f of [0, 1, 2]) calls.push([f, [a, b, c].map(bits)]);
  for (let i = 0; i < 1500; i++)
    calls.push([random.below(4), [value(), value(), random.once(3) ? value() : random.below(40)].map(bits)]);
  calls.push([4, []]);
  for (const c of [0, 1, 50]) for (const a of edge) for (const b of edge) calls.push([2, [a, b, c].map(bits)]);
  check(program, calls);
});
