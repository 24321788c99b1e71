// Changes bytes of real modules: whatever comes of it, decoding and validating end in a module, a MalformedError or an InvalidError.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { decodeNames } from "#dist/binary/names.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";

const COUNT = 100_000;
const MAX_BYTES = 3_000;

function modulesIn(folder: string): Uint8Array[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".wasm") && !path.includes("node_modules"))
    .sort()
    .map((path) => new Uint8Array(readFileSync(`${folder}/${path}`)))
    .filter(({ length }) => length <= MAX_BYTES);
}

/** The same numbers each time. */
function generator(seed: number): (limit: number) => number {
  return (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
}

const telling = [0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x0b, 0x0e, 0x11, 0x1f, 0x40, 0x63, 0x64, 0x6e, 0x70, 0x7b, 0x7f];
const extending = [0x80, 0xd0, 0xd2, 0xd5, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

function mutate(bytes: Uint8Array, random: (limit: number) => number): Uint8Array {
  const at = 8 + random(bytes.length - 8);
  const mutant = bytes.slice();
  switch (random(5)) {
    case 0:
      mutant[at] = random(0x100);
      return mutant;
    case 1:
      mutant[at] = [...telling, ...extending][random(telling.length + extending.length)]!;
      return mutant;
    case 2:
      mutant[at]! ^= 1 << random(8);
      return mutant;
    case 3:
      mutant.copyWithin(at, at + 1 + random(3));
      return mutant.subarray(0, mutant.length - random(3));
    default:
      mutant.copyWithin(at, 8 + random(bytes.length - 8), 8 + random(bytes.length - 8));
      return mutant;
  }
}

test(`${COUNT} mutants`, () => {
  const seeds = [...modulesIn("bench/kernels"), ...modulesIn("examples")];
  assert.ok(seeds.length > 10);
  for (const bytes of seeds) validate(decode(bytes), allFeatures);
  const random = generator(20261124);
  let accepted = 0;
  for (let i = 0; i < COUNT; i++) {
    const mutant = mutate(seeds[random(seeds.length)]!, random);
    try {
      decodeNames(validate(decode(mutant), allFeatures));
      accepted++;
    } catch (error) {
      const { name, offset } = error as { name: string; offset: number };
      const isTold = name === "MalformedError" || name === "InvalidError";
      if (!isTold || offset < 0 || offset > mutant.length) assert.fail(`mutant ${i}: ${(error as Error).stack}`);
    }
  }
  assert.ok(accepted > COUNT / 100 && accepted < COUNT / 2, `${accepted} accepted`);
});
