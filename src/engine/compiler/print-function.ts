// Takes a function's tree, gives its source in a form that the host's JIT optimises: in pieces where it is too long as a whole.
import { type FunctionTree, none } from "../../ir/tree.ts";
import { bodyBytes } from "../../syntax/module.ts";
import { WHOLES } from "./chunk.ts";
import { wayTo } from "./control.ts";
import { type EmitOptions, type First, FunctionEmitter } from "./emit.ts";
import type { ModuleNames } from "./names.ts";
import { outline } from "./outline.ts";
import { NotCompilable } from "./writer.ts";

/** V8 optimises no function of more than 60 KiB of bytecode; a character of source becomes 1.03 to 1.33 bytes of it, most where sums have carries. */
const MAX_SOURCE = 46_000;

/** With whole i64 values one becomes up to 2.3 bytes. */
const MAX_WIDE_SOURCE = 26_000;

/** When a function of more is cut: most are run a few times at a program's start. */
export const usualFirst: First = { length: MAX_SOURCE, turns: 650_000 };

/** If more is left of a function beside its pieces, it stays as it is; else at least these are optimised. */
const MAX_LEFT = 153_000;

/** A body that is longer in bytes is too long as a whole. */
const MAX_WHOLE = 12_500;

/** Longer pieces take the JIT too long. */
const MAX_PIECE = 24_000;

/**
 * What is left of a function beside its pieces is at most so long, and each of these, by an estimate; if the source is longer for all that, the next are
 * tried. Where bytes are computed as vectors it has been four times as long.
 */
const BUDGETS: readonly (readonly [left: number, piece: number])[] = [
  [46_000, MAX_PIECE],
  [34_000, MAX_PIECE],
  [22_000, MAX_PIECE],
  [9000, 6000],
];

/** A function's source and that of its pieces, which are functions beside it. */
export interface FunctionSource {
  readonly main: string;
  readonly pieces: readonly string[];
  /** Whether it is a form that another one takes the place of once it is hot. */
  readonly isFirst?: boolean;
}

/** Prints a function; `options.pieces` are found here. */
export function printFunction(
  names: ModuleNames,
  tree: FunctionTree,
  index: number,
  options: EmitOptions,
): FunctionSource {
  // Not `options` with other fields: V8 takes long for such a copy, and most functions need no other.
  const { label, wide, twin, isHanded, first } = options;
  const whole: EmitOptions = { positions: false, label, wide, twin, isHanded };
  const longest = wide ? MAX_WIDE_SOURCE : first?.length;
  if (bodyBytes(names.module, index) <= MAX_WHOLE) {
    const main = new FunctionEmitter(names, tree, index, whole).run();
    if (isShort(main, longest))
      return options.positions ? print(names, tree, index, { ...whole, positions: true }) : { main, pieces: none };
  }
  // Until it is hot; one that is entered at a loop is handed halves, and keeps them.
  if (wide && label !== WHOLES) return printFunction(names, tree, index, { ...options, wide: label < 0 && null });
  if (first !== undefined) {
    const emitter = new FunctionEmitter(names, tree, index, options);
    const main = emitter.run();
    if (!emitter.hasTailCalls) return { main, pieces: none, isFirst: true };
  }
  const way = wayTo(tree.body, label);
  for (const budget of BUDGETS) {
    const pieces = outline(tree, names, names.resultsOf(index), way, ...budget);
    const inPieces = { ...options, first: undefined, pieces };
    const source = print(names, tree, index, { ...inPieces, positions: false });
    if (source.main.length > MAX_LEFT) break;
    if (
      source.pieces.every((piece) => isShort(piece, longest)) &&
      (budget === BUDGETS.at(-1) || isShort(source.main, longest))
    )
      return options.positions ? print(names, tree, index, inPieces) : source;
  }
  throw new NotCompilable("too long");
}

/** Cases of a switch are in a table beside the bytecode. */
function isShort(source: string, length = MAX_SOURCE): boolean {
  return source.length <= length || source.replaceAll(/case \d+:/g, "").length <= length;
}

function print(names: ModuleNames, tree: FunctionTree, index: number, options: EmitOptions): FunctionSource {
  const emitter = new FunctionEmitter(names, tree, index, options);
  return { main: emitter.run(), pieces: emitter.printed };
}
