// Takes a descriptor and a path in memory, gives the place it leads to (witx: path_*).
import { fail } from "../fs/error.ts";
import { encodeUtf8 } from "../fs/utf8.ts";
import { type Errno, errno, lookupflags } from "./abi.ts";
import type { DirectoryDescriptor } from "./descriptors.ts";
import type { Outcome } from "./function.ts";
import type { Process } from "./process.ts";
import { inSteps, type Steps } from "./steps.ts";
import { type Place, walk } from "./walk.ts";

/** A path argument: where it starts, and its bytes. */
export interface PathArgument {
  readonly fd: number;
  readonly path: number;
  readonly length: number;
  /** Lookup flags: whether a link at the end is followed. One with a slash after it is followed in any case, unless this says never. */
  readonly follow: number | "never";
}

/** The directory of a descriptor. Throws EBADF where it is not open, ENOTDIR where it is something else. */
export function directoryOf({ descriptors }: Process, fd: number): DirectoryDescriptor {
  const found = descriptors.get(fd);
  if (found === undefined) return fail("EBADF");
  return found.kind === "directory" ? found : fail("ENOTDIR");
}

/** The text of a path. Throws EFAULT out of memory, ENAMETOOLONG, EILSEQ where it is no UTF-8, EINVAL where it has a NUL. */
export function textAt({ memory }: Process, path: number, length: number): string {
  const bytes = memory?.subarray(path, length);
  if (bytes === undefined) return fail("EFAULT");
  if (length > 65_536) fail("ENAMETOOLONG");
  const text = memory!.readString(path, length)!;
  const again = encodeUtf8(text);
  if (again.length !== length || again.some((byte, i) => byte !== bytes[i])) fail("EILSEQ");
  return text.includes("\0") ? fail("EINVAL") : text;
}

/** Goes to where a path leads. Throws EINVAL for a lookup flag that is none. The place is to be released. */
export function* placeOf(process: Process, { fd, path, length, follow }: PathArgument): Steps<Place> {
  const { held } = directoryOf(process, fd);
  if (follow !== "never" && (follow & ~lookupflags.symlink_follow) !== 0) fail("EINVAL");
  const text = textAt(process, path, length);
  return yield* walk(held, text, follow !== "never" && (follow !== 0 || text.endsWith("/")));
}

/** Does something at a place. */
export function at(process: Process, argument: PathArgument, use: (place: Place) => Steps<Errno>): Outcome {
  return inSteps(process, function* () {
    const place = yield* placeOf(process, argument);
    try {
      return yield* use(place);
    } finally {
      place.held.release();
    }
  });
}

/** The errno of a function that needs a directory. */
export function notDirectory({ descriptors }: Process, fd: number): Errno {
  return descriptors.get(fd) === undefined ? errno.badf : errno.notdir;
}
