// Takes a module, runs it on our engines and on the oracle, gives where two of them differ.
import { compare } from "./difference.mjs";
import { Oracle } from "./oracle.mjs";
import { transcript } from "./transcript.mjs";
import { engine } from "./zerowasm.mjs";

/** The check of the command `modules`. */
export function modulesCheck({ command, level, engines, self }) {
  const ownsGenerator = command === "dense";
  const ours = engines.map((name) => engine(name, level));
  const oracle = self ? undefined : new Oracle("run");

  async function check(seed, bytes, counts) {
    const asked = oracle?.ask(bytes, seed);
    const transcripts = [];
    for (const one of ours) transcripts.push([one.name, await transcript(one, bytes, seed)]);
    if (asked !== undefined) transcripts.push(["native", await asked]);
    tally(transcripts[0][1], counts);
    const found = judge(transcripts) ?? (ownsGenerator ? complaint(transcripts) : undefined);
    return found === undefined ? [] : [{ ...found, bytes }];
  }
  return { check, close: () => oracle?.close() };
}

/** The first pair of engines that differ, or why that cannot be told. */
export function judge(transcripts) {
  let inconclusive;
  const [firstName, firstLines] = transcripts[0];
  for (const [name, lines] of transcripts.slice(1)) {
    const found = compare(firstLines, lines);
    if (found?.kind === "difference") return { ...found, sides: [firstName, name] };
    if (found !== undefined) inconclusive ??= { kind: "inconclusive", why: reasonOf(found.why) };
  }
  return inconclusive;
}

/** A mistake of our own generator: wasm-smith's makes modules that are not valid on purpose. */
export function complaint([[name, [first = ""]]]) {
  if (!/^(?:invalid|link|error): /.test(first)) return undefined;
  const ours = "a module that can be run";
  return { kind: "difference", at: 0, ours, theirs: first, sides: ["wanted", name], isUnusable: true };
}

/** What stays of a reason when seeds are counted: no offsets, no function indices. */
function reasonOf(line) {
  return line
    .replace(/^stop: /, "")
    .split(/ at offset| in function|[(:]\s*0x/)[0]
    .slice(0, 80);
}

export function tally(lines, counts) {
  const count = (pattern) => lines.filter((line) => pattern.test(line)).length;
  counts.add("calls", count(/^~call\//));
  counts.add("traps", count(/trap: /));
  counts.add("exceptions", count(/\) exception/));
}
