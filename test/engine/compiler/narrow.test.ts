// A function of i64 arithmetic that is too long for whole values in one piece has halves first, and whole values in pieces once it is hot.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Module, Runtime, type RuntimeConfig, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { EmittedChunks } from "#dist/engine/compiler/emitted-chunks.js";
import { ModuleNames } from "#dist/engine/compiler/names.js";
import { printFunction } from "#dist/engine/compiler/print-function.js";
import { build } from "#dist/ir/build.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { Random } from "../../property/random.ts";

const WORDS = [0, 1, 4, 5, 6, 7];

/** A step of a hash: sums, products, rotations, a word of memory, now and then a branch, a store or what may trap. */
function step(random: Random): string {
  const word = (): string => `(local.get ${random.pick(WORDS)})`;
  const set = (source: string): string => `(local.set ${random.pick(WORDS)} ${source})`;
  const loaded = `(i64.load offset=${8 * random.below(64) + (random.once(8) ? 3 : 0)} (local.get 2))`;
  const mixed = `(i64.xor (i64.rotl (i64.add ${word()} ${loaded}) (i64.const ${1 + random.below(63)})) ${word()})`;
  const product = `(i64.mul (i64.and ${word()} (i64.const 0xffffffff)) (i64.add ${word()} ${mixed}))`;
  switch (random.below(12)) {
    case 0:
      return `(i64.store offset=${8 * random.below(64)} (local.get 2) ${mixed})`;
    case 1:
      return `(if (i32.and (i32.wrap_i64 ${word()}) (i32.const 1)) (then ${set(mixed)} ${set(product)}) (else ${set(product)}))`;
    case 2:
      return `(block (br_if 0 (i64.lt_u ${word()} ${word()})) ${set(product)} (local.set 3 (i32.wrap_i64 ${word()})))`;
    case 3:
      return set(`(i64.rem_u ${mixed} (i64.or (i64.extend_i32_u (local.get 3)) (i64.const 1)))`);
    case 4:
      return `(if (i64.eq (i64.and ${word()} (i64.const 0xffff)) (i64.const 5)) (then (return ${word()})))`;
    default:
      return set(random.once(3) ? product : mixed);
  }
}

/** `f` makes turns of so many steps, until its address is out of the memory's bounds; `g` calls it after the host. */
function unrolled(seed: number, steps: number): Uint8Array {
  const random = new Random(seed);
  const half = (): string => Array.from({ length: steps / 2 }, () => step(random)).join("\n");
  return parse(`(module (import "env" "at" (func $at))
    (memory (export "memory") 1 3)
    (func $f (export "f") (param i64 i64 i32) (result i64) (local i32 i64 i64 i64 i64)
      (loop ${half()}
        (local.set 2 (i32.add (local.get 2) (i32.const 8)))
        ${half()}
        (br_if 0 (i32.and (local.get 2) (i32.const 24))))
      (i64.xor (i64.add (local.get 4) (local.get 5)) (i64.sub (local.get 6) (local.get 7))))
    (func (export "g") (param i64 i64 i32) (result i64)
      (call $at) (call $f (local.get 0) (local.get 1) (local.get 2)))
    (func (export "grow") (drop (memory.grow (i32.const 1)))))`);
}

/** Runs something where such functions are hot after so many bytes, and huge ones after some turns; gives also the labels of the forms that functions went over to. */
async function goneOver<T>(bytes: number, run: () => T): Promise<{ result: Awaited<T>; labels: Set<unknown> }> {
  const { bindings } = ModuleNames.prototype;
  const { again } = EmittedChunks.prototype;
  const labels = new Set<unknown>();
  ModuleNames.prototype.bindings = function (this: ModuleNames) {
    for (const [name, turns] of this.turns)
      if (turns >= 650_000) this.turns.set(name, turns === 1e9 ? bytes : bytes >> 8);
    return bindings.call(this);
  };
  EmittedChunks.prototype.again = function (this: EmittedChunks, index, label, asynchronous) {
    const chunk = again.call(this, index, label, asynchronous);
    if (chunk !== null) labels.add(label);
    return chunk;
  };
  try {
    return { result: await run(), labels };
  } finally {
    ModuleNames.prototype.bindings = bindings;
    EmittedChunks.prototype.again = again;
  }
}

type Call = (instance: Module, args: readonly [bigint, bigint, number]) => unknown;

const direct: Call = (instance, args) => instance.exportedFunction("f")!.call(...args);

/** What calls give and leave: the last one of each four traps in the middle, and a memory grows on the way. */
async function outcomes(config: RuntimeConfig, binary: Uint8Array, call = direct, at: () => unknown = () => undefined) {
  const instance = new Runtime({ eager: true, ...config }).instantiate(binary, {
    imports: { env: { at } },
    ...(config.metering ? { fuel: 10_000_000n } : {}),
  });
  const memory = instance.exportedMemory("memory")!;
  memory.write(
    0,
    Uint8Array.from({ length: 4096 }, (_, i) => i * 31 + (i >> 3)),
  );
  const results: unknown[] = [];
  for (let i = 0; i < 24; i++) {
    if (i === 17) instance.exportedFunction("grow")!.call();
    const last = i < 17 ? 65_536 : 131_072;
    try {
      results.push(
        await call(instance, [BigInt(i) * 0x9e3779b97f4a7c15n, ~BigInt(i), i % 4 < 3 ? 64 * i : last - 512]),
      );
    } catch (error) {
      assert.ok(error instanceof Trap, String(error));
      results.push([error.code, error.wasmStack]);
    }
    results.push(Buffer.from(memory.read(0, 2048)!).toString("hex"), config.metering && instance.fuel);
  }
  return results;
}

for (const [name, steps, labels] of [
  ["halves that are optimised as a whole", 150, [-2]],
  ["halves that are in pieces too", 400, [-1, -2]],
] as const)
  for (const [kind, bytes] of [
    ["at once", 0],
    ["after some calls", 60_000],
  ] as const) {
    test(`${name}, hot ${kind}: the same as in the interpreter`, async () => {
      const binary = unrolled(steps, steps);
      const expected = await outcomes({ engine: "interpreter" }, binary);
      assert.ok(
        expected.some((result) => Array.isArray(result)),
        "a trap",
      );
      const compiled = await goneOver(bytes, () => outcomes({ engine: "compiler" }, binary));
      assert.deepEqual(compiled.result, expected);
      assert.ok(compiled.labels.has(-2), `${[...compiled.labels]}`);
      assert.ok(labels.length > 1 || !compiled.labels.has(-1));
    });
  }

test("the same fuel is spent, and it ends in the same place", async () => {
  const binary = unrolled(1, 150);
  const short: Call = (instance, args) => {
    instance.fuel = BigInt(args[2] < 1000 ? args[2] * 20 : 10_000_000);
    return direct(instance, args);
  };
  for (const call of [direct, short]) {
    const expected = await outcomes({ engine: "interpreter", metering: "fuel" }, binary, call);
    const { result, labels } = await goneOver(0, () =>
      outcomes({ engine: "compiler", metering: "fuel" }, binary, call),
    );
    assert.deepEqual(result, expected);
    assert.ok(labels.has(-2));
  }
});

test("what a suspended guest calls is in that form too", async () => {
  const binary = unrolled(2, 150);
  const suspending: Call = (instance, args) => instance.exportedFunction("g")!.callAsync(...args);
  const at = (): unknown => Promise.resolve();
  const expected = await outcomes({ engine: "interpreter" }, binary, suspending, at);
  const { result } = await goneOver(0, () => outcomes({ engine: "compiler" }, binary, suspending, at));
  assert.deepEqual(result, expected);
});

/** A function's source in a form of whole values, or of halves where it goes over to one. */
function printed(binary: Uint8Array, label: number): { readonly main: string; readonly pieces: readonly string[] } {
  const module = validate(decode(binary), allFeatures);
  const index = module.importedFunctions;
  const names = new ModuleNames(module, 1000, new Set([index]), false);
  return printFunction(names, build(module, index), index, { positions: false, label, wide: true });
}

test("pieces share the elements that slots are, and are short enough to be optimised", () => {
  const { main, pieces } = printed(unrolled(3, 400), -2);
  assert.ok(pieces.length > 1);
  for (const piece of pieces) {
    assert.match(
      piece,
      /^function p1_\d+\((?:i\d+,)*n\)\{let j=0;if\(Jp1_\d+>0\)\{Jp1_\d+-=j=100\}const z=Z,y=ZI,u=U;/,
    );
    assert.match(piece, /\nbreak\}(?:RI\[\d+\]=i\d+;)*return p;\n\}$/);
  }
  for (const source of [main, ...pieces]) assert.ok(source.length <= 26_000 && !/\b[lh]4\b/.test(source));
});

test("until then it counts the bytes that it runs, and turns of its loops for their statements", () => {
  const { main, pieces } = printed(unrolled(3, 150), -1);
  assert.equal(pieces.length, 0);
  assert.match(
    main,
    /^function w1\(l0,h0,l1,h1,i2,n\)\{if\(\(J1-=\d{4}\)<0\)\{if\(S1\|\|\(S1=renew\(1,-2\)\)\)return S1\(/,
  );
  assert.match(main, /L\d+:for\(;;\)\{(?:\w+=\w+\|0;)*J1-=1\d\d\d;/);
});
