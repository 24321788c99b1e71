// Sockets (witx: sock_accept, sock_recv, sock_send, sock_shutdown). There are none so far: what is open is no socket.
import { type Errno, errno, sdflags } from "./abi.ts";
import type { Group } from "./function.ts";
import type { Process } from "./process.ts";

// EBADF: the descriptor is not open. ENOTSOCK: it is open.
export const sock: Group<"sock"> = {
  sock_accept: notSocket,
  sock_recv: notSocket,
  sock_send: notSocket,

  // EINVAL: `how` is neither side, or has other bits.
  sock_shutdown: (process, fd, how) => {
    if (how === 0 || (how & ~(sdflags.rd | sdflags.wr)) !== 0) return errno.inval;
    return notSocket(process, fd);
  },
};

function notSocket({ descriptors }: Process, fd: number): Errno {
  return descriptors.get(fd) === undefined ? errno.badf : errno.notsock;
}
