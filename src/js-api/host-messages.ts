// Takes a namespace that is in the place of the host's, and makes the host's functions of messages carry its modules and shared memories, as the
// host's own carry native ones (HTML: 2.7 Structured data, 9.4 Cross-document messaging and channels; Node: worker_threads).
import type { WebAssemblyNamespace } from "./namespace-type.ts";
import { packed, unpacked } from "./posted-message.ts";

type Callable = (...args: unknown[]) => unknown;
type Class = { readonly prototype: object };
type Unpack = (message: unknown) => unknown;

interface Host {
  readonly Worker?: Class;
  readonly MessagePort?: Class;
  readonly BroadcastChannel?: Class;
  readonly MessageEvent?: Class;
  readonly origin?: unknown;
  readonly process?: { getBuiltinModule?(name: string): object | undefined };
}

interface MessageEvent {
  data: unknown;
  readonly type: unknown;
  readonly origin?: unknown;
}

const host = globalThis as Host;

/** How Node's ports hand a message to listeners of both styles: before that, one object is both. */
const dispatch = Symbol.for("nodejs.internal.kHybridDispatch");

/** Is called once. */
export function carryMessages(namespace: WebAssemblyNamespace): void {
  const unpack: Unpack = (message) => unpacked(message, namespace);
  send(unpack);
  const port = host.MessagePort?.prototype;
  if (port !== undefined && dispatch in port) receiveInNode(port, unpack);
  else if (host.MessageEvent !== undefined) receiveByEvents(host.MessageEvent.prototype, unpack);
}

function send(unpack: Unpack): void {
  const post = (original: Callable, self: unknown, args: unknown[]) => Reflect.apply(original, self, packedFirst(args));
  // A Worker of Node's, and what it is made with, goes through a port.
  for (const type of [host.Worker, host.MessagePort, host.BroadcastChannel]) {
    if (type !== undefined) replace(type.prototype, "postMessage", post);
  }
  replace(holderOf("postMessage"), "postMessage", post);
  replace(holderOf("structuredClone"), "structuredClone", (...call) => unpack(post(...call)));
}

// The number of arguments stays: the host counts them.
function packedFirst(args: unknown[]): unknown[] {
  return args.map((arg, i) => (i === 0 ? packed(arg) : arg));
}

function receiveByEvents(prototype: object, unpack: Unpack): void {
  const property = Object.getOwnPropertyDescriptor(prototype, "data");
  const get = property?.get;
  if (get === undefined) return;
  const own = Object.getOwnPropertyDescriptor(
    {
      get data() {
        const data = Reflect.apply(get, this, []);
        return isOfOwnOrigin(this as unknown as MessageEvent) ? unpack(data) : data;
      },
    },
    "data",
  ) as PropertyDescriptor;
  Reflect.defineProperty(prototype, "data", { ...property, get: own.get! });
}

// Modules of another origin do not arrive in the host's own messages either. Those of workers and ports have none.
function isOfOwnOrigin({ origin }: MessageEvent): boolean {
  return origin === "" || (origin === host.origin && origin !== "null");
}

function receiveInNode(port: object, unpack: Unpack): void {
  replace(port, dispatch, (original, self, [message, ...rest]) =>
    Reflect.apply(original, self, [unpack(message), ...rest]),
  );
  // Node's events of channels are made of a class that would be loaded for this.
  replace(host.BroadcastChannel?.prototype, "dispatchEvent", (original, self, args) => {
    const event = args[0] as MessageEvent;
    if (event?.type === "message") {
      const data = unpack(event.data);
      if (data !== event.data) Object.defineProperty(event, "data", { value: data });
    }
    return Reflect.apply(original, self, args);
  });
  // Not an import: this room is for hosts that have none.
  const builtin = (name: string) => host.process?.getBuiltinModule?.(name) as Record<string, unknown> | undefined;
  const threads = builtin("worker_threads");
  if (threads === undefined) return;
  Reflect.set(threads, "workerData", unpack(threads["workerData"]));
  replace(threads, "getEnvironmentData", (...call) => unpack(Reflect.apply(...call)));
  replace(threads, "receiveMessageOnPort", (...call) => {
    const received = Reflect.apply(...call) as { message: unknown } | undefined;
    return received && { message: unpack(received.message) };
  });
  (builtin("module")?.["syncBuiltinESMExports"] as Callable)();
}

/** The global object, or what it has a function from. */
function holderOf(name: string): object | undefined {
  let holder: object | undefined = globalThis;
  while (holder && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
  return holder;
}

/** Puts a function in the place of a host's, with its name, its length and its attributes. */
function replace(
  holder: object | undefined,
  name: string | symbol,
  call: (original: Callable, self: unknown, args: unknown[]) => unknown,
): void {
  const original = (holder as Record<string | symbol, unknown> | undefined)?.[name] as Callable;
  if (typeof original !== "function") return;
  // A method, which is no constructor.
  const { [name]: value } = {
    [name](...args: unknown[]) {
      return call(original, this, args);
    },
  } as Record<string | symbol, Callable>;
  Object.defineProperty(value, "length", { value: original.length });
  const { enumerable = false } = Object.getOwnPropertyDescriptor(holder, name) ?? {};
  Reflect.defineProperty(holder!, name, { value, writable: true, enumerable, configurable: true });
}
