// Takes a bundle as esbuild prints it, gives it without the methods that nothing in it names: those of other doors, as pages cannot reach them.

/** A method of a class, or the last of an object: the name, between its beginning and its end. */
const METHOD = /^( +)(?:(?:static|async|get|set) |\*)*(\w+)\((?:[^()\n]|\([^()\n]*\))*\) \{\n[\s\S]*?^\1\}\n/gm;

/** What the language calls without naming it. */
const IMPLICIT = "constructor toString toJSON valueOf then next return throw".split(" ");

/** Rooms whose objects users get into their hands. */
const PUBLIC = /^\/\/ dist\/(?:api|js-api)\//;

/** The same bundle without unused methods, and without what only they named: those that name one another are unused too. */
export function withoutUnused(bundle) {
  const modules = bundle.split(/^(?=\/\/ dist\/)/m);
  const eachMethod = (module, change) => (PUBLIC.test(module) ? module : module.replace(METHOD, change));
  const bodies = new Map();
  const rest = modules.map((module) =>
    eachMethod(module, (method, _, name) => {
      bodies.set(name, (bodies.get(name) ?? "") + method.slice(method.indexOf("(")));
      return "";
    }),
  );
  const used = new Set();
  const use = (text) => {
    for (const [name] of text.matchAll(/\w+/g)) {
      if (used.has(name)) continue;
      used.add(name);
      use(bodies.get(name) ?? "");
    }
  };
  use([...IMPLICIT, ...rest].join("\n"));
  return modules.map((module) => eachMethod(module, (method, _, name) => (used.has(name) ? method : ""))).join("");
}
