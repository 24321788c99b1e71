// The command: `npm run fuzz -- [COMMAND] [options]`. Exit code 0: no difference; 1: a difference; 2: a wrong option or a missing part.
import { parseArgs } from "node:util";
import { planned } from "./dense/plan.mjs";
import { checkBuild, MissingPart } from "./parts.mjs";
import { fuzz } from "./threads.mjs";

const usage = `npm run fuzz -- [COMMAND] [options]

  modules             random modules on our engines and on the oracle (the default)
  dense               modules of functions that are dense with work and seldom trap, on the same
  linked              the same cut up, instances that import from one another, each on another engine
  proposals           dense modules with what version 3.0 has not: atomics, legacy exceptions; every second one also with wide
                      arithmetic and relaxed vectors, on our engines alone
  mutants             mutants of random modules: is each valid, for us and for the oracle?
  texts               random modules as texts, and mutants of the texts: printed, parsed, printed again

  --level LEVEL       wasm1, wasm2 or wasm3 (the default)
  --without FEATURES  features to leave out, such as simd,gc
  --seed N            the first seed (default 1)
  --count N           how many seeds (default 1000)
  --jobs N            threads (default 1), each with an oracle of its own
  --engines NAMES     our engines (default: all there are in this build)
  --self              our engines against each other, without the oracle
  --elements          our compiler prints what it prints for JavaScriptCore
  --one-nan           \`dense\` tells no NaN from others: for hosts that lose their bits
  --shrink            cuts what \`dense\` finds down to as little as still differs
  --no-corpus         leaves out the seeds of corpus.json`;

const options = {
  level: { type: "string", default: "wasm3" },
  without: { type: "string", default: "" },
  seed: { type: "string", default: "1" },
  count: { type: "string", default: "1000" },
  jobs: { type: "string", default: "1" },
  engines: { type: "string" },
  self: { type: "boolean", default: false },
  corpus: { type: "boolean", default: true },
  elements: { type: "boolean", default: false },
  "one-nan": { type: "boolean", default: false },
  shrink: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

class UsageError extends Error {}

function wholeNumber(name, text) {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} is a whole number, got ${text}`);
  return Number(text);
}

function parse() {
  try {
    return parseArgs({ options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

async function main() {
  const { values, positionals } = parse();
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [command = "modules", ...rest] = positionals;
  if (rest.length > 0 || !["modules", ...planned, "mutants", "texts"].includes(command))
    throw new UsageError(`no command "${positionals.join(" ")}"`);
  if (!/^wasm[123]$/.test(values.level)) throw new UsageError(`no level ${values.level}`);
  checkBuild();
  const { available } = await import("./zerowasm.mjs");
  const engines = values.engines?.split(",") ?? available();
  const missing = engines.filter((name) => !available().includes(name));
  if (missing.length > 0) throw new UsageError(`no engine ${missing.join(", ")}: there are ${available().join(", ")}`);
  const differences = await fuzz({
    ...values,
    command,
    engines,
    seed: wholeNumber("seed", values.seed),
    count: wholeNumber("count", values.count),
    jobs: wholeNumber("jobs", values.jobs),
  });
  return differences > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError || error instanceof MissingPart)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
