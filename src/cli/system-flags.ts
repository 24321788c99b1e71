// The flags that say what a guest sees of its host.
import { basename } from "node:path";
import type { OutputStream, System } from "../api/system.ts";
import { clocksAsync, random, stdioAsync } from "../node/index.ts";
import { UsageError } from "./failure.ts";
import type { Arguments, Flag } from "./flags.ts";
import { logScopes } from "./host-logging.ts";
import { listenersOf } from "./listen-flag.ts";
import { mountsOf } from "./mount-flag.ts";
import { exitOnBrokenPipe } from "./output.ts";

export const systemFlags: Readonly<Record<"mount" | "listen" | "env" | "env-inherit" | "host-logging", Flag>> = {
  mount: {
    value: "HOST[:GUEST][:ro]",
    repeats: true,
    help: "a directory, at GUEST (default: at HOST); with ro only to read",
  },
  listen: {
    value: "HOST:PORT[:nonblock]",
    repeats: true,
    help: "a TCP socket that listens, at the first free descriptor",
  },
  env: { value: "NAME=VALUE", repeats: true, help: "an environment variable; may be given several times" },
  "env-inherit": { help: "all environment variables of this process" },
  "host-logging": {
    value: "SCOPES",
    optional: true,
    help: `tells of host calls: all, ${logScopes.join(", ")}`,
  },
};

/** A guest's system, and what of it has to be closed. */
interface GivenSystem {
  readonly system: System;
  close(): Promise<unknown>;
}

/**
 * This process's standard streams, clocks and random bytes. A read that has to wait and a sleep suspend the guest, so that
 * the event loop goes on.
 */
export async function systemOf(
  args: Arguments<typeof systemFlags>,
  file: string,
  guestArgs: readonly string[],
): Promise<GivenSystem> {
  const env = { ...(args.has("env-inherit") ? inherited() : {}), ...Object.fromEntries(args.all("env").map(variable)) };
  const fs = mountsOf(args.all("mount"));
  const listeners = await listenersOf(args.all("listen"));
  const system: System = {
    ...stdioAsync,
    stdout: endingOnBrokenPipe(stdioAsync.stdout),
    stderr: endingOnBrokenPipe(stdioAsync.stderr),
    ...clocksAsync,
    random,
    fs,
    listeners,
    args: [basename(file), ...guestArgs],
    env,
  };
  return { system, close: () => Promise.all(listeners.map((listener) => listener.close())) };
}

function variable(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UsageError(`--env ${text}: write NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

// Windows keeps variables with names such as "=C:", which no program can have meant.
function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.includes("="))) as Record<
    string,
    string
  >;
}

// As a program of the system would end: by a signal that it cannot have expected.
function endingOnBrokenPipe(stream: OutputStream): OutputStream {
  return {
    get isTerminal() {
      return stream.isTerminal;
    },
    write(bytes) {
      try {
        return stream.write(bytes);
      } catch (error) {
        exitOnBrokenPipe(error);
        throw error;
      }
    },
  };
}
