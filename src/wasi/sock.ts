// Sockets (witx: sock_accept, sock_recv, sock_send, sock_shutdown). A guest opens none: the host gives it sockets that listen.
import type { Sides } from "../api/socket.ts";
import { type Errno, errno, fdflags, riflags, sdflags } from "./abi.ts";
import { receive, send } from "./connection.ts";
import { type ConnectionDescriptor, isSocket } from "./descriptors.ts";
import type { Group } from "./function.ts";
import type { Process } from "./process.ts";
import { inSteps, settled } from "./steps.ts";
import { isLate } from "./transfer.ts";

const knownRiflags = riflags.recv_peek | riflags.recv_waitall;
const sidesOf: readonly (Sides | undefined)[] = [undefined, "read", "write", "both"];

// All: EBADF where the descriptor is not open, ENOTSOCK where it is no socket, EFAULT where a pointer leads out of memory.
export const sock: Group<"sock"> = {
  // EINVAL: it does not listen, or a flag other than nonblock. EMFILE: too much is open. EAGAIN: it would wait, and has to not wait. Other errors
  // are the host's.
  sock_accept(process, fd, flags, result) {
    const { descriptors, memory } = process;
    const found = descriptors.get(fd);
    if (!isSocket(found)) return notSocket(process, fd);
    if (found.kind !== "listener" || (flags & ~fdflags.nonblock) !== 0) return errno.inval;
    if (memory?.subarray(result, 4) === undefined) return errno.fault;
    if (descriptors.full) return errno.mfile;
    const { listener } = found;
    return inSteps(process, function* () {
      if ((found.flags & fdflags.nonblock) !== 0 && isLate(listener.ready?.() ?? true)) return errno.again;
      const connection = yield* settled(listener.accept());
      const accepted = descriptors.add({ kind: "connection", connection, ahead: new Uint8Array(0), shut: 0, flags });
      if (accepted === undefined) return errno.mfile;
      memory.writeUint32(result, accepted);
      return errno.success;
    });
  },

  // ENOTCONN: it listens. ENOTSUP: no such flag. EINVAL: the lengths overflow. EAGAIN: it would wait, and has to not wait. EIO: the host gave a
  // count that cannot be. Other errors are the host's, such as ECONNRESET.
  sock_recv(process, fd, data, dataLen, flags, received, roflags) {
    const found = connectionOf(process, fd);
    if (typeof found === "number") return found;
    if ((flags & ~knownRiflags) !== 0) return errno.notsup;
    if (process.memory?.writeUint16(roflags, 0) !== true) return errno.fault; // only datagrams are cut
    return receive(process, found, { iovs: data, iovsLen: dataLen, result: received }, flags);
  },

  // As sock_recv; ENOTSUP: there are no flags. EPIPE: this direction was shut down, or nobody reads any more.
  sock_send(process, fd, data, dataLen, flags, sent) {
    const found = connectionOf(process, fd);
    if (typeof found === "number") return found;
    if (flags !== 0) return errno.notsup;
    return send(process, found, { iovs: data, iovsLen: dataLen, result: sent });
  },

  // EINVAL: `how` is neither side, or has other bits. ENOTCONN: it listens.
  sock_shutdown(process, fd, how) {
    if (how === 0 || (how & ~(sdflags.rd | sdflags.wr)) !== 0) return errno.inval;
    const found = connectionOf(process, fd);
    if (typeof found === "number") return found;
    const sides = sidesOf[how & ~found.shut];
    found.shut |= how;
    return inSteps(process, function* () {
      if (sides !== undefined) yield* settled(found.connection.shutdown?.(sides));
      return errno.success;
    });
  },
};

function connectionOf(process: Process, fd: number): ConnectionDescriptor | Errno {
  const found = process.descriptors.get(fd);
  if (found?.kind === "connection") return found;
  return found?.kind === "listener" ? errno.notconn : notSocket(process, fd);
}

function notSocket({ descriptors }: Process, fd: number): Errno {
  return descriptors.get(fd) === undefined ? errno.badf : errno.notsock;
}
