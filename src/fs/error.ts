// Takes the name of an errno, gives the error that a file system throws.

/** An error of a file system: WASI gives its errno to the guest. */
export class FileSystemError extends Error {
  override readonly name = "FileSystemError";
  /** The name of an errno: "ENOENT". */
  readonly code: string;

  constructor(code: string, message: string = code) {
    super(message);
    this.code = code;
  }
}

/** Throws a `FileSystemError`. */
export function fail(code: string): never {
  throw new FileSystemError(code);
}
