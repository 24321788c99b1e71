// Takes a module, makes mutants of it, gives those on which the oracle's validator and ours disagree, or whose error is not one of ours.
import { InvalidError, MalformedError, Runtime } from "../../dist/index.js";
import { mutate } from "./mutate.mjs";
import { Oracle } from "./oracle.mjs";
import { Random } from "./random.mjs";
import { reasonFor } from "./verdicts.mjs";

/** Mutants of each module. */
const each = 40;

/** What the oracle has on by default. */
const features = ["wasm3", "threads", "legacy-exceptions"];

/** The check of the command `mutants`. */
export function mutantsCheck({ self }) {
  const runtime = new Runtime({ features });
  const oracle = self ? undefined : new Oracle("validate");

  async function check(seed, bytes, counts) {
    const random = new Random(seed);
    const mutants = Array.from({ length: each }, () => mutate(bytes, random));
    const asked = oracle?.ask(Buffer.concat(mutants.flatMap((mutant) => [lengthOf(mutant), mutant])), seed);
    const verdicts = mutants.map((mutant) => verdictOf(runtime, mutant));
    counts.add("mutants", each);
    counts.add("valid", verdicts.filter((verdict) => verdict === "").length);
    const answers = asked === undefined ? verdicts : await asked;
    if (answers.length !== each) return [{ kind: "inconclusive", why: answers[0] }];
    return verdicts.flatMap((ours, at) => judge(ours, answers[at], { at, bytes: mutants[at] }));
  }
  return { check, close: () => oracle?.close() };
}

function judge(ours, native, { at, bytes }) {
  const difference = {
    kind: "difference",
    at,
    bytes,
    sides: ["ours", "native"],
    ours: ours || "valid",
    theirs: native || "valid",
  };
  if (ours.startsWith("error: ")) return [difference];
  if ((ours === "") === (native === "")) return [];
  const why = reasonFor(ours, native);
  return why === undefined ? [difference] : [{ kind: "inconclusive", why }];
}

/** Nothing for a valid module, else what is wrong with it. */
function verdictOf(runtime, bytes) {
  try {
    runtime.compile(bytes);
    return "";
  } catch (error) {
    const told = error instanceof MalformedError || error instanceof InvalidError;
    if (told && error.offset >= 0 && error.offset <= bytes.length) return error.message;
    return `error: ${error?.stack ?? error}`;
  }
}

function lengthOf(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
}
