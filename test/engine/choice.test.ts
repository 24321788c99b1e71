// Which engine a runtime gets: the compiler where the host makes code from text, and the interpreter without a try where it is asked for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";

/** What a process prints that counts its tries to make code from text, and evaluates an expression over the two doors. */
function evaluate(expression: string, ...flags: readonly string[]): string {
  const script = `
    let tries = 0;
    const { Function: Native } = globalThis;
    globalThis.Function = new Proxy(Native, { construct: (target, args) => (tries++, Reflect.construct(target, args)) });
    const { Runtime, UnsupportedError } = await import("zerowasm");
    const interpreter = await import("zerowasm/interpreter");
    console.log(${expression});`;
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  assert.doesNotMatch(stderr, /Error/);
  return stdout.trim();
}

const forbidden = "--disallow-code-generation-from-strings";
const refusal = `(() => { try { new Runtime({ engine: "compiler" }) } catch (e) { return e instanceof UnsupportedError && e.message } })()`;

const cases: readonly (readonly [title: string, expression: string, printed: string, ...flags: string[]])[] = [
  ["auto is the compiler", "new Runtime().engine", "compiler"],
  ["auto without a JIT too", "new Runtime().engine", "compiler", "--jitless"],
  ["auto where code from text is forbidden is the interpreter", "new Runtime().engine", "interpreter", forbidden],
  ["the host is asked once", "[new Runtime().engine, new Runtime().engine, tries].join()", "compiler,compiler,1"],
  ["the interpreter never asks", `[new Runtime({ engine: "interpreter" }).engine, tries].join()`, "interpreter,0"],
  ["the interpreter's door never asks", "[new interpreter.Runtime().engine, tries].join()", "interpreter,0"],
  [
    "the compiler is refused where code from text is forbidden",
    refusal,
    `this host makes no code from text: use engine "interpreter" or "auto"`,
    forbidden,
  ],
];

for (const [title, expression, printed, ...flags] of cases) {
  test(title, () => assert.equal(evaluate(expression, ...flags), printed));
}
