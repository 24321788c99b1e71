// Takes texts that print as they stand, and binaries that no text gives.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test, { describe } from "node:test";
import { InvalidError, MalformedError } from "zerowasm";
import { parse, print } from "zerowasm/text";
import { moduleOf, section, withBody } from "../binary/bytes.ts";
import { Random } from "../property/random.ts";
import { sized, u32 } from "../support/encoding.ts";
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";

for (const form of ["folded", "flat"] as const) {
  describe(form, () => {
    const folder = `test/text/fixtures/${form}`;
    for (const name of readdirSync(folder)) {
      test(`${name} prints as it stands`, () => {
        const text = readFileSync(`${folder}/${name}`, "utf8");
        assert.equal(print(parse(text), { form }), text);
      });
    }
  });
}

test("the folded form is the default, and bytes may come as an ArrayBuffer", () => {
  const binary = parse("(module (func (drop (i32.const 1))))");
  assert.equal(print(binary), print(binary, { form: "folded" }));
  assert.equal(print(binary.buffer), print(binary));
  assert.throws(() => print(binary, { form: "lisp" as never }), /^TypeError: form is one of folded, flat, got lisp$/);
});

test("what is no buffer is no module of no bytes", () => {
  for (const wrong of ["(module)", undefined, 8, []]) {
    assert.throws(
      () => print(wrong as unknown as Uint8Array),
      /TypeError: a module in the binary format is a Uint8Array/,
    );
  }
});

test("operands are nested where that many values were left, and nowhere else", () => {
  const rows: readonly (readonly [body: readonly Instr[], text: string])[] = [
    [["i32.eqz"], "(i32.eqz)"],
    [[["i32.const", 1], "nop", ["i32.const", 2], "i32.add"], "(i32.const 1) (nop) (i32.const 2) (i32.add)"],
    // What an instruction took without nesting it belongs to no later one.
    [[["i32.const", 1], "i32.add", "i32.add"], "(i32.const 1) (i32.add) (i32.add)"],
    [["unreachable", "i32.eqz", "drop"], "(unreachable) (drop (i32.eqz))"],
  ];
  for (const [body, expected] of rows) {
    const module = new ModuleBuilder();
    module.function({}, ...body);
    const lines = print(module.build()).split("\n").slice(3, -1);
    assert.equal(lines.map((line) => line.trim()).join(" "), `${expected}))`);
  }
});

test("a custom section that is named like one with a form of its own, and is malformed, stays one", () => {
  const named = (name: string, ...bytes: number[]) =>
    moduleOf(section(0, name.length, ...new TextEncoder().encode(name), ...bytes));
  assert.equal(print(named("name", 1, 9)), '(module\n  (@custom "name" "\\01\\t"))\n'.replace("\\t", "\\09"));
  assert.equal(print(named("name")), '(module\n  (@custom "name"))\n');
  assert.equal(print(named("name", 0, 2, 1, 0x61)), "(module $a)\n");
  assert.match(print(named("metadata.code.branch_hint", 5)), /@custom "metadata.code.branch_hint" "\\05"/);
});

test("a recursion group of one type is that type, and one of none is kept", () => {
  const types = moduleOf(section(1, 3, 0x4e, 1, 0x60, 0, 0, 0x4e, 0, 0x4f, 0, 0x60, 0, 0));
  const text = "(module\n  (type (;0;) (func))\n  (rec)\n  (type (;1;) (sub final (func))))\n";
  assert.equal(print(types), text);
});

test("a nullable reference to an abstract heap type is its word, also where it is two bytes", () => {
  const heaps = [0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74];
  const forms = [(heap: number) => [heap], (heap: number) => [0x63, heap]];
  const texts = forms.map((form) => {
    const params = heaps.flatMap(form);
    const type = [1, 0x60, heaps.length, ...params, 0];
    return print(moduleOf(section(1, ...type), section(9, 1, 5, ...form(0x6a), 0)));
  });
  assert.match(texts[0], /\(elem \(;0;\) arrayref\)/);
  for (const text of texts) {
    assert.equal(text, texts[0]);
    assert.equal(print(parse(text)), text);
  }
});

test("names of what is not there are left out", () => {
  const module = new ModuleBuilder();
  module.function({}, ["call", 1], ["local.get", 0], "drop");
  const functions = [1, 7, 2, 0, 1, 0x66, 1, 1, 0x67];
  const locals = [2, 6, 1, 0, 1, 0, 1, 0x78];
  module.custom("name", [...functions, ...locals]);
  const text = "(module\n  (type (;0;) (func))\n  (func $f (type 0)\n    (call 1)\n    (drop (local.get 0))))\n";
  assert.equal(print(module.build()), text);
});

test("exports stand in what they export only where that keeps their order", () => {
  const module = new ModuleBuilder();
  const f = module.function({ export: "f" });
  assert.match(print(module.build()), /\(func \(;0;\) \(export "f"\)/);
  module.memory(1, undefined, "m");
  assert.match(print(module.build()), /\(export "f" \(func 0\)\)\n {2}\(export "m" \(memory 0\)\)/);
  module.exportFunction("g", f + 7);
  assert.match(print(module.build()), /\(export "g" \(func 7\)\)/);
});

test("what is no module is refused as by the decoder", () => {
  const rows: readonly (readonly [Uint8Array, typeof MalformedError | typeof InvalidError, RegExp])[] = [
    [Uint8Array.of(1, 2, 3, 4), MalformedError, /^magic header not detected/],
    [withBody(0xff, 0x0b), MalformedError, /^illegal opcode ff/],
    [withBody(0x05, 0x0b), MalformedError, /^unexpected else at/],
    [withBody(0x02, 0x40, 0x19, 0x0b, 0x0b), MalformedError, /^unexpected catch_all at/],
    [withBody(0x02, 0x40, 0x18, 0, 0x0b), MalformedError, /^unexpected delegate at/],
    [withBody(0x02, 0x40, 0x0b), MalformedError, /^unexpected end/],
    [withBody(0x0b, 0x0b), MalformedError, /^END opcode expected/],
    [withBody(0x41), MalformedError, /^unexpected end/],
    [withBody(0xd0, 0x40, 0x0b), MalformedError, /^malformed heap type/],
    [bodyOf([0x0b]), MalformedError, /^END opcode expected/],
    [withLocals(0x7f, 50_001), InvalidError, /^too many locals: more than 50000/],
    [moduleOf(section(3, 1, 0), section(10, 1, 2, 0, 0x0b)), InvalidError, /^unknown type 0/],
  ];
  for (const [binary, kind, message] of rows) {
    for (const form of ["folded", "flat"] as const) {
      assert.throws(
        () => print(binary, { form }),
        (error) => error instanceof kind && message.test(error.message),
        String(message),
      );
    }
  }
});

test("code may be nested as deeply as it is long, and its text is not much longer than the code", () => {
  const depth = 100_000;
  const nest = (open: readonly number[], middle: readonly number[], close: readonly number[]): Uint8Array => {
    const repeat = (bytes: readonly number[]): number[] => Array.from({ length: depth }, () => bytes).flat();
    return bodyOf([...repeat(open), ...middle, ...repeat(close)]);
  };
  const modules = [
    nest([], [0x41, 0], [0x45]), // i32.eqz
    nest([0x02, 0x40], [], [0x0b]),
    nest([0x41, 0, 0x04, 0x40], [], [0x0b]),
    nest([0x41, 0], [], [0x1a]),
  ];
  for (const binary of modules) {
    for (const form of ["folded", "flat"] as const) {
      const text = print(binary, { form });
      assert.ok(text.length < 250 * depth);
      assert.deepEqual(parse(text), binary);
    }
  }
});

test("every f32 and f64 is read as it was", () => {
  const random = new Random(4);
  const words = [0, 1, 0x7f_ffff, 0x80_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7f80_0001, 0x7fc0_0000, 0x4b80_0000];
  const singles = words.flatMap((bits) => [bits, (bits | 0x8000_0000) >>> 0]);
  while (singles.length < 20_000) singles.push(random.word());
  const body = singles.flatMap((bits) => [
    0x43,
    ...bytesOf(bits),
    0x1a,
    0x44,
    ...bytesOf(random.word()),
    ...bytesOf(bits),
    0x1a,
  ]);
  const binary = bodyOf(body);
  assert.deepEqual(parse(print(binary)), binary);
});

/** A function with locals. */
function withLocals(type: number, count: number): Uint8Array {
  const body = sized([1, ...u32(count), type, 0x0b]);
  return moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(10, 1, ...body));
}

function bytesOf(word: number): number[] {
  return [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24];
}

/** A function without parameters and results, whose body may have any length. */
function bodyOf(code: readonly number[]): Uint8Array {
  return moduleOf(
    section(1, 1, 0x60, 0, 0),
    section(3, 1, 0),
    [10].concat(sized([1].concat(sized([0].concat(code, 0x0b))))),
  );
}
