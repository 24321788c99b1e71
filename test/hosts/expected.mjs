// Takes what a host printed, gives where it differs from expected.txt, which each engine's section has to be.
import { readFileSync } from "node:fs";

const expected = readFileSync(new URL("expected.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");

/** The bits of a signalling NaN that compiled code moved as a number, where the host has one NaN for all. */
const oneNaN = /^(floats\(\d\)): 2143289344$/;

/** The lines that differ; a compiler's NaNs may be the host's. */
export function differences(printed) {
  const lines = printed.trim().split("\n");
  const found = lines.pop() === "end" ? [] : ["the program did not end"];
  for (const section of lines.join("\n").split(/^# /m).slice(1)) {
    const [engine, ...rest] = section.trim().split("\n");
    for (let i = 0; i < Math.max(rest.length, expected.length); i++) {
      const isFree = engine === "compiler" && oneNaN.exec(rest[i] ?? "")?.[1] === /^[^:]*/.exec(expected[i] ?? "")[0];
      if (rest[i] !== expected[i] && !isFree) found.push(`${engine}: ${rest[i]} instead of ${expected[i]}`);
    }
  }
  return found;
}
