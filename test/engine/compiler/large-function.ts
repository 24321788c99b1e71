// Takes a seed, gives a module whose function is too long for the host's JIT: a loop around a jump table, as interpreters in C have it.
import { parse } from "zerowasm/text";
import { Random } from "../../property/random.ts";

const ARMS = 90;
const TYPES = ["i32", "i64", "f32", "f64"] as const;
const PER_TYPE = 4;
const REFERENCE = 18;
const VECTOR = 19;
const STEPS = 1;
const STATE = 0;

type Type = (typeof TYPES)[number];

/** `run(state, steps)` gives a number that all locals went into; `env.at(step)` is called by some arms and may give a promise. */
export function largeModule(seed: number, { trapping = false } = {}): Uint8Array {
  const random = new Random(seed);
  const arms = Array.from({ length: ARMS }, (_, i) => `(block $a${ARMS - 1 - i} `).join("");
  const list = Array.from({ length: ARMS }, (_, i) => `$a${i}`).join(" ");
  const bodies = Array.from({ length: ARMS }, (_, i) => `) ${arm(random, i, trapping)}`).join("\n");
  const locals = TYPES.flatMap((type) => Array(PER_TYPE).fill(type)).join(" ");
  return parse(`(module
    (import "env" "at" (func $at (param i32) (result i32)))
    (memory (export "memory") 1 2)
    (global $g (mut i64) (i64.const 7))
    (func (export "run") (param i32 i32) (result i32) (local ${locals}) (local externref v128)
      (loop $next
        (block $end
          (br_if $end (i32.eqz (local.get ${STEPS})))
          (local.set ${STEPS} (i32.sub (local.get ${STEPS}) (i32.const 1)))
          (local.set ${STATE} (i32.add (i32.mul (local.get ${STATE}) (i32.const 1103515245)) (i32.const 12345)))
          ${arms}
          (br_table ${list} (i32.rem_u (i32.shr_u (local.get ${STATE}) (i32.const 8)) (i32.const ${ARMS})))
          ${bodies}
          (br $next)))
      ${sum()})
    )`);
}

function sum(): string {
  const all = [
    "(local.get 0)",
    ...localsOf("i32").map((local) => `(local.get ${local})`),
    ...localsOf("i64").map(
      (local) => `(i32.wrap_i64 (i64.xor (local.get ${local}) (i64.shr_u (local.get ${local}) (i64.const 32))))`,
    ),
    ...localsOf("f32").map((local) => number("f32", local, `(i32.reinterpret_f32 (local.get ${local}))`)),
    ...localsOf("f64").map((local) =>
      number("f64", local, `(i32.wrap_i64 (i64.rotl (i64.reinterpret_f64 (local.get ${local})) (i64.const 20)))`),
    ),
    `(ref.is_null (local.get ${REFERENCE}))`,
    `(i32x4.extract_lane 2 (local.get ${VECTOR}))`,
    "(i32.wrap_i64 (global.get $g))",
  ];
  return all.reduce((left, right) => `(i32.add (i32.mul ${left} (i32.const 31)) ${right})`);
}

/** The bits of a float; which NaN arithmetic gives of two is left open, and V8's tiers do not agree. */
function number(type: Type, local: number, bits: string): string {
  return `(select ${bits} (i32.const 1) (${type}.eq (local.get ${local}) (local.get ${local})))`;
}

function localsOf(type: Type): number[] {
  return Array.from({ length: PER_TYPE }, (_, i) => 2 + TYPES.indexOf(type) * PER_TYPE + i);
}

function arm(random: Random, number: number, trapping: boolean): string {
  const lines = Array.from({ length: 4 + random.below(20) }, () => statement(random));
  if (random.once(3)) lines.push(`(local.set ${random.pick(localsOf("i32"))} (call $at (local.get ${STEPS})))`);
  if (trapping && number === ARMS - 5) lines.push("(drop (i32.load (i32.const -1)))");
  if (random.once(6)) lines.push("(br_if $end (i32.eq (local.get 0) (i32.const 77)))");
  if (random.once(40)) lines.push(`(return (local.get ${random.pick(localsOf("i32"))}))`);
  const exits = ["", "(br $next)", "(br $next)"];
  if (number < ARMS - 1) exits.push(`(br $a${number + 1 + random.below(ARMS - 1 - number)})`);
  return `${lines.join("\n")} ${random.pick(exits)}`;
}

function statement(random: Random): string {
  const type = random.pick(TYPES);
  const set = `(local.set ${random.pick(localsOf(type))} ${expression(random, type, 3)})`;
  switch (random.below(12)) {
    case 0:
      return `(if (i32.lt_u ${expression(random, "i32", 1)} ${expression(random, "i32", 1)}) (then ${set}) (else ${statement(random)}))`;
    case 1:
      return `(i32.store16 offset=4 (i32.and ${expression(random, "i32", 2)} (i32.const 0xfff0)) ${expression(random, "i32", 2)})`;
    case 2:
      return `(global.set $g ${expression(random, "i64", 2)})`;
    case 3:
      return `(local.set ${REFERENCE} ${random.once(2) ? "(ref.null extern)" : `(local.get ${REFERENCE})`})`;
    case 4:
      return `(local.set ${VECTOR} (i32x4.add (local.get ${VECTOR}) (i32x4.splat ${expression(random, "i32", 1)})))`;
    case 5:
      return `(block (br_if 0 ${expression(random, "i32", 1)}) ${set} ${statement(random)})`;
    default:
      return set;
  }
}

function expression(random: Random, type: Type, depth: number): string {
  if (depth === 0 || random.once(4))
    return random.once(3) ? `(${type}.const ${random.below(1000)})` : `(local.get ${random.pick(localsOf(type))})`;
  const [a, b] = [expression(random, type, depth - 1), expression(random, type, depth - 1)];
  if (type === "f32" && random.once(6)) return `(f32.reinterpret_i32 ${expression(random, "i32", depth - 1)})`;
  if (type === "f64" && random.once(6)) return `(f64.convert_i32_s ${expression(random, "i32", depth - 1)})`;
  if (type === "i64" && random.once(6)) return `(i64.extend_i32_s ${expression(random, "i32", depth - 1)})`;
  if (type === "i32" && random.once(6)) return `(i32.wrap_i64 ${expression(random, "i64", depth - 1)})`;
  if (type === "i32" && random.once(6)) return `(i32.load (i32.and ${a} (i32.const 0xfffc)))`;
  const integer = ["add", "sub", "xor", "mul", "shl"];
  return `(${type}.${random.pick(type.startsWith("i") ? integer : ["add", "sub"])} ${a} ${b})`;
}
