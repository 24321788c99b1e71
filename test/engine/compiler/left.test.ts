// No function of the specification's scripts is left to the interpreter, in no form and from no loop on.
import assert from "node:assert/strict";
import test from "node:test";
import { FunctionEmitter } from "#dist/engine/compiler/emit.js";
import { ModuleNames } from "#dist/engine/compiler/names.js";
import { printFunction } from "#dist/engine/compiler/print-function.js";
import { NotCompilable } from "#dist/engine/compiler/writer.js";
import { build } from "#dist/ir/build.js";
import { type Stmt, StmtKind } from "#dist/ir/tree.js";
import type { ValidatedModule } from "#dist/syntax/module.js";
import { runScript } from "../../spec/runner.ts";
import { findScripts, howToFetch } from "../../spec/scripts.ts";

/** The labels of the loops in a list. */
function loopsIn(body: readonly Stmt[]): number[] {
  return body.flatMap(({ kind, label, body: inner, otherwise }) => [
    ...(kind === StmtKind.Loop ? [label] : []),
    ...loopsIn(inner ?? []),
    ...loopsIn(otherwise ?? []),
  ]);
}

/** Prints a function in both forms, from its beginning and from each of its loops; gives why some of these cannot be. */
function reasonsToLeave(module: ValidatedModule, index: number): string[] {
  const reasons: string[] = [];
  for (const asynchronous of [false, true]) {
    const tree = build(module, index, asynchronous);
    for (const label of [-1, ...loopsIn(tree.body)]) {
      const names = new ModuleNames(module, 1000, new Set([index]), asynchronous);
      try {
        const { main, pieces } = printFunction(names, tree, index, { positions: false, label });
        new Function(`${[main, ...pieces].join("\n")}${names.endings()}`);
      } catch (error) {
        reasons.push(`function ${index} from ${label}: ${(error as Error).message}`);
      }
    }
  }
  return reasons;
}

const scripts = findScripts();

if (scripts === undefined) console.log(howToFetch);
else {
  test("every function of the specification's scripts is compiled, from its beginning and from each loop", (t) => {
    const { run } = FunctionEmitter.prototype;
    const seen = new WeakMap<ValidatedModule, Set<number>>();
    const left: string[] = [];
    let printed = 0;
    let script = "";
    FunctionEmitter.prototype.run = function (this: FunctionEmitter): string {
      const { module, index } = this;
      const known = seen.get(module) ?? new Set();
      seen.set(module, known);
      if (!known.has(index)) {
        known.add(index);
        printed++;
        for (const reason of reasonsToLeave(module, index)) left.push(`${script}, ${reason}`);
      }
      try {
        return run.call(this);
      } catch (error) {
        if (error instanceof NotCompilable) left.push(`${script}, function ${index}: ${error.message}`);
        throw error;
      }
    };
    t.after(() => {
      FunctionEmitter.prototype.run = run;
    });
    for (const { path, file } of scripts) {
      script = path;
      runScript({ path, file }, { engine: "compiler", eager: true });
    }
    assert.ok(printed > 8000, `only ${printed} functions were printed`);
    assert.deepEqual(left, []);
  });
}
