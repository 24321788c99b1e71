// Takes modules of dist/, gives bundles: the doors and the command for Node, and single files of the namespace for pages.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minifySync } from "oxc-minify";
import { apart } from "./apart.mjs";
import { withoutUnused } from "./unused.mjs";

const { exports, bin } = JSON.parse(readFileSync("package.json", "utf8"));
const folder = "dist/bundled";
/** Rooms where each function of a module passes through once; not those of their files that compiled code calls. */
const rooms = /\/dist\/(?:ir|valid|engine\/compiler)\/[\w-]+\.js$/;
const isCalled = /\/(?:(?:\w+-)?support|environment|enter|host-code|trampoline|chunk-engine)\.js$/;
const loadApart = ({ path }) => (isCalled.test(path) ? undefined : { contents: apart(readFileSync(path, "utf8")) });
const parts = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  splitting: true,
  minifyWhitespace: true,
  outdir: folder,
  chunkNames: "part-[hash]",
  plugins: [{ name: "apart", setup: ({ onLoad }) => onLoad({ filter: rooms }, loadApart) }],
};
const pages = "dist/min";
// Tools that guess a module's kind look for an export at a line's beginning.
const footer = "export {};\n";
/** Fields of validator and compiler that neither a page nor compiled code names. */
const fields = `writer effects otherwise positions steadiness suspensions stackSlot loopConstants tailCalls
importedFunctions importedGlobals importedTables importedMemories hasReferences bodyStart bodyEnd localCount isUnsigned
paramCount paramStart paramOps resultCount resultStart resultOps globalTypes globalMutable tableTypes typeFacts typePositions
frameType frameOp frameDead frameLabel frameBase frameSet frameWords setLocals settleEffects settleAll pushSettled
engineState reader plainOffset positionOf poolLength loopDepth liveSlots afterBranch shortLocals noteLoopConstant refBlocks
settleReadersAbove signatureCount moveResults endStatement temporary nameWide keepWide wideSlot wideDeclarations
numberOf slotAt functionsOf declarations asynchronous reserve memoryIndex tableIndex prefixed linkWord linkSlot redirect handlers
hasElements numbersFrom growsOutside isFixed isSmall rebind rebindLater isStale crossings goOn filled pieces callees withModule callRaw outdated firstTurns
slotKinds newLabel bindings typeCount openFrame emitList definedType isProfiled isMetered hotAfter maxDepth structured isEager translate
supertype declared localExprs resultsOf tableObject callTypeOf mayBeSuspended isEnteredAtLoop framesOfCallee isSite loopOf isGiven joined joins
checkVal checkExpr prepare wideElement wideTemporary setWide forget keepPair lineAt endOfSets vectorVariables slotVariables frameBytes
emit vectorConstants handedDeclarations isHanded addressType paramWords offsetAt functionObject checkEncodings settleReaders
checkSegments wideNames isRounded countdown testTop setVariables regions memArg isWide forGood emitSet chunkOf checkGlobals
candidatesIn vectorConst setLocal isPassed checkTables branchIf regionsAt globalSet globalGet bordersOf statesOf setPiece relocate
makeWide isSteady bodyName beginRun accessesIn frameShape coercions checkType
hasTailCalls hasPositions blockStarts thresholds suitsHost exclude isSeen isLeft perByte endings applier tries seal jump leaving readPair kindsOf imageOf twins
dataCount groupSize attempt statements beginning unsupported rejected lineIn areOpen otherAt coerced aggregate
height declare facts listed settle addAll typeName returnStatement
label storage line params fields condition plain outer refresh limit vectors operand final position depth high slot before between functionIndex
nesting failedAt body slots prepared moves meta halves turns others pool tree variables guards
pos u32 rare pending complete bodies blockType prepareCached defaults immediates readPlain
branch isDirect isFirst exposed printed stateOf refill attach passed pushAllSettled frames locals labels expr dead targets constants reference typeOf twin space floats skip place
isAwaited capacityFromMax memoryLimits engineOptions indices settings ranges extension weight waiting sizeOf moduleName encodings expressions
callee lines counted dataSegments unoptimized pairs signature index64 pageSizeLog2 window importedTags isAllowed callWith exactShared offsets externs
asWord isFloat behind isLazy uses keep mark isStale crossings returnAddress exportNames fuelOnly site memoryType border isPiece`;
const anyField = `(?:${fields.replaceAll(/\s+/g, "|")})`;
const mangleProps = new RegExp(`^${anyField}$`);
/** Such a field as it stands in text, for compiled code: there it would be undefined. */
const fieldInText = new RegExp(`\\.${anyField}\\b`);
const page = { format: "esm", target: "es2022", logLevel: "error" };
/** What single files begin with, each with what it imports: gzip finds again what is alike only within 32 KB. */
const foremost = [
  "num/v128-wide",
  "engine/compiler/vector-form",
  "engine/interpreter/forms",
  "engine/interpreter/lower-aggregates",
  "engine/compiler/support",
  "engine/interpreter/entry",
  "syntax/immediate-parts",
  "engine/interpreter/wide",
  "engine/interpreter/arrays",
  "num/float",
  "engine/interpreter/atomics",
  "syntax/opcodes",
  "engine/compiler/environment",
];
// Its names for variables repeat more often than those of esbuild.
const again = {
  module: true,
  compress: { target: page.target },
  mangle: { toplevel: true },
  codegen: { asciiOnly: true },
};
/** The doors that are single files too. */
const doors = { "js-api": "js-api/index", "js-api-interpreter": "js-api/interpreter" };

/** Writes doors and command as Node loads them: a few files instead of some 300, which all doors share. */
export async function bundleForNode() {
  rmSync(folder, { recursive: true, force: true });
  const bundled = Object.values(exports).filter(({ node }) => node !== undefined);
  const entryPoints = bundled.map((door) => ({ in: door.default, out: door.node.slice(folder.length + 3, -3) }));
  await build({ ...parts, entryPoints: [...entryPoints, { in: "dist/cli/main.js", out: "main" }] });
  chmodSync(bin.zerowasm, 0o755);
}

/** Writes single files of the doors that pages load, and gives the bytes of each: as it is, and by gzip. */
export async function bundleDoors() {
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages);
  const sizes = [];
  for (const [out, door] of Object.entries(doors)) {
    const file = `${pages}/${out}.js`;
    const modules = [...foremost.map((name) => `import "./${name}.js";`), `export * from "./${door}.js";`];
    const stdin = { contents: modules.join(""), resolveDir: "dist" };
    const bundle = await build({ ...page, stdin, bundle: true, minifySyntax: true, write: false });
    const needed = withoutUnused(bundle.outputFiles[0].text);
    const shortened = await transform(needed, { ...page, minify: true, mangleProps });
    const { code } = minifySync(file, shortened.code, again);
    const [left] = code.match(fieldInText) ?? [];
    if (left !== undefined) throw new Error(`${left} stands in text: it cannot be shortened`);
    const contents = `${code}\n${footer}`;
    writeFileSync(file, contents);
    writeFileSync(`${pages}/${out}.d.ts`, `export * from "../${door}.js";\n`);
    sizes.push({ file, minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length });
  }
  return sizes;
}
