// Takes a seed, gives the plan of a module of dense functions: trees, for what encodes it and what shrinks it.
import { bitsFor } from "./constants.mjs";
import { Dice } from "./dice.mjs";
import { makeFunction } from "./function.mjs";
import { exact } from "./node.mjs";
import { addProposals } from "./proposals.mjs";
import { addLinks, aggregates } from "./shared.mjs";

/** What transcript.mjs has for a guest, named after types; a float among the parameters is told as a number, its NaNs are one. */
const hosts = [
  { name: "f_i_i", params: "i", results: "i", cost: 50 },
  { name: "f_li_l", params: "li", results: "l", cost: 50 },
  { name: "f_d_d", params: "D", results: "d", cost: 50 },
  { name: "f_if_f", params: "iF", results: "f", cost: 50 },
  { name: "f_i_lid", params: "i", results: "lid", cost: 50 },
];
const tags = ["", "l", "if", "dv"].map((params) => ({ params, results: "" }));
/** Types of the globals; the first two are digests. */
const globals = "liliifdvlv";
/** The commands whose modules are plans. */
export const planned = ["dense", "linked", "proposals"];

/** What functions are full of. */
const mixtures = ["i", "l", "il", "ill", "fF", "dD", "lD", "ilfFdD", "ilfFdDvVW", "v", "vVWl", "iv", "ld", "ifFv"];

/**
 * The plan of a module of a command. `hasOneNan`: a host may lose the bits of NaNs, so that none is told from others. One of `linked` has all that
 * modules may share, and can be cut up; one of `proposals` has what version 3.0 has not.
 */
export function planOf(seed, { command = "dense", hasOneNan = false } = {}) {
  const dice = new Dice(seed);
  const isLinked = command === "linked" || (command === "proposals" && seed % 4 > 1);
  const types = isLinked ? [...aggregates] : [];
  const plan = { types, functions: [], callees: [], hasOneNan, memories: memoriesOf(dice), grows: dice.once(4) };
  const described = (list) =>
    list.map((one, index) => ({ ...one, index, type: typeOf(plan, one.params, one.results) }));
  plan.hosts = dice.once(3) ? described(hosts) : [];
  plan.tags = described(tags);
  plan.globals = [...globals].map((letter) => ({ letter, bits: bitsFor(letter, dice) }));
  if (hasOneNan) for (const one of plan.globals) if ("fd".includes(one.letter)) one.bits = 0n;
  plan.data = Array.from({ length: 48 }, () => dice.below(256));
  if (isLinked) addLinks(plan, dice);
  if (command === "proposals") addProposals(plan, dice, seed);
  const count = 6 + dice.below(7);
  for (let at = 0; at < count; at++) addFunction(plan, dice);
  return plan;
}

function memoriesOf(dice) {
  const first = dice.once(4) ? "l" : "i";
  return dice.once(2) ? [first] : [first, dice.once(2) ? "i" : "l"];
}

function addFunction(plan, dice) {
  const letters = [...dice.pick(mixtures)].filter((letter) => !(plan.hasOneNan && "VW".includes(letter)));
  const exacts = letters.map(exact);
  const some = (most) => Array.from({ length: dice.below(most + 1) }, () => dice.pick(exacts)).join("");
  const params = dice.once(5) ? some(8) : some(3);
  const results = some(3);
  const length = dice.pick([10, 20, 40, 80, 200]);
  const traps = dice.once(4);
  const isLeaf = dice.once(3);
  const made = makeFunction(dice, plan, { letters, params, results, length, isLeaf, traps });
  const index = plan.hosts.length + plan.functions.length;
  plan.functions.push({ ...made, index });
  const type = typeOf(plan, params, results);
  // What traps would keep its callers from their ends.
  if (!traps) plan.callees.push({ index, params, results, cost: made.cost, type, isLeaf });
}

/** The index of a function type in a plan, which gets it if it has none. */
export function typeOf({ types }, params, results) {
  const key = `${exacts(params)}>${exacts(results)}`;
  if (!types.includes(key)) types.push(key);
  return types.indexOf(key);
}

const exacts = (letters) => [...letters].map(exact).join("");
