// Takes a function of a plan, gives what transcript.mjs calls: a function of integers that leaves everything in registers.
import { left } from "./function.mjs";
import { around, branch, constant, longsOf, node, unsigned } from "./node.mjs";
import { tellings } from "./shared.mjs";

/** The letters of a wrapper's parameters for one: floats come as their bits, a vector as two halves. */
const crossing = { i: "i", l: "l", f: "f", d: "d", v: "ll" };
const crossingTypes = { i: "i", l: "l", f: "i", d: "l" };

/** A function that calls another one, and leaves its results and the digests in registers. */
export function wrapperOf({ params, results, index }, plan) {
  const letters = [...params].map((letter) => crossing[letter]).join("");
  const own = [...letters].map((letter) => crossingTypes[letter]).join("");
  let at = 0;
  const get = () => node(own[at], [], 0x20, at++);
  const values = [...params].map((letter) => {
    if (letter === "f") return node("f", [get()], 0xbe);
    if (letter === "d") return node("d", [get()], 0xbf);
    if (letter === "v") return node("v", [node("v", [get()], 0xfd, 18), get()], 0xfd, 30, 1);
    return get();
  });
  let locals = own;
  const kept = [...results].map((letter) => {
    locals += letter;
    return locals.length - 1;
  });
  let register = plan.globals.length;
  const record = (value) => node("", [value], 0x24, ...unsigned(register++));
  const sets = [...kept].reverse().map((local) => node("", [], 0x21, ...unsigned(local)));
  const told = kept.flatMap((local, i) => longsOf(node(results[i], [], 0x20, ...unsigned(local))).map(record));
  const digests = [record(node("l", [], 0x23, 0)), record(node("l", [node("i", [], 0x23, 1)], 0xad))];
  const body = [
    ...values,
    node(undefined, [], 0x10, ...unsigned(index)),
    ...sets,
    ...told,
    ...digests,
    record(sumOf(plan)),
  ];
  return { letters, params: own, results: "", label: {}, locals, body, registers: register - plan.globals.length };
}

const sumOf = (plan) => node("l", [], 0x10, ...unsigned(plan.hosts.length + plan.functions.length));

/** A function that takes what locals left in memory together. */
export function sumFunction({ memories: [type] }) {
  const label = {};
  const at = () => node(type, [], 0x20, 0);
  const [add, less] = type === "i" ? [0x6a, 0x49] : [0x7c, 0x54];
  const load = node("l", [at()], 0x29, 3, ...unsigned(left));
  const turned = node("l", [node("l", [], 0x20, 1), constant("l", 9)], 0x89);
  const next = node(type, [at(), constant(type, 8)], add, 0x22, 0);
  const again = branch("", [node("i", [next, constant(type, 512)], less)], 0x0d, label);
  const loop = around("loop", { label, body: [node("", [node("l", [turned, load], 0x85)], 0x21, 1), again] });
  return {
    params: "",
    results: "l",
    label: {},
    locals: `${type}l`,
    body: [loop, node("l", [], 0x20, 1)],
  };
}

/** A function that leaves all globals in registers. */
export function stateFunction(plan) {
  const { globals, links } = plan;
  let register = globals.length;
  const numbers = globals.flatMap(({ letter }, at) =>
    letter === undefined ? [] : longsOf(node(letter, [], 0x23, at)),
  );
  const told = links === undefined ? numbers : [...numbers, ...tellings(plan)];
  const body = told.map((value) => node("", [value], 0x24, ...unsigned(register++)));
  return { letters: "", params: "", results: "", label: {}, locals: "", body, registers: register - globals.length };
}
