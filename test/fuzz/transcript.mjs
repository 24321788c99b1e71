// Takes a module, an engine and a seed, gives all that can be seen when the module runs, as lines. Each engine's process makes its own.
import { createHash } from "node:crypto";
import { argumentsFor, hostValues, Random } from "./random.mjs";

/** How a line begins after which nothing can be compared: the engines may have gone different ways. */
export const inconclusive = /^stop: /;

const callsEach = 3;

/** What memories hold before the first call: in zeros a copy too far cannot be seen. */
const noise = createHash("shake256", { outputLength: 1 << 16 })
  .update("zerowasm")
  .digest();

/** A value of the host as text. */
function label(value) {
  if (value === null) return "null";
  if (typeof value === "number" || typeof value === "bigint") return Object.is(value, -0) ? "-0" : String(value);
  const at = hostValues.indexOf(value);
  return at < 0 ? "other" : `host${at}`;
}

/** Host functions, named `f_PARAMS_RESULTS`: results depend on nothing but the arguments and how many calls came before. */
function imports(lines) {
  let calls = 0;
  const hash = (args) => {
    let sum = ++calls;
    for (const arg of args)
      sum = (Math.imul(sum, 31) + [...label(arg)].reduce((h, c) => h * 7 + c.charCodeAt(0), 0)) | 0;
    return sum;
  };
  const makers = {
    i: (sum) => sum,
    l: (sum) => BigInt(sum) * 0x100000001n,
    f: (sum) => Math.fround(sum / 8),
    d: (sum) => sum / 1024,
    x: (sum, args) => (sum % 3 === 0 ? null : args[0]),
  };
  const make = (name) => {
    const results = name.split("_")[2];
    return (...args) => {
      const sum = hash(args);
      lines.push(`host ${name} ${args.map(label).join(" ")}`);
      const values = [...results].map((letter) => makers[letter](sum, args));
      return values.length > 1 ? values : values[0];
    };
  };
  const names = ["f__", "f_i_i", "f_li_l", "f_d_d", "f_if_f", "f_i_lid", "f_x_x"];
  return { host: Object.fromEntries(names.map((name) => [name, make(name)])) };
}

/** The tag of an exception and the numbers it carries. */
function exceptionLine(error, instance) {
  const tags = instance?.exports.filter((name) => name.startsWith("~tag/")) ?? [];
  const name = tags.find((name) => error.is(instance.tag(name)));
  if (name === undefined) return "exception";
  const letters = [...name.split("/")[2]];
  const values = letters.map((letter, at) => (letter === "-" ? "-" : label(error.getArg(instance.tag(name), at))));
  return `exception ${name} ${values.join(" ")}`;
}

/**
 * All of it. An engine has `open(bytes, imports)`, which gives an instance, at once or later, or throws, `isException(error)`, and
 * `outcome(error)`, which gives a line for what else was thrown. An instance has `exports`, their names, and functions
 * `call`, `global`, `memory`, `table`, `tag`.
 */
export async function transcript(engine, bytes, seed) {
  const lines = [];
  let instance;
  const outcome = (error) => (engine.isException(error) ? exceptionLine(error, instance) : engine.outcome(error));
  try {
    instance = await engine.open(bytes, imports(lines));
  } catch (error) {
    lines.push(outcome(error));
    return lines;
  }
  const run = async (name, args) => {
    const registers = Number(name.split("/").at(-1));
    let end = "";
    try {
      await instance.call(name, args);
      for (let at = 0; at < registers; at++) end += `${BigInt.asUintN(64, instance.global(`~r${at}`)).toString(16)} `;
    } catch (error) {
      end = outcome(error);
      if (inconclusive.test(end)) {
        lines.push(end);
        return false;
      }
    }
    lines.push(`${name}(${args.map(label)}) ${end}`);
    return true;
  };
  const random = new Random(seed);
  const exports = instance.exports;
  for (const name of exports) {
    const memory = instance.memory(name);
    memory?.set(noise.subarray(0, Math.min(noise.length, memory.length)));
  }
  const wrappers = exports.filter((name) => name.startsWith("~call/"));
  for (let round = 0; round < callsEach; round++) {
    for (const name of wrappers) if (!(await run(name, argumentsFor(name.split("/")[2], random)))) return lines;
  }
  for (const name of exports) if (name.startsWith("~state/") && !(await run(name, []))) return lines;
  for (const name of exports) {
    const bytes = instance.memory(name);
    if (bytes !== undefined) lines.push(`memory ${bytes.length} ${createHash("sha1").update(bytes).digest("hex")}`);
    const functions = instance.table(name);
    if (functions !== undefined) lines.push(`table ${functions}`);
  }
  return lines;
}
