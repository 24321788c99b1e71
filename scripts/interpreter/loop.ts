// Takes the list of opcodes, gives the switch loop (src/engine/interpreter/loop.ts).
import { type CodeOp, fillOperands } from "./op.ts";
import { isCold, type specials as specialOps } from "./ops.ts";

const operand = (n: number): string => `C[pc + ${n}]`;

function finish(source: string): string {
  return fillOperands(source, operand)
    .replace(/@fail\((\d+)((?:, \d+)?)\)/g, (_, code: string, by: string) => trapAt(code, by))
    .replace(
      /@check\((\d+)((?:, \d+)?)\)/g,
      (_, size: string, by: string) => `if (x > limit - ${size}) ${trapAt("4", by)}`,
    );
}

/** The second half of a joined opcode traps at a position of its own: the word before its operands. */
function trapAt(code: string, by: string): string {
  return by === "" ? `trap(${code})` : `{ pc += ${by.slice(2)}; trap(${code}); }`;
}

function caseOf(op: CodeOp): string {
  const body = finish(op.body).trim();
  const statements = body === "" || body.endsWith(";") ? body : `${body};`;
  const next = `pc += ${op.length}; continue;`;
  if (op.condition === undefined) return `${statements} ${next}`;
  const target = operand(op.length - 1);
  if (op.condition === "true") return `pc = ${target}; continue;`;
  return `${statements} if (${finish(op.condition)}) { pc = ${target}; continue; } ${next}`;
}

function coldCaseOf(op: CodeOp): string {
  return `${finish(op.body)}; return pc + ${op.length};`;
}

/** Calls the function whose meta offset is \`x\` with its frame at \`z\`, to return to \`y\`. */
const enter = `w = M[x];
          if (w === 0) { w = code.translate(x >> 2) | 0; C = code.words; }
          t = M[x + 1];
          if (z + M[x + 3] > REGISTER_WORDS || ++depth > maxDepth) trap(9);
          I[z + t] = y; I[z + t + 1] = fp;
          for (u = M[x + 2]; u < t; u++) I[z + u] = 0;
          fp = z; pc = w;
          continue;`;

/** What another function does: it takes the loop's locals from the activation, and leaves there where to go on. */
const leave = `a.failedAt = pc; a.fp = fp; a.depth = depth;
      if (outside(a, C, pc, pc + lengths[C[pc]])) return 1;
      instance = a.instance; code = instance.engineState as ModuleCode; C = code.words; M = code.meta;
      G = instance.globalWords; T = firstTable(instance); V = firstView(instance); limit = V.byteLength;
      pc = a.pc | 0; fp = a.fp | 0; depth = a.depth | 0;`;

/** Opcodes that `outside` does. */
const outsideOps = [
  "crossReturn",
  "callImport",
  "callRef",
  "tailCallImport",
  "tailCallIndirect",
  "tailCallRef",
  "throw",
  "throwRef",
  "compiled",
  "profile",
] as const;

/** Opcodes that count down, and then are done outside too. */
const counters: readonly (readonly [name: string, body: string])[] = [
  ["count", "if (C[pc + 1] > 0) { C[pc + 1]--; pc += 4; continue; } break;"],
  ["countLoop", "if (C[pc + 1] > 0) { C[pc + 1]--; pc += 5; continue; } break;"],
];

/** Cases in their order, by name: one without a body falls through to the next. What breaks is done outside. */
const bodies: readonly (readonly [name: string, body: string])[] = [
  ["call", `x = C[pc + 1]; z = fp + C[pc + 2]; y = pc + 3; ${enter}`],
  ["ret", "x = fp + C[pc + 1]; depth--; pc = I[x]; fp = I[x + 1]; continue;"],
  ["brTable", "x = I[fp + C[pc + 2]]; y = C[pc + 1]; if (x < 0 || x > y) x = y; pc = C[pc + 3 + x]; continue;"],
  [
    "rare",
    `pc = executeRare(instance, C, pc, fp) | 0;
          V = firstView(instance); limit = V.byteLength;
          continue;`,
  ],
  ["aggregate", "pc = executeAggregate(instance, C, pc, fp) | 0; continue;"],
  [
    "tailCall",
    `x = C[pc + 1]; w = M[x];
          if (w === 0) { w = code.translate(x >> 2) | 0; C = code.words; }
          if (fp + M[x + 3] > REGISTER_WORDS) trap(9);
          y = fp + C[pc + 4]; al = I[y]; ah = I[y + 1];
          z = fp + C[pc + 2]; t = C[pc + 3];
          for (u = 0; u < t; u++) I[fp + u] = I[z + u];
          t = M[x + 1];
          for (u = M[x + 2]; u < t; u++) I[fp + u] = 0;
          I[fp + t] = al; I[fp + t + 1] = ah; pc = w;
          continue;`,
  ],
  [
    "callIndirect",
    `x = I[fp + C[pc + 3]] >>> 0;
          {
            const table = C[pc + 4] === 0 ? T : instance.tables[C[pc + 4]].elements;
            if (x < table.length) {
              const f = table[x] as FunctionInstance | null;
              if (f !== null && f.type === C[pc + 1] && f.instance === instance) {
                x = f.index << 2; z = fp + C[pc + 2]; y = pc + 5; ${enter}
              }
            }
          }
          break;`,
  ],
  ...counters,
  ...outsideOps.slice(0, -1).map((name) => [name, ""] as const),
  [outsideOps.at(-1)!, "break;"],
];

/** What cases and the loop around them may take from outside. */
const outsideNames = [
  "HIGH",
  "REGISTER_WORDS",
  "doubles",
  "executeAggregate",
  "executeRare",
  "f32FromI64S",
  "f32FromI64U",
  "firstTable",
  "firstView",
  "floatMax",
  "floatMin",
  "floatNearest",
  "getEntry",
  "i32Ctz",
  "i32Popcnt",
  "i32SatS",
  "i32SatU",
  "i64DivS",
  "i64DivU",
  "i64RemS",
  "i64RemU",
  "i64SatS",
  "i64SatU",
  "lengths",
  "outside",
  "references",
  "runCold",
  "runVectors",
  "setEntry",
  "singles",
  "trap",
  "words",
];

export function printLoop(specials: typeof specialOps, ops: readonly CodeOp[]): string {
  const first = specials.length;
  const firstVector = first + ops.findIndex(({ vector }) => vector !== undefined);
  const lines = (wanted: boolean): string[] =>
    ops.flatMap((op, i) =>
      isCold(op) === wanted && op.closureOnly !== true && op.vector === undefined
        ? [`        case ${first + i}: ${wanted ? coldCaseOf(op) : caseOf(op)}`]
        : [],
    );
  const numbers = new Map(specials.map(({ name }, code) => [name, code]));
  const cases = [...bodies.map(([name, body]) => `        case ${numbers.get(name)}: ${body}`), ...lines(false)];
  const loop = `  return function runLoop(a) {
    // Locals: the same speed as what is outside, and a tenth less bytecode, of which V8 optimises at most 60 KiB.
    const I = words, R = references, F = singles, D = doubles;
    let instance = a.instance, code = instance.engineState as ModuleCode, C = code.words, M = code.meta;
    let G = instance.globalWords, T = firstTable(instance), V = firstView(instance), limit = V.byteLength;
    // Said to be words: V8 would keep them as tagged numbers, and check them at each use.
    let pc = a.pc | 0, fp = a.fp | 0, depth = a.depth | 0;
    const maxDepth = Math.min(a.maxDepth, REGISTER_WORDS) | 0;
    let x = 0, y = 0, z = 0, w = 0, d = 0, lo = 0, al = 0, ah = 0, bl = 0, bh = 0, u = 0, v = 0, t = 0;
    try {
      for (;;) {
        switch (C[pc]) {
${cases.join("\n")}
          // Last, as V8 counts a call for as much as what stands before its return: see dispatch.ts.
          case ${numbers.get("exit")}: a.pc = pc; a.fp = fp; return 0;
          default:
            if (C[pc] < ${firstVector}) { pc = runCold(C, pc, fp, V, limit) | 0; continue; }
            pc = runVectors(C, pc, fp, V, limit, G) | 0;
            if (pc < 0) { pc = ~pc; trap(4); }
            continue;
        }
        ${leave}
      }
    } catch (error) {
      if (a.failedAt < 0) { a.failedAt = pc; a.fp = fp; }
      throw error;
    }
  };`;
  const names = outsideNames.filter((name) => new RegExp(`\\b${name}\\b`).test(loop));
  return `// Generated by scripts/print-loop.ts: takes an activation, runs its packed code by one switch until it ends or suspends.
// @ts-nocheck templates coerce comparisons to numbers
import { getEntry, setEntry } from "../../instance/struct.ts";
import { trap } from "../../instance/trap.ts";
import type { FunctionInstance } from "../../instance/function.ts";
import { HIGH, i32Ctz, i32Popcnt, i64DivS, i64DivU, i64RemS, i64RemU } from "../../num/integer.ts";
import { f32FromI64S, f32FromI64U, floatMax, floatMin, floatNearest, i32SatS, i32SatU, i64SatS, i64SatU } from "../../num/float.ts";
import { type Activation, firstTable, firstView } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { executeAggregate } from "./aggregates.ts";
import { lengths } from "./codes.generated.ts";
import { outside } from "./outside.ts";
import { executeRare } from "./rare.ts";
import { D as doubles, F as singles, I as words, R as references, REGISTER_WORDS } from "./registers.ts";
import { runVectors } from "./vectors.generated.ts";

/** Runs until the activation ends (0) or is left: a host function suspends it, or its code has another form (1). */
export type Loop = (a: Activation) => 0 | 1;

/** Makes the loop. It sees nothing but what it is given, so that its text is all that it takes to make it again. */
export function makeLoop(${names.map((name) => `${name}: unknown`).join(", ")}): Loop {
${loop}
}

/** The loop as a function makes it that has the text of \`makeLoop\`; \`left\` does what leads out of it. */
export function loopBy(make: typeof makeLoop, left: typeof outside = outside): Loop {
  return make(${names.map((name) => (name === "outside" ? "left" : name)).join(", ")});
}

/** Opcodes met too seldom to have a place in the loop: does the one at \`pc\` and gives the position after it. */
function runCold(C: Int32Array, pc: number, fp: number, V: DataView, limit: number): number {
  const I = words, R = references, F = singles, D = doubles;
  let x = 0, y = 0, d = 0, lo = 0, al = 0, ah = 0, bl = 0, bh = 0, u = 0, v = 0;
  switch (C[pc]) {
${lines(true).join("\n")}
  }
  throw new Error(\`unknown opcode \${C[pc]}\`);
}
`;
}
