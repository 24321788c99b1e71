// Takes a bundle for pages, gives the names of fields and methods that may be shortened in it: those of inner rooms that nobody outside can name.
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";

const inner = ["binary/", "engine/", "instance/", "ir/", "num/", "syntax/", "util/", "valid/"];
/** What users of the single files see, and give: options, and objects with members that are called. */
const outer = ["api/cache", "api/stop-signal", "config", "instance/profiler", "js-api/", "limit-config"];
const language = `node_modules/@typescript/typescript-${process.platform}-${process.arch}/lib`;

/** Fields and methods at the beginning of a line, as declarations have them. */
const MEMBER = /^ {4}(?:(?:readonly|static|get|set|protected|abstract) )*(\w+)\??[(:<;]/gm;
/** A class, an interface or a type of an object. */
const OBJECT = /^(?:export |declare |abstract )*(?:class|interface|type) [\s\S]*?^\}/gm;

const membersOf = (source) => [...source.matchAll(MEMBER)].map(([, name]) => name);
/** Words by themselves, as members of descriptors are read. */
const quotedIn = (source) => [...source.matchAll(/"(\w+)"/g)].map(([, name]) => name);
const sourcesIn = (folder, ending) =>
  readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(ending))
    .map((path) => [
      path.replaceAll("\\", "/"),
      readFileSync(`${folder}/${path}`, "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, ""),
    ]);
const within = (rooms, sources) =>
  sources.filter(([path]) => rooms.some((room) => path.startsWith(room))).map(([, source]) => source);

/** Names in text: of what compiled code reads, and words by themselves, by which a field may be found. */
async function namesInText(bundle) {
  // With all that has a name shortened, text is all that still has long ones.
  const { code } = await transform(bundle, { format: "esm", minify: true, mangleProps: /./ });
  const fields = [...code.matchAll(/\.(\w+)/g)].map(([, name]) => name);
  const words = [...code.matchAll(/(["'`])(\w+)\1/g)].map(([, , text]) => text);
  return [...fields, ...words];
}

/** The names, as a pattern. What is read off an object by a computed name is none of a class, an interface or a type. */
export async function shortNames(bundle) {
  const { environmentNames } = await import(pathToFileURL("dist/engine/compiler/environment.js").href);
  const declarations = sourcesIn("dist", ".d.ts");
  const kept = new Set([
    ...environmentNames,
    ...(await namesInText(bundle)),
    ...within(outer, declarations).flatMap(membersOf),
    ...within(outer, sourcesIn("dist", ".js")).flatMap(quotedIn),
    ...within(["lib.es"], sourcesIn(language, ".d.ts")).flatMap(membersOf),
  ]);
  const objects = within(inner, declarations).flatMap((source) => source.match(OBJECT) ?? []);
  const names = new Set(objects.flatMap(membersOf));
  const short = [...names].filter((name) => name.length > 2 && !kept.has(name) && bundle.includes(name));
  return new RegExp(`^(?:${short.join("|")})$`);
}
