// Every vector instruction that computes, by mnemonic (specification: 4.3.5 Vector operations).
import { vectorConversions } from "./v128-convert.ts";
import { floats } from "./v128-float.ts";
import { narrow } from "./v128-narrow.ts";
import { relaxed } from "./v128-relaxed.ts";
import { wide } from "./v128-wide.ts";
import type { VectorOps } from "./vector-op.ts";

let all: VectorOps | undefined;

/** The templates, put together at the first call: most modules have no vectors. */
export function vectorOps(): VectorOps {
  if (all === undefined) {
    const ops = { ...narrow(), ...wide(), ...floats(), ...vectorConversions() };
    all = { ...ops, ...relaxed(ops) };
  }
  return all;
}
