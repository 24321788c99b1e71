// Takes every instruction with operands that trap, change or read something, and compares with the order that the specification says: the first
// trap ends it, what is before it has happened, what is behind it has not; and values are those of the same operands computed one by one.
import assert from "node:assert/strict";
import test from "node:test";
import { Exception, Runtime, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import {
  causesOf,
  consumersOf,
  type Filling,
  type FillingKind,
  fillingOf,
  localTypes,
  type Setting,
} from "./operand-fillings.ts";
import { type Operand, type Shape, shapes } from "./operand-shapes.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env["SEED"] ?? 1127);
/** Functions for each pair of operands of an instruction, with what is below them on the stack. */
const VARIANTS = Number(process.env["VARIANTS"] ?? 1.5);
/** Instructions in one module. */
const GROUP = 12;

const features = ["wasm3", "threads", "wide-arithmetic"] as const;

const engines = [
  new Runtime({ features, engine: "interpreter", dispatch: "switch" }),
  new Runtime({ features, engine: "interpreter", dispatch: "closures" }),
  new Runtime({ features, engine: "compiler", eager: true }),
];

const settings: readonly Setting[] = [
  { address: "i32", shared: false, dense: false },
  { address: "i64", shared: false, dense: false },
  { address: "i32", shared: true, dense: false },
  { address: "i32", shared: false, dense: true },
];

/** What functions use. */
function preamble({ address, shared }: Setting): string {
  const index = address === "i32" ? "" : "i64";
  const fields =
    "(mut i32)) (field (mut i64)) (field (mut f32)) (field (mut f64)) (field (mut v128)) (field (mut externref)) (field (mut i8)";
  const many = "(param i32 i64 f32 f64 v128 externref)";
  return `
  (type $f (func (result i32)))
  (type $many (func ${many} (result i64 f64)))
  (type $tail (func ${many} (result i32)))
  (type $s (struct (field ${fields})))
  (type $ints (array (mut i32))) (type $bytes (array (mut i8))) (type $longs (array (mut i64)))
  (type $doubles (array (mut f64))) (type $vectors (array (mut v128))) (type $funcs (array (mut funcref)))
  (memory ${index} 1 1 ${shared ? "shared" : ""})
  (table $t ${index} 4 4 funcref)
  (data $bytes "abcdefg")
  (elem $some func $boom $same)
  (elem declare func $many $tail)
  (tag $e (param i64 f64 v128))
  (tag $other)
  (global $trace (export "trace") (mut i32) (i32.const 0))
  (global $state (mut i32) (i32.const 7))
  (global $vector (mut v128) (v128.const f32x4 1.5 2 3 4))
  (global $struct (mut (ref null $s)) (ref.null $s))
  (global $ints (mut (ref null $ints)) (ref.null $ints))
  (func $boom (result i32) unreachable)
  (func $throws (result i32) (throw $other))
  (func $same (param i32) (result i32) (local.get 0))
  (func $many (type $many) (i64.add (local.get 1) (i64.extend_i32_s (local.get 0))) (f64.add (local.get 3) (f64.promote_f32 (local.get 2))))
  (func $tail (type $tail) (i32.add (local.get 0) (i32x4.extract_lane 1 (local.get 4))))
  (func $next (result i32)
    (global.set $state (i32.add (global.get $state) (i32.const 3)))
    (i32.store8 (${address}.const 8) (global.get $state))
    (struct.set $s 0 (global.get $struct) (global.get $state))
    (struct.set $s 6 (global.get $struct) (global.get $state))
    (array.set $ints (global.get $ints) (i32.const 0) (global.get $state))
    (table.set $t (${address}.const 0) (select (result funcref) (ref.null func) (ref.func $same) (i32.and (global.get $state) (i32.const 1))))
    (global.get $state))
  (func $mark (param i32) (result i32)
    (global.set $trace (i32.add (i32.mul (global.get $trace) (i32.const 10)) (local.get 0)))
    (call $next))
  (func (export "reset")
    (local $i i32)
    (global.set $trace (i32.const 0))
    (global.set $state (i32.const 7))
    (global.set $vector (v128.const f32x4 1.5 2 3 4))
    (global.set $struct (struct.new_default $s))
    (global.set $ints (array.new $ints (i32.const 3) (i32.const 4)))
    (loop $l
      (i32.store8 ${address === "i32" ? "(local.get $i)" : "(i64.extend_i32_u (local.get $i))"} (i32.const 9))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64))))
    (table.set $t (${address}.const 0) (ref.func $same))
    (table.set $t (${address}.const 1) (ref.func $many))
    (table.set $t (${address}.const 2) (ref.null func)))`;
}

const params = "$one $zero $far $least i32 $zero64 $far64 $least64 i64 $nan $half f32 $two $huge f64 $extern externref";
const args = [1, 0, -1, -2147483648, 0n, -1n, -(1n << 63n), Number.NaN, 1.5, 2, 1e300, "a host's"] as const;

/** Parameters and variables that operands are made of. */
function head({ dense }: Setting): string {
  let names: string[] = [];
  const list: string[] = [];
  for (const word of params.split(" ")) {
    if (word.startsWith("$")) names.push(word);
    else {
      list.push(...names.map((name) => `(param ${name} ${word})`));
      names = [];
    }
  }
  return `${list.join(" ")} GIVEN (local $v i32) (local $long i64)${
    dense
      ? ""
      : `(local $vector v128) (local $func funcref) (local $callee (ref null $many)) (local $toTail (ref null $tail))
    (local $struct (ref null $s)) (local $none (ref null $s)) (local $noInts (ref null $ints)) (local $ints (ref null $ints))
    (local $bytes (ref null $bytes)) (local $longs (ref null $longs)) (local $doubles (ref null $doubles))
    (local $vectors (ref null $vectors)) (local $funcs (ref null $funcs))`
  }`;
}

const variables = `
    (local.set $vector (global.get $vector)) (local.set $func (ref.func $same))
    (local.set $callee (ref.func $many)) (local.set $toTail (ref.func $tail))
    (local.set $struct (global.get $struct)) (local.set $ints (global.get $ints))
    (local.set $bytes (array.new_default $bytes (i32.const 2))) (local.set $longs (array.new_default $longs (i32.const 2)))
    (local.set $doubles (array.new_default $doubles (i32.const 2))) (local.set $vectors (array.new_default $vectors (i32.const 2)))
    (local.set $funcs (array.new_default $funcs (i32.const 2)))`;

/** Arithmetic that makes the compiler take whole i64 values. */
const arithmetic = `(loop $l
    ${"(local.set $far64 (i64.add (i64.mul (local.get $far64) (i64.const 3)) (local.get $least64)))".repeat(12)}
    (br_if $l (i64.eq (local.get $far64) (i64.const 12345))))`;

/** One function with its operands where they stand, and one that computes them before, one by one. */
interface Case {
  readonly text: string;
  readonly name: string;
  /** What ends it, if one of the operands does. */
  readonly cause: string | null;
  readonly trace: number;
}

function caseOf(shape: Shape, name: string, setting: Setting, random: Random): Case {
  const below: Operand = random.pick(
    setting.dense ? (["i32", "i64"] as const) : (["i32", "i64", "f64", "v128", "any"] as const),
  );
  const operands = [below, ...shape.operands];
  // Calls among the operands, and traps behind one, make engines compute it early: there are functions with few of them.
  const traps = [random.below(operands.length), random.below(operands.length)].slice(random.below(3));
  const others: readonly FillingKind[] = random.once(2) ? ["value"] : ["value", "moment"];
  const fillings = operands.map((type, i) =>
    fillingOf(traps.includes(i) ? "trap" : random.pick(others), type, i + 1, setting, random),
  );
  const consume = (type: Operand): string =>
    random.pick(consumersOf(type === "addr" ? setting.address : type, setting.dense));
  // Results are made one i32, the last one first; what is below them comes last.
  const ends = [...[...shape.results].reverse(), below].map(
    (type, i) => ` ${consume(type)} ${i === 0 ? "" : "local.get $sum i32.add "}local.set $sum `,
  );
  const end = `${shape.close} ${ends.join("")} ${setting.dense ? arithmetic : ""} local.get $sum`;
  const given = shape.given === "i32" ? "" : "unreachable";
  const locals = operands.map((type, i) => `(local $p${i} ${localTypes(setting.address)[type]})`).join(" ");
  const first = fillings.map(({ text }, i) => `${text} local.set $p${i}`).join("\n");
  const write = (exported: string, operandTexts: readonly string[], before: string): string =>
    `(func (export "${exported}") ${head(setting).replace("GIVEN", `(result ${shape.given})`)} (local $sum i32) ${locals}
    ${setting.dense ? "" : variables}\n${before}\n${operandTexts[0]}\n${shape.open} ${operandTexts.slice(1).join("\n")}\n${shape.instr} ${end} ${given})`;
  const inline = write(
    name,
    fillings.map(({ text }) => text),
    "",
  );
  const apart = write(
    `${name} apart`,
    operands.map((_, i) => `local.get $p${i}`),
    first,
  );
  return { name, text: `${inline}\n${apart}`, ...expected(fillings) };
}

function expected(fillings: readonly Filling[]): { cause: string | null; trace: number } {
  let trace = 0;
  for (const { cause, mark } of fillings) {
    if (cause !== null) return { cause, trace };
    if (mark !== null) trace = trace * 10 + mark;
  }
  return { cause: null, trace };
}

type Run = (name: string) => { readonly outcome: string; readonly trace: number };

function instance(runtime: Runtime, bytes: Uint8Array<ArrayBuffer>): Run {
  const module = runtime.instantiate(bytes);
  const reset = module.exportedFunction("reset")!;
  const trace = module.exportedGlobal("trace")!;
  return (name) => {
    reset.call();
    return { outcome: outcomeOf(() => module.exportedFunction(name)!.call(...args)), trace: Number(trace.get()) };
  };
}

function outcomeOf(run: () => unknown): string {
  try {
    return String(run());
  } catch (error) {
    if (error instanceof Trap) return error.code;
    if (error instanceof Exception) return "exception";
    throw error;
  }
}

/** How each cause ends a function that has nothing else. */
function messages(setting: Setting): Map<string, ReadonlySet<string>> {
  const causes = Object.entries(causesOf({ ...setting, dense: false }));
  const functions = causes.flatMap(([cause, list]) =>
    list.map(
      (text, i) =>
        `(func (export "${cause}${i}") ${head({ ...setting, dense: false }).replace("GIVEN", "(result i32)")} ${variables} ${text})`,
    ),
  );
  const bytes = parse(`(module ${preamble(setting)} ${functions.join("\n")})`);
  const run = instance(engines[0]!, bytes);
  return new Map(causes.map(([cause, list]) => [cause, new Set(list.map((_, i) => run(`${cause}${i}`).outcome))]));
}

/** The instructions of a setting: in those with other memories what has addresses, in dense functions numbers alone. */
function shapesIn({ address, shared, dense }: Setting): Shape[] {
  const list = shapes().filter(({ name }) => !(shared && name.startsWith("memory.atomic.wait")));
  if (dense) {
    const numbers: readonly Operand[] = ["i32", "i64", "addr"];
    return list.filter(
      ({ operands, results, name }) =>
        /^[if]\d\d\.|^select$|^local/.test(name) && [...operands, ...results].every((type) => numbers.includes(type)),
    );
  }
  return address === "i32" && !shared ? list : list.filter(({ operands }) => operands.includes("addr"));
}

for (const setting of settings) {
  const { address, shared, dense } = setting;
  test(`operands are computed in order, ${shared ? "shared " : ""}${address} memory${dense ? ", much i64 arithmetic" : ""} (seed ${SEED})`, () => {
    const ends = messages(setting);
    for (const [cause, list] of ends) assert.ok(list.size > 0 && ![...list].some((text) => /^-?\d/.test(text)), cause);
    const random = new Random(SEED);
    const list = shapesIn(setting);
    let trapped = 0;
    for (let from = 0; from < list.length; from += GROUP) {
      const cases = list
        .slice(from, from + GROUP)
        .flatMap((shape, at) =>
          Array.from({ length: VARIANTS * (shape.operands.length + 1) ** 2 }, (_, i) =>
            caseOf(shape, `${shape.name} ${at} ${i}`, setting, random),
          ),
        );
      const bytes = parse(`(module ${preamble(setting)} ${cases.map(({ text }) => text).join("\n")})`);
      const runs = engines.map((runtime) => instance(runtime, bytes));
      for (const one of cases) {
        const wanted = runs[0]!(`${one.name} apart`);
        runs.forEach((run, i) => {
          const got = run(one.name);
          const where = `engine ${i}\n${one.text}`;
          assert.deepEqual(got, wanted, where);
          assert.equal(got.trace, one.trace, where);
          if (one.cause !== null)
            assert.ok(ends.get(one.cause)!.has(got.outcome), `${got.outcome} for ${one.cause}, ${where}`);
        });
        if (one.cause !== null) trapped++;
      }
    }
    assert.ok(trapped > list.length);
  });
}
