// Takes a bundle for pages, gives the names of fields and methods that may be shortened in it: those of inner rooms that nobody outside can name.
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";

const inner = ["binary", "engine", "instance", "ir", "num", "syntax", "util", "valid"];
/** What users of the single files see, and give: options, and objects with members that are called. */
const outer = ["api/cache", "api/stop-signal", "config", "instance/profiler", "js-api/", "limit-config"];
const language = `node_modules/@typescript/typescript-${process.platform}-${process.arch}/lib`;

/** Fields and methods at the beginning of a line, as declarations have them. */
const MEMBER = /^ +(?:(?:readonly|static|get|set|protected|abstract) )*(\w+)\??[(:<;]/gm;
/** A class, an interface or a type of an object. */
const OBJECT = /^(?:export |declare |abstract )*(?:class|interface|type) [\s\S]*?^\}/gm;

const membersOf = (source) => [...source.matchAll(MEMBER)].map(([, name]) => name);
const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(".d.ts"))
    .map((path) => [
      path.replaceAll("\\", "/"),
      readFileSync(`${folder}/${path}`, "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, ""),
    ]);

/** Names in text: of what compiled code reads, and whole words, by which a field may be found. */
async function namesInText(bundle) {
  // With all that has a name shortened, text is all that still has long ones.
  const { code } = await transform(bundle, { format: "esm", minify: true, mangleProps: /./ });
  const fields = [...code.matchAll(/\.(\w+)/g)].map(([, name]) => name);
  const words = [...code.matchAll(/(["'`])([\w .-]+)\1/g)].flatMap(([, , text]) => text.split(/[ .-]/));
  return [...fields, ...words];
}

/** The names, as a pattern. What is read off an object by a computed name is none of a class, an interface or a type. */
export async function shortNames(bundle) {
  const { environmentNames } = await import(pathToFileURL("dist/engine/compiler/environment.js").href);
  const declarations = sourcesIn("dist");
  const within = (rooms) =>
    declarations.filter(([path]) => rooms.some((room) => path.startsWith(room))).map(([, s]) => s);
  const kept = new Set([
    ...environmentNames,
    ...(await namesInText(bundle)),
    ...within(outer).flatMap(membersOf),
    ...sourcesIn(language).flatMap(([path, source]) => (path.startsWith("lib.es") ? membersOf(source) : [])),
  ]);
  const names = within(inner.map((room) => `${room}/`)).flatMap((source) =>
    (source.match(OBJECT) ?? []).flatMap(membersOf),
  );
  const short = [...new Set(names)].filter((name) => name.length > 2 && !kept.has(name) && bundle.includes(name));
  return new RegExp(`^(?:${short.join("|")})$`);
}
