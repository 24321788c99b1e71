// Takes the package's doors, gives esbuild what keeps the bundles for Node in few files: to find and read one takes as long as to parse 20 KB.
import { readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";

const basis = [
  "binary/names",
  "exception",
  "instance/exception",
  "syntax/immediate-parts",
  "syntax/module",
  "util/utf8-lossy",
  "valid/features",
];
const files = ["fs/error", "fs/eventual", "fs/options", "fs/read-only", "fs/utf8"];
/** What is loaded along with a module: a part holds what the same doors load, so that those that load nearly the same get the same. */
const along = {
  compilation: ["exception"],
  engines: ["engine/compiler/linked-engine", "engine/interpreter/direct-engine"],
  "js-api/host-messages": ["engine/interpreter/engine", "js-api/namespace"],
  "text/index": basis,
  "wasi/index": [...basis, ...files],
  "node/index": files,
  "cli/main": ["cli/flags", "cli/module-file"],
  "cli/report": [...basis, "cli/output-file", "cli/runtime-flags"],
};
const fileOf = (module) => join("dist", `${module}.js`);
const importOf = (module) => `\nimport ${JSON.stringify(resolve(fileOf(module)))};`;

/** A plugin: modules are loaded along, and doors that import one another find them beside them. */
export function fewParts(doors) {
  const beside = new Map(doors.map((door) => [join(door.default), `./${basename(door.node)}`]));
  const added = new Map(
    Object.entries(along).map(([module, others]) => [fileOf(module), others.map(importOf).join("")]),
  );
  return {
    name: "few parts",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /\/(?:index|interpreter|host-messages|install|wasi)\.js$/ }, ({ path, resolveDir, kind }) => {
        const door = kind === "entry-point" ? undefined : beside.get(relative("", join(resolveDir, path)));
        return door && { path: door, external: true };
      });
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const imports = added.get(relative("", path));
        return imports && { contents: readFileSync(path, "utf8") + imports };
      });
    },
  };
}
