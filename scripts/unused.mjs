// Takes a bundle as esbuild prints it, gives it without the methods that nothing in it names: those of other doors, as pages cannot reach them.

/** A method of a class, or the last of an object: the name, between its beginning and its end. */
const METHOD = /^( +)(?:(?:static|async|get|set) |\*)*(\w+)\((?:[^()\n]|\([^()\n]*\))*\) \{\n[\s\S]*?^\1\}\n/gm;

/** What the language calls without naming it. */
const IMPLICIT = new Set("constructor toString toJSON valueOf then next return throw".split(" "));

/** Rooms whose objects users get into their hands. */
const PUBLIC = /^\/\/ dist\/(?:api|js-api)\//;

/** The same bundle without unused methods, and without what only they named. */
export function withoutUnused(bundle) {
  const times = new Map();
  for (const [name] of bundle.matchAll(/\w+/g)) times.set(name, (times.get(name) ?? 0) + 1);
  const defined = new Map();
  for (const [, , name] of bundle.matchAll(METHOD)) defined.set(name, (defined.get(name) ?? 0) + 1);
  const isUnused = (name) => times.get(name) === defined.get(name) && !IMPLICIT.has(name);
  const modules = bundle
    .split(/^(?=\/\/ dist\/)/m)
    .map((module) =>
      PUBLIC.test(module) ? module : module.replace(METHOD, (method, _, name) => (isUnused(name) ? "" : method)),
    );
  const rest = modules.join("");
  return rest === bundle ? bundle : withoutUnused(rest);
}
