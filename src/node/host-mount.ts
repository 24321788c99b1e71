// What all that is open of one mounted directory of the host has in common (POSIX: open, EMFILE).
import { openSync } from "node:fs";
import { FileSystemError } from "../fs/error.ts";
import { HostDescriptor } from "./host-descriptor.ts";
import { ExactTimes } from "./host-stat.ts";

/** Opens files and directories, up to a number of them at one time: the host has no more descriptors than it needs itself. */
export class HostMount {
  readonly times: ExactTimes = new ExactTimes();
  readonly #maxOpen: number;
  readonly #open = { count: 0 };

  constructor(maxOpen: number) {
    this.#maxOpen = maxOpen;
  }

  /** Opens what the host has at a path. EMFILE: too much is open. */
  open(path: string, flags: number): HostDescriptor {
    if (this.#open.count >= this.#maxOpen) throw new FileSystemError("EMFILE");
    return new HostDescriptor(openSync(path, flags, 0o666), this.#open);
  }
}
