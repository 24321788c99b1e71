// Takes the values of --listen, gives sockets that listen (HOST:PORT).
import { type TcpListener, tcpListener } from "../node/index.ts";
import { UsageError } from "./failure.ts";
import { fail } from "./output.ts";

/** The listeners, in order. Throws a UsageError where one cannot be had, before anything runs. */
export async function listenersOf(values: readonly string[]): Promise<readonly TcpListener[]> {
  const addresses = values.map(parse);
  const listeners: TcpListener[] = [];
  for (const [i, { host, port }] of addresses.entries()) {
    const listener = await tcpListener({ host, port }).catch((error: Error) => refuse(values[i], error));
    listeners.push(listener);
    if (port === 0) fail(`zerowasm: --listen ${values[i]}: port ${listener.port}\n`);
  }
  return listeners;
}

function parse(value: string): { readonly host: string | undefined; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(value) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw new UsageError(`--listen ${value}: write HOST:PORT`);
  return { host: (bracketed ?? plain) || undefined, port };
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken by another program",
  EADDRNOTAVAIL: "is no address of this system",
  EACCES: "permission denied",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host",
};

function refuse(value: string, error: Error): never {
  const code = "code" in error ? String(error.code) : "";
  throw new UsageError(`--listen ${value}: ${reasons[code] ?? error.message}`);
}
