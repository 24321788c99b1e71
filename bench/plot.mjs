// Takes the numbers of a run, gives an SVG of the kernels' ratios to the base engine, on a logarithmic scale. `node plot.mjs RESULTS.json FILE.svg`
// draws what `--json` kept.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { geomean, least } from "./report.mjs";

const ROW = 18;
const LEFT = 120;
const TOP = 56;
const WIDTH = 760;
const RIGHT = 24;

/** Shapes tell engines apart where colours do not. Each is drawn around 0, 0. */
const marks = [
  { light: "#0b62c4", dark: "#6cb0ff", path: "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z" },
  { light: "#b3470a", dark: "#ff9d57", path: "M-4,-4h8v8h-8z" },
  { light: "#0a7d55", dark: "#4fd1a0", path: "M0,-5.2L5,3.8H-5z" },
  { light: "#8d2f8b", dark: "#e38be0", path: "M0,-5.4L5.4,0L0,5.4L-5.4,0z" },
  { light: "#6b6200", dark: "#d6c84a", path: "M0,5.2L5,-3.8H-5z" },
  { light: "#5a5f66", dark: "#a8b0ba", path: "M-1.6,-5h3.2v3.4H5v3.2H1.6V5h-3.2V1.6H-5v-3.2h3.4z" },
];

/** One SVG that is readable on light and on dark ground. */
export function plot({ conditions, engines, samplesNs }) {
  const { base } = conditions;
  const rows = rowsOf(samplesNs.execute ?? {}, engines, base);
  const others = engines.filter((engine) => engine !== base && rows.some(({ ratios }) => ratios[engine] !== undefined));
  const values = rows.flatMap(({ ratios }) => others.map((engine) => ratios[engine]).filter(Number.isFinite));
  if (values.length === 0) throw new Error("there are no ratios of kernels to draw: --phases execute, and two engines");
  const ticks = ticksFor(Math.min(1, ...values), Math.max(...values));
  const [low, high] = [ticks[0], ticks[ticks.length - 1]].map(Math.log);
  const x = (ratio) => round(LEFT + ((Math.log(ratio) - low) / (high - low)) * (WIDTH - LEFT - RIGHT));
  const y = (row) => TOP + ROW * (row + 0.5) + (row > 0 ? 6 : 0);
  const bottom = y(rows.length - 1) + ROW / 2;
  const parts = [head(bottom + 64), legend(others), grid(ticks, x, bottom, base)];
  rows.forEach(({ name, ratios }, i) => {
    const bold = i === 0 ? ' font-weight="600"' : "";
    parts.push(`<text x="${LEFT - 10}" y="${y(i) + 4}" text-anchor="end"${bold}>${escaped(name)}</text>`);
    others.forEach((engine, k) => {
      if (ratios[engine] === undefined) return;
      const tip = `<title>${escaped(`${name}, ${engine}: ${ratios[engine].toPrecision(3)}`)}</title>`;
      parts.push(`<g transform="translate(${x(ratios[engine])},${y(i)})">${tip}${mark(k)}</g>`);
    });
  });
  const { host, cpu, rounds } = conditions;
  const note = `${host}, ${cpu}; minima of ${rounds} rounds, one run`;
  parts.push(`<text class="soft" x="${LEFT}" y="${bottom + 52}">${escaped(note)}</text>`, "</svg>\n");
  return parts.join("\n");
}

/** The geometric mean of each engine, then the kernels. */
function rowsOf(execute, engines, base) {
  const rows = Object.entries(execute).map(([name, row]) => {
    const ratio = (engine) =>
      row[engine]?.length && row[base]?.length ? least(row[engine]) / least(row[base]) : undefined;
    return { name, ratios: Object.fromEntries(engines.map((engine) => [engine, ratio(engine)])) };
  });
  const mean = (engine) => geomean(rows.map(({ ratios }) => ratios[engine]).filter((ratio) => ratio !== undefined));
  return [
    { name: "geometric mean", ratios: Object.fromEntries(engines.map((engine) => [engine, mean(engine)])) },
    ...rows,
  ];
}

/** Powers of ten and their doubles and fives around the values. */
function ticksFor(least, greatest) {
  const all = [];
  for (let power = -3; power <= 5; power++) for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${power}`));
  const first = all.findLastIndex((tick) => tick <= least);
  const last = all.findIndex((tick) => tick >= greatest * 1.02);
  return all.slice(Math.max(first, 0), last < 0 ? undefined : last + 1);
}

function head(height) {
  const colours = (ground) => marks.map((one, i) => `.m${i}{fill:${one[ground]}}`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Ratios by kernel">
<style>
text{font:12px system-ui,sans-serif;fill:#1f2328}.soft{fill:#59636e}line{stroke:#d1d9e0}.one{stroke:#59636e}${colours("light")}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9198a1}line{stroke:#30363d}.one{stroke:#9198a1}${colours("dark")}}
</style>`;
}

function legend(engines) {
  let x = LEFT;
  return engines
    .map((engine, k) => {
      const entry = `<g transform="translate(${x + 5},20)">${mark(k)}</g><text x="${x + 15}" y="24">${escaped(engine)}</text>`;
      x += 34 + 7 * engine.length;
      return entry;
    })
    .join("\n");
}

function grid(ticks, x, bottom, base) {
  const lines = ticks.map((tick) => {
    const line = `<line${tick === 1 ? ' class="one"' : ""} x1="${x(tick)}" y1="${TOP - 10}" x2="${x(tick)}" y2="${bottom}"/>`;
    return `${line}<text class="soft" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`;
  });
  return `${lines.join("\n")}\n<text class="soft" x="${LEFT}" y="${bottom + 34}">times ${escaped(base)}'s time; less is better</text>`;
}

function mark(k) {
  return `<path class="m${k % marks.length}" d="${marks[k % marks.length].path}"/>`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [results, out] = process.argv.slice(2);
  writeFileSync(out, plot(JSON.parse(readFileSync(results, "utf8"))));
}
