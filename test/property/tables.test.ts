// Takes random operations on two tables, compares them with arrays: references, null, growth, overlap and both ends.
import assert from "node:assert/strict";
import test from "node:test";
import { type Module, Runtime, Trap } from "zerowasm";
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";
import { dispatches } from "./engines.ts";
import { Random } from "./random.ts";

const SEED = 314;
const OPERATIONS = 3000;
const FUNCTIONS = 5;
const SIZES = [12, 7] as const;
const LIMIT = 40;
/** Which function each entry of the passive segment is. */
const SEGMENT = [4, 3, 2, 1, 0, 0, 2];
const OUT = "out of bounds table access";

/** An element: the number of a function, or null. */
type Element = number | null;

const get = (index: number): Instr => ["local.get", index];

/** Functions `name0` and `name1` for the two tables, `copyXY`, and `take` that reads a reference from a third. */
function build(): Uint8Array<ArrayBuffer> {
  const builder = new ModuleBuilder();
  const id = builder.type([], ["i32"]);
  for (let i = 0; i < FUNCTIONS; i++) builder.function({ results: ["i32"] }, ["i32.const", i]);
  builder.declare(...Array.from({ length: FUNCTIONS }, (_, i) => i));
  const tables = SIZES.map((size) => builder.table("funcref", size, LIMIT));
  builder.elements(undefined, SEGMENT);
  const take = (name: string, count: number, results: readonly string[], ...body: Instr[]) =>
    builder.function({ params: new Array(count).fill("i32"), results, export: name }, ...body);
  // A reference to function `n` of 5, or null: block by block, and left on the stack.
  const pick = (n: number): Instr[] => [
    ...[["ref.null", "func"] as const],
    ...Array.from({ length: FUNCTIONS }, (_, i): Instr[] => [
      ["local.set", 3],
      ["ref.func", i],
      ["local.get", 3],
      ["local.get", n],
      ["i32.const", i],
      "i32.eq",
      ["select_t", 1, 0x70], // one type: funcref
    ]).flat(),
  ];
  const withReference = (name: string, results: readonly string[], ...body: Instr[]) =>
    builder.function({ params: ["i32", "i32", "i32"], results, locals: ["funcref"], export: name }, ...body);
  for (const t of tables) {
    take(`size${t}`, 0, ["i32"], ["table.size", t]);
    take(`call${t}`, 1, ["i32"], get(0), ["call_indirect", id, t]);
    take(`isNull${t}`, 1, ["i32"], get(0), ["table.get", t], "ref.is_null");
    withReference(`set${t}`, [], get(0), ...pick(1), ["table.set", t]);
    withReference(`fill${t}`, [], get(0), ...pick(1), get(2), ["table.fill", t]);
    withReference(`grow${t}`, ["i32"], ...pick(1), get(0), ["table.grow", t]);
    take(`init${t}`, 3, [], get(0), get(1), get(2), ["table.init", 1, t]);
    for (const u of tables) take(`copy${t}${u}`, 3, [], get(0), get(1), get(2), ["table.copy", t, u]);
  }
  take("drop", 0, [], ["elem.drop", 1]);
  return builder.build();
}

const within = (start: number, count: number, length: number): void => {
  if (start + count > length) throw new Error(OUT);
};

/** The same on arrays. */
class Model {
  readonly tables: Element[][] = SIZES.map((size) => new Array<Element>(size).fill(null));
  segment: readonly number[] = SEGMENT;

  run(name: string, t: number, u: number, args: readonly number[]): number | undefined {
    const table = this.tables[t]!;
    const [a, b, c] = args.map((arg) => arg >>> 0) as [number, number, number];
    const element: Element = b < FUNCTIONS ? b : null;
    switch (name) {
      case "size":
        return table.length;
      case "call":
        if (a >= table.length) throw new Error("undefined element");
        if (table[a] === null) throw new Error(`uninitialized element ${a}`);
        return table[a]!;
      case "isNull":
        within(a, 1, table.length);
        return table[a] === null ? 1 : 0;
      case "set":
        within(a, 1, table.length);
        table[a] = element;
        return undefined;
      case "fill":
        within(a, c, table.length);
        for (let i = 0; i < c; i++) table[a + i] = element;
        return undefined;
      case "grow":
        if (table.length + a > LIMIT) return -1;
        return table.push(...new Array<Element>(a).fill(element)) - a;
      case "init":
        within(b, c, this.segment.length);
        within(a, c, table.length);
        for (let i = 0; i < c; i++) table[a + i] = this.segment[b + i]!;
        return undefined;
      case "copy": {
        const from = this.tables[u]!;
        within(b, c, from.length);
        within(a, c, table.length);
        const taken = from.slice(b, b + c);
        taken.forEach((one, i) => {
          table[a + i] = one;
        });
        return undefined;
      }
      default:
        this.segment = [];
        return undefined;
    }
  }
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof Trap) return error.code;
    if (error instanceof Error && error.constructor === Error) return error.message;
    throw error;
  }
}

/** Every element of every table, by calling it. */
function contents(module: Module): Element[][] {
  return SIZES.map((_, t) =>
    Array.from({ length: module.exportedFunction(`size${t}`)!.call() as number }, (_, i) =>
      module.exportedFunction(`isNull${t}`)!.call(i) === 1
        ? null
        : (module.exportedFunction(`call${t}`)!.call(i) as number),
    ),
  );
}

const counts: Readonly<Record<string, number>> = { size: 0, call: 1, isNull: 1, init: 3, copy: 3, drop: 0 };

for (const dispatch of dispatches) {
  test(`${dispatch}: ${OPERATIONS} table operations do what arrays do (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const module = new Runtime({ engine: "interpreter", dispatch }).instantiate(build());
    const model = new Model();
    const number = (): number => {
      if (random.once(8)) return random.pick([LIMIT, LIMIT + 1, 0x7fffffff, -0x80000000, -1]);
      return random.below(random.pick([4, 8, 14, 20]));
    };
    const names = ["size", "call", "call", "isNull", "set", "set", "fill", "grow", "init", "copy", "copy", "copy"];
    for (let i = 0; i < OPERATIONS; i++) {
      const name = i === OPERATIONS - 300 ? "drop" : random.pick(names);
      const [t, u] = [random.below(2), random.below(2)];
      const args = Array.from({ length: counts[name] ?? 3 }, number);
      if (name === "grow" && !random.once(10)) args[0] = random.below(3);
      const exported = name === "drop" ? name : `${name}${t}${name === "copy" ? u : ""}`;
      const wanted = outcome(() => model.run(name, t, u, args));
      const got = outcome(() => module.exportedFunction(exported)!.call(...args));
      assert.deepEqual(got, wanted, `operation ${i}: ${exported}(${args})`);
      if (i % 10 === 0) assert.deepEqual(contents(module), model.tables, `after operation ${i}: ${exported}(${args})`);
    }
    assert.deepEqual(contents(module), model.tables);
  });
}
