// Takes the numbers of a small run, draws them, looks at the drawing.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

interface Run {
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly engines: readonly string[];
  readonly samplesNs: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, readonly number[] | null>>>>>
  >;
}

const { plot } = (await import(pathToFileURL(resolve("bench/plot.mjs")).href)) as { plot: (run: Run) => string };

const run: Run = {
  conditions: { base: "native", host: "Node <20>", cpu: "a & b", rounds: 3 },
  engines: ["native", "compiler", "switch"],
  samplesNs: {
    execute: {
      fib: { native: [12, 10], compiler: [10, 11], switch: [300, 200] },
      sha512: { native: [10], compiler: [40], switch: null },
    },
  },
};

test("each ratio is a mark, on a logarithmic scale", () => {
  const svg = plot(run);
  const places = new Map(
    [...svg.matchAll(/translate\(([\d.]+),[\d.]+\)"><title>([^<]*)<\/title>/g)].map(([, x, title]) => [
      title,
      Number(x),
    ]),
  );
  assert.deepEqual(
    [...places.keys()],
    [
      "geometric mean, compiler: 2.00",
      "geometric mean, switch: 20.0",
      "fib, compiler: 1.00",
      "fib, switch: 20.0",
      "sha512, compiler: 4.00",
    ],
  );
  const at = (title: string): number => places.get(title)!;
  const octave = at("geometric mean, compiler: 2.00") - at("fib, compiler: 1.00");
  assert.ok(octave > 20);
  assert.ok(Math.abs(at("sha512, compiler: 4.00") - at("fib, compiler: 1.00") - 2 * octave) < 0.3);
});

test("text is escaped, tags are closed, both grounds have colours", () => {
  const svg = plot(run);
  assert.ok(svg.includes("Node &#60;20&#62;, a &#38; b"));
  assert.match(svg, /prefers-color-scheme:dark/);
  for (const tag of ["svg", "g", "text", "title", "style"]) {
    assert.equal(svg.split(`<${tag}`).length, svg.split(`</${tag}>`).length, tag);
  }
});

test("where there is nothing to draw, that is said", () => {
  assert.throws(() => plot({ ...run, samplesNs: {} }), /no ratios/);
});
