// Names of types in printed code are found without going through a module's types each time: there may be a million.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { ModuleNames } from "#dist/engine/compiler/names.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";

test("types are gone through once a module, whatever its chunks ask for", () => {
  const last = 40;
  const types = Array.from({ length: last + 1 }, (_, i) => `(type (func (param${" i32".repeat(i)})))`);
  const module = validate(decode(parse(`(module ${types.join("")})`)), allFeatures);
  let reads = 0;
  const counted = new Proxy(module.types, {
    get: (list, key) => {
      if (key === String(last)) reads++;
      return Reflect.get(list, key);
    },
  });
  const { id } = module.types[last]!;
  for (let chunk = 0; chunk < 3; chunk++) {
    const names = new ModuleNames({ ...module, types: counted }, 1000, new Set(), false);
    for (let call = 0; call < 10; call++) assert.equal(names.typeName(id), `Y${last}`);
    assert.equal(names.definedType(id), `Z${last}`);
  }
  assert.equal(reads, 1);
});
