// Takes a namespace and a line printer, runs guests that show a bit of everything: the same lines in every host.
import modules from "modules";

/** The kernels of bench, each `run(n)` with a known result, and what about it hosts get wrong. */
export function kernels({ Instance, Module }, print) {
  for (const [name, { binary, n, expected }] of Object.entries(modules.kernels)) {
    const result = new Instance(new Module(binary)).exports.run(n);
    print(`${name}(${n}): ${result === expected ? "as expected" : `${result}, not ${expected}`}`);
  }
}

/** Calls each export of a module with each argument, and tells what came of it. */
function called(own, { exports }, print) {
  const { e, memory, ...functions } = exports;
  for (const [name, f] of Object.entries(functions))
    for (const n of [1, 6]) print(`${name}(${n}): ${outcome(own, () => f(n), e)}`);
  memory?.grow(1);
  if (memory !== undefined) print(`memory: ${memory.buffer.byteLength}, then ${outcome(own, () => functions.bulk(3))}`);
}

function outcome(own, act, tag) {
  try {
    return String(act());
  } catch (error) {
    if (tag !== undefined && error instanceof own.Exception)
      return `thrown ${error.getArg(tag, 0)} ${error.getArg(tag, 1)}`;
    return `${error.constructor === own.RuntimeError ? "RuntimeError" : error.name}: ${error.message}`;
  }
}

/** Deep calls: of a guest by itself, and of a guest and its host by turns. Afterwards the guest is as good as new. */
function deep(own, print) {
  const module = new own.Module(modules.deep);
  const { exports } = new own.Instance(module, { env: { back: (n) => exports.through(n) } });
  print(`deep enough: ${outcome(own, () => exports.down(1000))}`);
  print(`through the host: ${outcome(own, () => exports.through(20))}`);
  for (let i = 0; i < 2; i++) {
    print(`without an end: ${outcome(own, () => exports.down(-1))}`);
    print(`wide, without an end: ${outcome(own, () => exports.wide(-1))}`);
    print(`through the host without an end: ${outcome(own, () => exports.through(-1))}`);
  }
  print(`and again: ${outcome(own, () => exports.down(1000))}`);
  print(`tail calls: ${outcome(own, () => exports.tail(100000))}`);
}

/** Everything that goes without waiting, with one engine. */
export function program(createWebAssembly, engine, print) {
  const own = createWebAssembly({ engine });
  kernels(own, print);
  called(own, new own.Instance(new own.Module(modules.everything)), print);
  called(own, new own.Instance(new own.Module(modules.traps)), print);
  print(`malformed: ${outcome(own, () => new own.Module(new Uint8Array([0, 97, 115, 109, 2])))}`);
  print(`unlinked: ${outcome(own, () => new own.Instance(new own.Module(modules.deep), { env: {} }))}`);
  deep(own, print);
}

/** What waits: the namespace's promises, and a host function that returns one. */
export async function promises(createWebAssembly, engine, print) {
  const own = createWebAssembly({ engine });
  const { instance } = await own.instantiate(modules.deep, { env: { back: (n) => n * 2 } });
  print(`instantiated: ${instance.exports.through(21)}`);
  print(`refused: ${await own.compile(new Uint8Array(3)).catch((error) => error.name)}`);
}

/** A program on WASI, and a suspended call, by the door `zerowasm` or `zerowasm/interpreter`. */
export async function runtime({ Runtime }, wasi, config, print) {
  const own = new Runtime(config);
  wasi.instantiate(own);
  const stdout = (bytes) => print(String.fromCharCode(...bytes).trim());
  own.instantiate(modules.hello, { args: ["hello", "ada"], stdout });
  own
    .hostModule("env")
    .function("back", { params: ["i32"], results: ["i32"] }, async (n) => n + 1)
    .instantiate();
  print(`suspended: ${await own.instantiate(modules.deep).exportedFunction("through").callAsync(1)}`);
}
