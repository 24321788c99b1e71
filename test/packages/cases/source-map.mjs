// source-map: the mappings of assemblyscript's own command, parsed in Rust; looks positions up in both directions.
import sourceMap from "source-map";
import { textOf } from "../files.mjs";

export const about = { package: "source-map" };

const map = JSON.parse(textOf("assemblyscript/dist/asc.js.map"));

export function start() {
  return () =>
    sourceMap.SourceMapConsumer.with(map, null, (consumer) => {
      let count = 0;
      let sum = 0;
      consumer.eachMapping(({ generatedLine, generatedColumn, originalLine, originalColumn }) => {
        count++;
        sum = (Math.imul(sum, 31) + generatedLine + generatedColumn + (originalLine ?? 0) + (originalColumn ?? 0)) | 0;
      });
      const originals = [];
      for (let line = 100; line < 8000; line += 400) originals.push(consumer.originalPositionFor({ line, column: 10 }));
      const source = consumer.sources[0];
      const generated = consumer.allGeneratedPositionsFor({ source, line: 10, column: 0 });
      return { count, sum, sources: consumer.sources.length, originals: originals.map((o) => ({ ...o })), generated };
    });
}
