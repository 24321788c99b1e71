// Takes a module, prints it and parses that, then does it with mutants of the text: nothing but a TextError may come of them, and what
// is accepted has to be well-formed, and the same again when it is printed and parsed.
import { InvalidError, MalformedError, Runtime } from "../../dist/index.js";
import { parse, print, TextError } from "../../dist/text/index.js";
import { compare } from "./difference.mjs";
import { mutate } from "./mutate.mjs";
import { mutateText } from "./mutate-text.mjs";
import { Random } from "./random.mjs";
import { transcript } from "./transcript.mjs";
import { engine } from "./zerowasm.mjs";

/** Mutants of each text. */
const each = 15;
/** Mutants of each binary, of which the valid ones are printed too. */
const odd = 10;

const runtime = new Runtime({
  features: ["wasm3", "threads", "legacy-exceptions", "wide-arithmetic", "custom-page-sizes"],
});

/** The check of the command `texts`. */
export function textsCheck({ level, engines }) {
  const runner = engine(engines[0], level);

  async function check(seed, bytes, counts) {
    const random = new Random(seed);
    const found = [];
    const guard = async (at, bytes, work) => {
      try {
        await work();
      } catch (error) {
        const theirs = String(error?.stack ?? error);
        found.push({ kind: "difference", at, bytes, sides: ["wanted", "got"], ours: "the same again", theirs });
      }
    };
    const form = random.pick(["folded", "flat"]);
    let text = "";
    await guard("print", bytes, async () => {
      text = print(bytes, { form });
      const again = roundTrip(bytes, form);
      const [before, after] = [await transcript(runner, bytes, seed), await transcript(runner, again, seed)];
      const difference = compare(before, after);
      if (difference?.kind === "difference") throw new Error(`${difference.ours}\nbecame\n${difference.theirs}`);
    });
    for (let i = 0; i < odd; i++) {
      const mutant = mutate(bytes, random);
      if (!isValid(mutant, false)) continue;
      counts.add("odd binaries");
      await guard(`binary${i}`, mutant, () => roundTrip(mutant, form));
    }
    for (let i = 0; i < each; i++) {
      const mutant = mutateText(text, random);
      counts.add("mutants");
      await guard(`text${i}`, Buffer.from(mutant), () => checkText(mutant, form, counts));
    }
    return found;
  }
  return { check, close: () => {} };
}

/** Fails where what is printed does not parse, or prints otherwise then. */
function roundTrip(binary, form) {
  const text = print(binary, { form });
  const again = parse(text);
  const second = print(again, { form });
  if (second !== text) throw new Error(`printed otherwise the second time\n${firstDifference(text, second)}`);
  if (Buffer.compare(parse(second), again) !== 0) throw new Error("parsed otherwise the second time");
  return again;
}

function firstDifference(a, b) {
  const [lines, others] = [a.split("\n"), b.split("\n")];
  const at = lines.findIndex((line, i) => line !== others[i]);
  return `${lines[at]}\n${others[at]}`;
}

function checkText(text, form, counts) {
  let binary;
  try {
    binary = parse(text);
  } catch (error) {
    if (error instanceof TextError && error.line > 0 && error.column > 0 && error.offset <= text.length) return;
    throw error;
  }
  counts.add("accepted");
  if (!isValid(binary, true)) return;
  counts.add("valid");
  const again = roundTrip(binary, form);
  // Text that parsed is encoded one way only.
  if (Buffer.compare(again, binary) !== 0) throw new Error("printed and parsed to other bytes");
}

/** Fails where the binary is neither valid nor invalid. What the parser gives is not malformed either. */
function isValid(binary, isParsed) {
  try {
    runtime.compile(binary);
    return true;
  } catch (error) {
    if (error instanceof InvalidError || (error instanceof MalformedError && !isParsed)) return false;
    throw error;
  }
}
