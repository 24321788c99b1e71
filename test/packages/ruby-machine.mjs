// Takes a binary of @ruby/3.4-wasm-wasi and what it mounts, gives a machine of the package's own glue that runs scripts.
import { RubyVM } from "@ruby/wasm-wasi";
import { bytesOf } from "./files.mjs";
import { programOf } from "./wasi.mjs";

export async function rubyOf(file, mounts) {
  const program = await programOf(bytesOf(`@ruby/3.4-wasm-wasi/dist/${file}`));
  const vm = new RubyVM();
  const imports = {};
  vm.addToImports(imports);
  const { exports, printed } = program.reactor(imports, mounts);
  // The glue takes an instance of the namespace in force, or compiles by itself.
  await vm.setInstance(Object.create(WebAssembly.Instance.prototype, { exports: { value: exports } }));
  vm.initialize();
  return {
    /** What a script prints. */
    run(script) {
      const before = printed().length;
      vm.eval(`${script}\n$stdout.flush`);
      return printed().slice(before);
    },
  };
}
