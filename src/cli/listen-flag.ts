// Takes the values of --listen, gives sockets that listen (HOST:PORT[:nonblock]).
import { codeOf } from "../node/descriptor.ts";
import { type TcpAddress, type TcpListener, tcpListener } from "../node/index.ts";
import { UsageError } from "./failure.ts";
import { fail } from "./output.ts";

/** The listeners, in order. Throws a UsageError where one cannot be had, before anything runs. */
export async function listenersOf(values: readonly string[]): Promise<readonly TcpListener[]> {
  const addresses = values.map(parse);
  const listeners: TcpListener[] = [];
  for (const [i, address] of addresses.entries()) {
    const listener = await tcpListener(address).catch((error: Error) => refuse(values[i], error));
    listeners.push(listener);
    if (address.port === 0) fail(`zerowasm: --listen ${values[i]}: port ${listener.port}\n`);
  }
  return listeners;
}

function parse(value: string): TcpAddress {
  const [, bracketed, plain, digits, nonblock] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})(:nonblock)?$/.exec(value) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw new UsageError(`--listen ${value}: write HOST:PORT[:nonblock]`);
  return { host: (bracketed ?? plain) || undefined, port, nonblocking: nonblock !== undefined };
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ["EADDRINUSE", "is taken by another program"],
  ["EADDRNOTAVAIL", "is no address of this system"],
  ["EACCES", "permission denied"],
  ["ENOTFOUND", "no such host"],
  ["EAI_AGAIN", "no such host"],
]);

function refuse(value: string, error: Error): never {
  throw new UsageError(`--listen ${value}: ${reasons.get(codeOf(error)) ?? error.message}`);
}
