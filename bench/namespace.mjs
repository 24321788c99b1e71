// The few calls of the host's WebAssembly namespace that glue code makes, over a runtime of zerowasm. For benchmarks only.

/** Glue counts on conversions. */
function coerced(f, [type]) {
  if (type === "i32") return (...args) => f(...args) | 0;
  return type === "f32" || type === "f64" ? (...args) => Number(f(...args)) : f;
}

class RuntimeError extends Error {}

/** A namespace whose modules are a runtime's. */
export function namespaceOf(runtime) {
  /** Of each exported function, the runtime's own. */
  const originals = new WeakMap();
  const wrappers = new WeakMap();

  const wrapFunction = (f) => {
    let wrapper = wrappers.get(f);
    if (wrapper === undefined) {
      const { length } = f.definition.params;
      // Glue may leave arguments out.
      wrapper = (...args) => f.call(...Array.from({ length }, (_, i) => args[i] ?? 0));
      wrappers.set(f, wrapper);
      originals.set(wrapper, f);
    }
    return wrapper;
  };

  const wrapTable = (table) => ({
    get length() {
      return table.length;
    },
    get: (i) => (table.get(i) === null ? null : wrapFunction(table.get(i))),
    set: (i, f) => table.set(i, f === null ? null : originals.get(f)),
    grow: (delta) => table.grow(delta, null),
  });

  const wrapMemory = (memory) => ({
    get buffer() {
      return memory.subarray(0, 0).buffer;
    },
    grow: (delta) => memory.grow(delta),
  });

  class Module {
    constructor(bytes) {
      this.compiled = runtime.compile(bytes);
    }
  }

  class Instance {
    constructor(module, imports = {}) {
      const instance = runtime.instantiate(module.compiled, {
        imports: given(module.compiled, imports),
        startFunctions: [],
      });
      this.exports = Object.create(null);
      for (const { name, extern } of module.compiled.exports) {
        if (extern.kind === "function") this.exports[name] = wrapFunction(instance.exportedFunction(name));
        else if (extern.kind === "memory") this.exports[name] = wrapMemory(instance.exportedMemory(name));
        else if (extern.kind === "table") this.exports[name] = wrapTable(instance.exportedTable(name));
        else if (extern.kind === "global") this.exports[name] = { value: instance.exportedGlobal(name).get() };
      }
      Object.freeze(this.exports);
    }
  }

  /** Imports as the runtime takes them: its own functions, and functions whose results are of the type that is wanted. */
  const given = (compiled, imports) => {
    const modules = {};
    for (const { module, name, extern } of compiled.imports) {
      const value = imports[module]?.[name];
      modules[module] ??= {};
      modules[module][name] =
        originals.get(value) ?? (extern.kind === "function" ? coerced(value, extern.results) : value);
    }
    return modules;
  };

  return {
    Module,
    Instance,
    RuntimeError,
    async instantiate(source, imports) {
      if (source instanceof Module) return new Instance(source, imports);
      const module = new Module(source);
      return { module, instance: new Instance(module, imports) };
    },
  };
}
