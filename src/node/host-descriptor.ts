// Takes a descriptor of the host, gives an object that closes it, at the latest when nobody has the object any more.
import { closeSync } from "node:fs";
import { fail } from "../fs/error.ts";

/** Among how many it is. */
interface Counter {
  count: number;
}

const forgotten = new FinalizationRegistry<() => void>((close) => close());

/** An open descriptor. */
export class HostDescriptor {
  #fd: number | undefined;
  readonly #close: () => void;

  constructor(fd: number, counter: Counter) {
    this.#fd = fd;
    counter.count++;
    this.#close = () => {
      counter.count--;
      closeSync(fd);
    };
    forgotten.register(this, this.#close, this);
  }

  /** Its number. Throws EBADF where it is closed: the host may have given the number to something else. */
  get fd(): number {
    return this.#fd ?? fail("EBADF");
  }

  close(): void {
    if (this.#fd === undefined) return;
    this.#fd = undefined;
    forgotten.unregister(this);
    this.#close();
  }
}
