// Holds the trees of references, structures and arrays: what reads waits as an expression, what writes is a statement.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "zerowasm/text";
import { decode } from "#dist/binary/decode.js";
import { build } from "#dist/ir/build.js";
import { print } from "#dist/ir/print.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";

/** The lines of a function's tree, after the one that says its locals; types by their place among the module's. */
function linesOf(func: string): string[] {
  const source = `(module
    (type $s (struct (field (mut i32)) (field (ref null $s)) (field (mut i8))))
    (type $a (array (mut i64)))
    (func ${func}))`;
  const module = validate(decode(parse(source)), allFeatures);
  const text = print(build(module, 0));
  const named = module.types.reduce((all, { id }, i) => all.replaceAll(new RegExp(`\\b${id}\\b`, "g"), `$${i}`), text);
  return named.trimEnd().split("\n").slice(1);
}

function golden(name: string, func: string, expected: string): void {
  test(name, () => {
    const lines = expected.split("\n").slice(1);
    assert.deepEqual(
      linesOf(func),
      lines.map((line) => line.slice(2)),
    );
  });
}

golden(
  "fields are read where they are used",
  `(param (ref $s)) (result i32)
    (i32.add (struct.get $s 0 (struct.get $s 1 (local.get 0))) (struct.get_u $s 2 (local.get 0)))`,
  `
    l0 = i32.add(struct.get 0(struct.get 1(l0)), struct.get_u 2(l0))
    return`,
);

golden(
  "a read that waits comes before a write",
  `(param (ref $s)) (result i32)
    (struct.get $s 0 (local.get 0)) (struct.set $s 0 (local.get 0) (i32.const 1))`,
  `
    s0 = struct.get 0(l0)
    struct.set $0 0(l0, 1)
    l0 = s0
    return`,
);

golden(
  "a test that waits stays where it is: nothing changes what it says",
  `(param anyref (ref $s)) (result i32)
    (ref.test i31ref (local.get 0)) (struct.set $s 0 (local.get 1) (i32.const 1)) (ref.eq (local.get 1) (ref.null none)) (i32.or)`,
  `
    struct.set $0 0(l1, 1)
    l0 = i32.or(ref.test i31ref(l0), ref.eq(l1, null))
    return`,
);

golden(
  "a cast may trap: it is computed even where its value is dropped",
  `(param anyref) (drop (ref.cast (ref eq) (local.get 0))) (drop (ref.test (ref eq) (local.get 0)))`,
  `
    drop ref.cast (ref eq)(l0)
    return`,
);

golden(
  "a conversion between hierarchies is nothing",
  "(param externref) (result externref) (extern.convert_any (any.convert_extern (local.get 0)))",
  `
    return`,
);

golden(
  "a branch on a cast tests its reference where it is and takes it along",
  `(param anyref) (result i32)
    (block $l (result (ref eq)) (br_on_cast $l anyref (ref eq) (local.get 0)) (drop) (return (i32.const 0)))
    (drop) (i32.const 1)`,
  `
    block L0
      s0 = l0
      br_if L0 ref.test (ref eq)(l0)
      l0 = 0
      return
    l0 = 1
    return`,
);

golden(
  "arrays by element and by range",
  `(param (ref $a) i32) (result i64)
    (array.fill $a (local.get 0) (i32.const 0) (i64.const 7) (array.len (local.get 0)))
    (array.get $a (local.get 0) (local.get 1))`,
  `
    array.fill $1(l0, 0, i64 7, array.len(l0))
    l0 = array.get(l0, l1)
    return`,
);
