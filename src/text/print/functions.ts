// Takes the code section, gives `(func …)` (specification: 6.6.7 Functions, 5.5.13 Code section).
import { MalformedError } from "../../api/errors.ts";
import type { Reader } from "../../binary/reader.ts";
import { type BodyFacts, readLocals, walkCode } from "./code.ts";
import type { CodeScope } from "./code-scope.ts";
import { type Expression, expressionLines, lineText, widthOf } from "./expression.ts";
import { FlatForm } from "./flat.ts";
import { FoldedForm } from "./folded.ts";
import { Labels } from "./labels.ts";
import { maxWidth, wrapped } from "./lines.ts";
import { noNames } from "./names.ts";
import { type ModuleScope, namedList } from "./scope.ts";

/** The lines of a function that is not imported; `exports` are the inline ones. */
export function functionLines(scope: ModuleScope, index: number, exports: string, isFlat: boolean): readonly string[] {
  const { module, ids, hints } = scope;
  const body = index - module.importedFunctions;
  const type = module.functions[index];
  const start = module.bodyStart[body];
  const reader = scope.readerAt(start);
  reader.end = module.bodyEnd[body];
  const { params, results } = scope.signature(type);
  const locals = readLocals(reader, scope);
  const names = ids.locals(index, params.length + locals.length);
  const code: CodeScope = { scope, locals: names, labels: new Labels() };
  const head = `  (func${ids.functions.definition(index)}${exports}${scope.typeUse(type, names)}`;
  const facts: BodyFacts = {
    results: results.length,
    hints: hints.byFunction.get(index),
    start,
    blockName: (block) => ids.label(index, block),
  };
  const lines = [head, ...wrapped(namedList("local", locals, names, params.length), 2)];
  for (const line of bodyLines(reader, code, facts, isFlat)) lines.push(line);
  if (reader.pos !== reader.end) throw new MalformedError("END opcode expected", reader.pos);
  if (isFlat && lines.length > 1) lines.push("  )");
  else lines[lines.length - 1] += ")";
  return lines;
}

function bodyLines(reader: Reader, code: CodeScope, facts: BodyFacts, isFlat: boolean): readonly string[] {
  if (isFlat) {
    const form = new FlatForm(2);
    walkCode(reader, code, facts, form);
    return form.lines;
  }
  const form = new FoldedForm();
  walkCode(reader, code, facts, form);
  return expressionLines(form.expressions, 2);
}

/** Reads a constant expression, gives folded expressions. */
export function readExpressions(reader: Reader, scope: ModuleScope): readonly Expression[] {
  const code: CodeScope = { scope, locals: noNames, labels: new Labels() };
  const form = new FoldedForm();
  walkCode(reader, code, { results: 1, hints: undefined, start: 0, blockName: () => undefined }, form);
  return form.expressions;
}

/** Expressions in one line where they fit there, and else below. */
export function expressionText(expressions: readonly Expression[]): string {
  if (widthOf(expressions) < maxWidth) return expressions.map(lineText).join(" ");
  return `\n${expressionLines(expressions, 2).join("\n")}`;
}

/** A form that may be written without its word where it holds one expression: `(offset …)`, `(item …)`. */
export function wordText(word: string, expressions: readonly Expression[]): string {
  const text = expressionText(expressions);
  return expressions.length === 1 ? text : `(${word} ${text})`;
}
