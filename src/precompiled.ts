// Takes what a user hands in for a module, gives the binary, and the functions that were compiled ahead of time.
import { UnsupportedError } from "./api/errors.ts";
import type { PrecompiledChunk, PrecompiledModule } from "./api/precompiled.ts";
import { decodeBase64 } from "./util/base64.ts";
import { checksum } from "./util/checksum.ts";
import { VERSION } from "./util/version.ts";

/** Whether it is the default export of a module compiled ahead of time. */
export function isPrecompiled(what: unknown): what is PrecompiledModule {
  return typeof what === "object" && what !== null && typeof (what as PrecompiledModule).zerowasm === "string";
}

/** Throws an UnsupportedError where another version made it, or where functions and binary do not belong together. */
export function openPrecompiled({ zerowasm, binary, checksum: expected, chunks }: PrecompiledModule): {
  readonly bytes: Uint8Array;
  readonly chunks: readonly PrecompiledChunk[];
} {
  if (zerowasm !== VERSION) {
    throw new UnsupportedError(
      `the module was compiled by zerowasm ${zerowasm}, and this is ${VERSION}: compile it again`,
    );
  }
  const bytes = decodeBase64(binary);
  if (bytes === undefined || checksum(bytes) !== expected) {
    throw new UnsupportedError("the module's functions were compiled from another binary: compile it again");
  }
  return { bytes, chunks };
}
