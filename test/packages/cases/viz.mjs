// @viz-js/viz: Graphviz built with Emscripten, the binary inside of its JavaScript. Lays a graph out by each of its programs.
import { instance } from "@viz-js/viz";
import { sha256 } from "../files.mjs";

export const about = { package: "@viz-js/viz" };

const edges = Array.from({ length: 40 }, (_, i) => `n${(i * 7) % 23} -> n${(i * 11 + 5) % 23} [label="${i}"];`);
const graph = `digraph G { rankdir=LR; node [shape=record];
  subgraph cluster_a { label="α & β"; n0; n1; n2; }
  n3 [label="{one|two|<here> three}"]; n4 -> n3:here;
  ${edges.join("\n  ")} }`;

export async function start() {
  const viz = await instance();
  return () => {
    const drawn = Object.fromEntries(
      ["dot", "neato", "circo", "twopi", "osage"].map((engine) => [
        engine,
        sha256(viz.renderString(graph, { engine, format: "svg" })),
      ]),
    );
    const { objects } = viz.renderJSON(graph);
    const wrong = viz.render("digraph { a -> ", { format: "plain" });
    return {
      version: viz.graphvizVersion,
      drawn,
      positions: objects.map(({ name, pos }) => [name, pos ?? null]),
      wrong,
    };
  };
}
