// The script that times kernels in a host: milliseconds of the shortest of three runs, ours and polywasm's.
import { createWebAssembly } from "door";
import modules from "modules";
import { WebAssembly as polywasm } from "polywasm";

const print = globalThis.print ?? globalThis.console.log;

function time({ Instance, Module }, { binary, n, expected }) {
  try {
    const { run } = new Instance(new Module(binary.slice())).exports;
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const began = Date.now();
      if (run(n) !== expected) return "wrong";
      best = Math.min(best, Date.now() - began);
    }
    return String(best);
  } catch (error) {
    return String(error).slice(0, 60);
  }
}

print(["", ...engines, "polywasm"].join("\t"));
for (const [name, kernel] of Object.entries(modules.timed)) {
  const figures = engines.map((engine) => time(createWebAssembly({ engine }), kernel));
  print([name, ...figures, time(polywasm, kernel)].join("\t"));
}
