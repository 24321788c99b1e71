// Takes every load and store of a 64-bit memory in every form of address, at both ends, beyond, and with high words, compares them with the model.
import test from "node:test";
import type { Instr } from "../support/module-builder.ts";
import { type Call, check } from "./engines.ts";
import type { Program, ProgramFunction } from "./program.ts";
import { Random } from "./random.ts";
import { type Bits, type NumberType, randomBits } from "./values.ts";

const SEED = 6464;
const END = 65536n;
const OFFSETS = [0n, 1n, 5n, 65535n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 32n, (1n << 64n) - 1n];

const loads = [
  ...["i32.load", "i64.load", "f32.load", "f64.load", "i64.load32_s", "i64.load32_u"],
  ...["8_s", "8_u", "16_s", "16_u"].flatMap((suffix) => [`i32.load${suffix}`, `i64.load${suffix}`]),
];
const stores = [
  ...["i32.store", "i64.store", "f32.store", "f64.store", "i32.store8", "i32.store16"],
  ...["i64.store8", "i64.store16", "i64.store32"],
];

const bytes = Array.from({ length: 300 }, (_, i) => (i * 151 + 17) & 0xff);
const memory: readonly number[] = [...bytes, ...new Array<number>(Number(END) - 600).fill(0), ...bytes];

const typeOf = (name: string): NumberType => name.slice(0, 3) as NumberType;
const sizeOf = (name: string): bigint => BigInt(/(?:8|16|32)(?=_|$)/.exec(name.slice(3))?.[0] ?? name.slice(1, 3)) / 8n;

/** A form of address: instructions over parameters, their types, and the arguments that make it an address where there are some. */
interface AddressForm {
  readonly code: readonly Instr[];
  readonly params: readonly NumberType[];
  readonly args: (address: bigint) => readonly bigint[];
}

const get = (index: number): Instr => ["local.get", index];
const i64 = (value: bigint): Instr => ["i64.const", BigInt.asIntN(64, value)];
const word: readonly NumberType[] = ["i64"];
const words: readonly NumberType[] = ["i64", "i64"];
const mixed: readonly NumberType[] = ["i64", "i32"];

const forms: readonly AddressForm[] = [
  { code: [get(0)], params: word, args: (address) => [address] },
  ...[12n, -12n, 0x7fffffffn, -0x80000000n, 0x80000000n, 1n << 32n, 1n << 63n, -1n].flatMap((plus): AddressForm[] => [
    { code: [get(0), i64(plus), "i64.add"], params: word, args: (address) => [address - plus] },
    { code: [i64(plus), get(0), "i64.add"], params: word, args: (address) => [address - plus] },
  ]),
  ...[1000n, -1000n, 1n << 40n, 1n << 63n].map(
    (plus): AddressForm => ({
      code: [get(0), get(1), "i64.add"],
      params: words,
      args: (address) => [address - plus, plus],
    }),
  ),
  ...[1n, 3n, 16n, 31n, 33n].flatMap((shift): AddressForm[] =>
    [5n, -5n, 1n << 60n].flatMap((index): AddressForm[] => [
      {
        code: [get(0), get(1), i64(shift), "i64.shl", "i64.add"],
        params: words,
        args: (address) => [address - (index << shift), index],
      },
      {
        code: [get(1), i64(shift), "i64.shl", get(0), "i64.add"],
        params: words,
        args: (address) => [address - (index << shift), index],
      },
    ]),
  ),
  ...["i64.extend_i32_s", "i64.extend_i32_u"].flatMap((extend): AddressForm[] => {
    const value = (index: bigint): bigint =>
      extend.endsWith("s") ? BigInt.asIntN(32, index) : BigInt.asUintN(32, index);
    const extended = (local: number): Instr[] => [get(local), extend as Instr];
    return [
      { code: extended(0), params: ["i32"], args: (address) => [address] },
      { code: [...extended(0), i64(40n), "i64.add"], params: ["i32"], args: (address) => [address - 40n] },
      { code: [...extended(0), i64(-40n), "i64.add"], params: ["i32"], args: (address) => [address + 40n] },
      ...[3n, -3n, 0x7fffffffn, -0x80000000n].flatMap((index): AddressForm[] => [
        {
          code: [get(0), ...extended(1), "i64.add"],
          params: mixed,
          args: (address) => [address - value(index), index],
        },
        {
          code: [...extended(1), i64(3n), "i64.shl", get(0), "i64.add"],
          params: mixed,
          args: (address) => [address - (value(index) << 3n), index],
        },
      ]),
      // The low bits come from the constant: it reaches every fourth address.
      ...[0n, 1n, 2n, 3n].map(
        (low): AddressForm => ({
          code: [...extended(0), i64(2n), "i64.shl", i64(low + 80n), "i64.add"],
          params: ["i32"],
          args: (address) => [(address >> 2n) - 20n],
        }),
      ),
    ];
  }),
  { code: [get(0), i64(3n), "i64.sub"], params: word, args: (address) => [address + 3n] },
];

/** Addresses that reach both ends with this offset, by one byte too far, those where 32 or 64 bits wrap, and high ones. */
function addresses(offset: bigint, size: bigint): bigint[] {
  const list = [0n, 1n, 3n, 8n, 1n << 31n, 1n << 32n, (1n << 32n) + 8n, 1n << 63n, -1n, -size, -offset];
  for (let to = END - size - 2n; to <= END + 1n; to++) if (to >= offset) list.push(to - offset);
  if (offset < END) for (let to = 10n; to < 14n; to++) list.push(to);
  return list;
}

function programOf(functions: readonly ProgramFunction[]): Program {
  return { types: [], functions, memoryPages: { min: 1, max: 1 }, memory64: true, memory };
}

function argsOf({ params, args }: AddressForm, address: bigint): Bits[] {
  return args(address).map((value, i) => BigInt.asUintN(params[i] === "i64" ? 64 : 32, value));
}

for (const name of [...loads, ...stores]) {
  test(`${name}: every form of address (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const type = typeOf(name);
    const isStore = stores.includes(name);
    const functions: ProgramFunction[] = [];
    const calls: Call[] = [];
    const add = (code: readonly Instr[], params: readonly NumberType[], offset: bigint): number => {
      const access = [name, offset] as unknown as Instr;
      // Twice: what was checked once is not checked again.
      const body = isStore
        ? [...code, get(params.length), access, ...code, get(params.length), access]
        : [...code, access, "drop" as const, ...code, access];
      const all = isStore ? [...params, type] : params;
      return functions.push({ params: all, results: isStore ? [] : [type], locals: [], body }) - 1;
    };
    const value = (): Bits[] => (isStore ? [randomBits(type, random)] : []);
    for (const offset of OFFSETS) {
      for (const form of forms) {
        const index = add(form.code, form.params, offset);
        for (const address of addresses(offset, sizeOf(name)))
          if (random.once(2)) calls.push([index, [...argsOf(form, address), ...value()]]);
      }
      for (const address of addresses(offset, sizeOf(name))) calls.push([add([i64(address)], [], offset), value()]);
    }
    check(programOf(functions), calls);
  });
}

test(`sizes, growth and bulk operations take 64 bits (seed ${SEED})`, () => {
  const params: NumberType[] = ["i64", "i64", "i64"];
  const bulk = (last: Instr, types: NumberType[], convert: Instr[]): ProgramFunction => ({
    params: types,
    results: [],
    locals: [],
    body: [get(0), get(1), ...convert, get(2), last],
  });
  const functions: ProgramFunction[] = [
    bulk(["memory.fill"], params, ["i32.wrap_i64"]),
    bulk(["memory.copy"], params, []),
    bulk(["memory.init", 0], ["i64", "i64", "i32"], ["i32.wrap_i64"]),
    { params: ["i64"], results: ["i64"], locals: [], body: [get(0), ["memory.grow"]] },
    { params: [], results: ["i64"], locals: [], body: [["memory.size"]] },
  ];
  const program: Program = { ...programOf(functions), memoryPages: { min: 1, max: 3 }, data: [bytes.slice(0, 50)] };
  const edge = [0n, 1n, 49n, 51n, END - 50n, END - 1n, END, END + 1n, 1n << 32n, 1n << 63n, (1n << 64n) - 1n];
  const calls: Call[] = [];
  for (const a of edge) for (const b of edge) for (const c of edge) for (const f of [0, 1]) calls.push([f, [a, b, c]]);
  for (const a of edge) for (const c of [0n, 1n, 50n, 51n, 0xffffffffn]) calls.push([2, [a, 0n, c]]);
  for (const delta of [1n << 32n, (1n << 64n) - 1n, 3n, 1n, 0n, 1n, 1n]) calls.push([3, [delta]], [4, []]);
  check(program, calls);
});
