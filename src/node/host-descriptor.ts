// Takes a descriptor of the host, gives an object that closes it, at the latest when nobody has the object any more.
import { closeSync } from "node:fs";

const forgotten = new FinalizationRegistry<number>((fd) => closeSync(fd));

/** An open descriptor. */
export class HostDescriptor {
  readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
    forgotten.register(this, fd, this);
  }

  close(): void {
    if (forgotten.unregister(this)) closeSync(this.fd);
  }
}
