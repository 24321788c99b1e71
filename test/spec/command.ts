// `npm run spec`: runs the specification's scripts, prints a table by folder and form of dispatch, and what went wrong.
import { parseArgs } from "node:util";
import type { RuntimeConfig } from "zerowasm";
import { judge } from "./expected-failures.ts";
import { forms } from "./forms.ts";
import { runScript } from "./runner.ts";
import { findScripts, folderOf, howToFetch, type Script } from "./scripts.ts";

const usage = `npm run spec -- [words] [--engine interpreter|compiler] [--dispatch switch|closures] [--verbose]
The compiler compiles everything up front; the default is the interpreter in both forms, then the compiler. Words choose the scripts whose path has one of them. --verbose also lists errors of another wording.`;

interface Row {
  commands: number;
  failed: number;
  expected: number;
  wordings: number;
  milliseconds: number;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      engine: { type: "string" },
      dispatch: { type: "string" },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const scripts = findScripts(positionals);
  if (scripts === undefined) {
    console.error(howToFetch);
    process.exitCode = 1;
    return;
  }
  const chosen = forms.filter(
    ({ config: { engine, dispatch } }) =>
      (values.engine ?? engine) === engine && (values.dispatch ?? dispatch ?? "") === (dispatch ?? ""),
  );
  if (chosen.length === 0) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const rows: [name: string, row: Row][] = [];
  for (const { name, config } of chosen) {
    for (const [folder, row] of runFolders(scripts, name, config, values.verbose))
      rows.push([`${folder}\t${name}`, row]);
  }
  printTable(rows);
}

function runFolders(
  scripts: readonly Script[],
  form: string,
  config: RuntimeConfig,
  verbose: boolean,
): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const script of scripts) {
    const folder = folderOf(script);
    const row = rows.get(folder) ?? { commands: 0, failed: 0, expected: 0, wordings: 0, milliseconds: 0 };
    rows.set(folder, row);
    const report = runScript(script, config);
    const { expectedCount, news } = judge(script.path, report);
    row.commands += report.commands;
    row.failed += news.length;
    row.expected += expectedCount;
    row.wordings += report.wordings.length;
    row.milliseconds += report.milliseconds;
    for (const text of news) console.log(`${script.file}:${text} (${form})`);
    if (verbose) {
      for (const { line, message } of report.wordings) console.log(`${script.file}:${line}: wording ${message}`);
    }
    if (news.length > 0) process.exitCode = 1;
  }
  return rows;
}

function printTable(rows: readonly [name: string, row: Row][]): void {
  const total = { commands: 0, failed: 0, expected: 0, wordings: 0, milliseconds: 0 };
  for (const [, row] of rows) for (const key of Object.keys(total) as (keyof Row)[]) total[key] += row[key];
  const cells = [["folder", "engine", "commands", "passed", "failed", "expected", "other wording", "ms"]];
  for (const [name, row] of [...rows, ["all\t", total] as const]) {
    const passed = row.commands - row.failed - row.expected;
    const numbers = [row.commands, passed, row.failed, row.expected, row.wordings, Math.round(row.milliseconds)];
    cells.push([...name.split("\t"), ...numbers.map(String)]);
  }
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  for (const row of cells) {
    console.log(row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "));
  }
}

main();
