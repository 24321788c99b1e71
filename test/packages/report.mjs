// Takes the outcomes of cases, prints them as lines for people or as the Markdown table of the documentation.
import { cpus } from "node:os";

const widths = [26, 12, 11, 8, 11, 8];

const milliseconds = (ms) => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0));
const figure = (ratio) => (ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(1));
const ratio = (outcome, native, what) =>
  outcome.verdict === "yes" && native.verdict === "yes" ? figure(outcome[what] / native[what]) : "–";

function line(cells) {
  console.log(
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i] ?? 0)))
      .join(" ")
      .trimEnd(),
  );
}

/** Prints one case's lines, under a head where it is the first. */
export function table({ name }, outcomes, isFirst) {
  if (isFirst) line(["case", "engine", "start-up ms", "×native", "run ms", "×native", "  works"]);
  for (const [engine, outcome] of Object.entries(outcomes)) {
    const figures =
      outcome.verdict === "yes"
        ? ["startUp", "run"].flatMap((what) => [
            milliseconds(outcome[what]),
            outcomes.native.verdict === "yes" ? ratio(outcome, outcomes.native, what) : "–",
          ])
        : ["–", "–", "–", "–"];
    line([name, engine, ...figures, `  ${outcome.verdict.slice(0, 90)}`]);
  }
}

/** Prints all cases as one Markdown table: native's milliseconds, and of the others how many times as long they take. */
export function markdown(rows, engines) {
  const others = engines.filter((name) => name !== "native");
  const cpu = cpus();
  console.log(
    `<!-- Node ${process.versions.node}, ${cpu.length} × ${cpu[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)} -->\n`,
  );
  const head = ["case", "package", "Wasm, KB"];
  for (const what of ["start-up", "run"]) head.push(`${what}: native, ms`, ...others);
  console.log(`| ${head.join(" | ")} |`);
  console.log(`|${" --- |".repeat(2)}${" ---: |".repeat(head.length - 2)}`);
  for (const { name, package: from, version, outcomes } of rows) {
    const { native } = outcomes;
    const size = native.binaries?.reduce((sum, bytes) => sum + bytes, 0) / 1000;
    const cells = [name, `${from} ${version}`, Number.isFinite(size) ? size.toFixed(0) : "–"];
    for (const what of ["startUp", "run"]) {
      cells.push(native.verdict === "yes" ? milliseconds(native[what]) : "–");
      for (const engine of others) cells.push(ratio(outcomes[engine], native, what));
    }
    console.log(`| ${cells.join(" | ")} |`);
  }
  const remarks = rows.flatMap(({ name, outcomes }) => {
    return Object.entries(outcomes)
      .filter(([, { verdict }]) => verdict !== "yes")
      .map(([engine, { verdict }]) => `- \`${name}\`, ${engine}: ${verdict.slice(0, 120)}`);
  });
  if (remarks.length > 0) console.log(`\n${remarks.join("\n")}`);
}
