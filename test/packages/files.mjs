// Takes paths in the installed packages, gives what is in them: input for cases that is the same everywhere.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** The bytes of a file below node_modules. */
export const bytesOf = (path) => readFileSync(new URL(`node_modules/${path}`, import.meta.url));

/** The text of a file below node_modules. */
export const textOf = (path) => bytesOf(path).toString("utf8");

/** What stands for bytes, or a long text, in a result. */
export const sha256 = (content) => createHash("sha256").update(content).digest("hex");
