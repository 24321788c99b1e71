// Takes the plan of a linked module or of proposals, runs it whole and cut into instances of other engines that import from one another, gives where
// they differ.
import { complaint, judge, tally } from "./check-modules.mjs";
import { Dice } from "./dense/dice.mjs";
import { encodeModule } from "./dense/module.mjs";
import { Oracle } from "./oracle.mjs";
import { transcript } from "./transcript.mjs";
import { chain, engine } from "./zerowasm.mjs";

/** The check of the commands `linked` and `proposals`: what cannot be cut up runs whole on each engine. */
export function linkedCheck({ command, level, engines, self }) {
  const features = command === "proposals" ? [level, "threads", "legacy-exceptions", "wide-arithmetic"] : level;
  const all = engines.map((name) => engine(name, features));
  const [whole] = all;
  const oracle = self ? undefined : new Oracle("run");

  function othersOf(plan, seed) {
    if (plan.links === undefined) return all.slice(1);
    return chainsOf(seed, engines).map((names) => chain(names, features, plan, partsOf(plan, new Dice(seed), names)));
  }

  async function check(seed, bytes, counts, plan) {
    const asked = plan.proposals?.isOurs ? undefined : oracle?.ask(bytes, seed);
    const transcripts = [[whole.name, await transcript(whole, bytes, seed)]];
    for (const one of othersOf(plan, seed)) transcripts.push([one.name, await transcript(one, bytes, seed)]);
    if (asked !== undefined) transcripts.push(["native", await asked]);
    tally(transcripts[0][1], counts);
    const found = judge(transcripts) ?? complaint(transcripts);
    return found === undefined ? [] : [{ ...found, bytes }];
  }
  return { check, close: () => oracle?.close() };
}

/** Each engine first in one chain; over the seeds it stands before each other one. "host" is what the host makes. */
function chainsOf(seed, engines) {
  const at = (index) => engines[index % engines.length];
  return engines.map((name, first) => {
    const names = [name, at(first + seed), at(first + 2 * seed + 1)];
    switch ((first + seed) % 4) {
      case 0:
        return names;
      case 1:
        return ["host", ...names.slice(0, 2)];
      default:
        return names.slice(0, 2);
    }
  });
}

/** The modules of a chain: the functions before the `end` of each that are not in one before it. */
function partsOf(plan, dice, names) {
  const last = plan.functions.length;
  const middle = 1 + dice.below(last - 2);
  const isOfHost = names[0] === "host";
  const between = [middle, middle + 1 + dice.below(last - middle - 1)];
  const ends = [...between.slice(0, names.length - (isOfHost ? 2 : 1)), last];
  const all = { tables: 1 + plan.links.tables.length, memories: plan.memories.length, tags: plan.tags.length };
  const ofHost = isOfHost ? { ...all, globals: plan.links.hostGlobals } : {};
  return ends.map((end, at) => {
    const given = at === 0 ? ofHost : { ...all, functions: ends[at - 1], globals: Number.POSITIVE_INFINITY };
    return { end, bytes: encodeModule(plan, { end, given }) };
  });
}
