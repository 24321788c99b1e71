// The features of the language that came after version 1.0, and the sets that versions name (specification: A.7 Change history).

/** A feature that a module may use and a host may turn off. */
export type Feature =
  // WebAssembly 2.0
  | "mutable-globals"
  | "sign-extension"
  | "saturating-truncation"
  | "multi-value"
  | "reference-types"
  | "bulk-memory"
  | "simd"
  // WebAssembly 3.0
  | "extended-const"
  | "tail-calls"
  | "function-references"
  | "gc"
  | "exceptions"
  | "multi-memory"
  | "memory64"
  | "relaxed-simd"
  // Outside of version 3.0
  | "threads"
  | "wide-arithmetic"
  | "custom-page-sizes"
  | "legacy-exceptions";

/** A set of features. */
export type Features = ReadonlySet<Feature>;

/** WebAssembly 1.0. */
export const wasm1: Features = new Set<Feature>(["mutable-globals"]);

/** WebAssembly 2.0. */
export const wasm2: Features = new Set<Feature>([
  ...wasm1,
  "sign-extension",
  "saturating-truncation",
  "multi-value",
  "reference-types",
  "bulk-memory",
  "simd",
]);

/** WebAssembly 3.0. */
export const wasm3: Features = new Set<Feature>([
  ...wasm2,
  "extended-const",
  "tail-calls",
  "function-references",
  "gc",
  "exceptions",
  "multi-memory",
  "memory64",
  "relaxed-simd",
]);

/** What features stand on: each is useless, or not even defined, without these. */
const foundations: Readonly<Partial<Record<Feature, Feature>>> = {
  "reference-types": "bulk-memory",
  "function-references": "reference-types",
  gc: "function-references",
  exceptions: "reference-types",
  "legacy-exceptions": "exceptions",
  "relaxed-simd": "simd",
};

/** A feature, and all that it stands on. */
export function withFoundations(feature: Feature): readonly Feature[] {
  const below = foundations[feature];
  return below === undefined ? [feature] : [feature, ...withFoundations(below)];
}

/** Everything there is. */
export const allFeatures: Features = new Set<Feature>([
  ...wasm3,
  "threads",
  "wide-arithmetic",
  "custom-page-sizes",
  "legacy-exceptions",
]);
