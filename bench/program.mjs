// One real program in one process: `node program.mjs ENGINE PROGRAM [ARGS]` ends with a line of JSON on standard error: CPU time, peak memory, and
// what the program measured itself. Programs are esbuild (its command line), sql (first result and best time of some queries) and go (WASI).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { namespaceOf } from "./namespace.mjs";

const require = createRequire(import.meta.url);
const [engine, program, ...args] = process.argv.slice(2);
const measured = {};

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const engines = {
  native: async () => WebAssembly,
  polywasm: async () => (await import("polywasm")).WebAssembly,
  compiler: () => zerowasm("index", { engine: "compiler" }),
  eager: () => zerowasm("index", { engine: "compiler", eager: true }),
  cached: async () => {
    const { directoryCache } = await import("../dist/bundled/node.js");
    const cache = directoryCache(fileURLToPath(new URL(".build/cache", import.meta.url)));
    return zerowasm("index", { engine: "compiler", cache });
  },
  interpreter: () => zerowasm("interpreter", { engine: "interpreter" }),
};

/** The door as Node loads it, bundled: a program's start is what is measured. */
async function zerowasm(door, config) {
  const { Runtime } = await import(`../dist/bundled/${door}.js`);
  return namespaceOf(new Runtime(config));
}

/** Glue sees the engine's namespace in the place of the host's. */
function glue(path, extra = {}) {
  const names = { require: createRequire(path), process, ...extra };
  const { exports } = new Function(
    ...Object.keys(names),
    `var module={exports:{}},{exports}=module,own=module;${readFileSync(path, "utf8")}\nreturn own`,
  )(...Object.values(names));
  return exports;
}

const programs = {
  esbuild() {
    process.argv = ["node", "wasm_exec_node.js", require.resolve("esbuild-wasm/esbuild.wasm"), ...args];
    glue(require.resolve("esbuild-wasm/wasm_exec_node.js"));
  },
  async sql() {
    const path = require.resolve("sql.js/dist/sql-wasm.js");
    const SQL = await glue(path, { __filename: path, __dirname: path.replace(/[^/]*$/, "") })();
    const db = new SQL.Database();
    db.run("create table t (id integer primary key, name text, n int); create index byN on t (n)");
    db.run("begin");
    const insert = db.prepare("insert into t (name, n) values (?, ?)");
    for (let i = 0; i < 5000; i++) insert.run([`name ${(i * 7919) % 5000}`, (i * 31337) % 997]);
    insert.free();
    db.run("commit");
    measured.firstMs = cpuMs();

    const queries = {
      sum: "select sum(n), count(*), sum(length(name)) from t",
      group: "select n % 10, count(*), max(name) from t group by 1 order by 2 desc",
      sort: "select * from (select name, n from t order by name desc) limit 5",
      join: "select count(*) from t a join t b on a.n = b.n where a.id < 300",
      like: "select count(*) from t where name like '%99%'",
      recursive: "with recursive c(x) as (select 1 union all select x+1 from c where x < 20000) select sum(x) from c",
    };
    for (const [name, query] of Object.entries(queries)) {
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 15; i++) {
        const start = performance.now();
        measured[`${name}:result`] = JSON.stringify(db.exec(query)).length;
        best = Math.min(best, performance.now() - start);
      }
      measured[name] = best;
    }
  },
};

process.on("exit", () => {
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(
    `${JSON.stringify({ engine, program, cpuMs: Math.round(cpuMs()), maxRssMb: Math.round(maxRSS / 1024), ...measured })}\n`,
  );
});

const namespace = await engines[engine]();
globalThis.WebAssembly = namespace;
await programs[program]();
