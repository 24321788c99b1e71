// Waiting on hosts that lack something: Atomics.waitAsync, SharedArrayBuffer, or the permission to wait.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type Module, type ModuleConfig, Runtime, UnsupportedError } from "zerowasm";
import { atomicGuest } from "../support/threads.ts";

const globals = globalThis as { SharedArrayBuffer?: unknown };
const hostAtomics = Atomics as { waitAsync?: unknown; wait: unknown };
const { SharedArrayBuffer: buffers } = globalThis;
const { waitAsync, wait } = hostAtomics;

afterEach(() => {
  globals.SharedArrayBuffer = buffers;
  hostAtomics.waitAsync = waitAsync;
  hostAtomics.wait = wait;
});

function guest(config?: ModuleConfig): Module {
  return new Runtime({ features: ["wasm3", "threads"] }).instantiate(atomicGuest(), config);
}

const wait32 = (instance: Module, timeout: bigint, address = 16) =>
  instance.exportedFunction("memory.atomic.wait32")!.callAsync(address, 0, timeout);
const notify = (instance: Module, count: number, address = 16) =>
  instance.exportedFunction("memory.atomic.notify")!.call(address, count);

const lacking: Readonly<Record<string, () => void>> = {
  "Atomics.waitAsync": () => {
    hostAtomics.waitAsync = undefined;
  },
  SharedArrayBuffer: () => {
    globals.SharedArrayBuffer = undefined;
  },
};

for (const [what, remove] of Object.entries(lacking)) {
  test(`without ${what}, suspended guests of a thread wake one another in their order`, async () => {
    remove();
    const instance = guest();
    const order: number[] = [];
    const waits = [0, 1, 2].map(async (i) => {
      assert.equal(await wait32(instance, -1n), 0);
      order.push(i);
    });
    assert.equal(notify(instance, 5, 20), 0);
    assert.equal(notify(instance, 2), 2);
    assert.equal(notify(instance, 2), 1);
    assert.equal(notify(instance, 2), 0);
    await Promise.all(waits);
    assert.deepEqual(order, [0, 1, 2]);
  });

  test(`without ${what}, a wait takes its timeout from nanosleep`, async () => {
    remove();
    const sleeps: bigint[] = [];
    let wake = (): void => {};
    const nanosleep = (nanoseconds: bigint): Promise<void> => {
      sleeps.push(nanoseconds);
      return new Promise((resolve) => {
        wake = resolve;
      });
    };
    const instance = guest({ nanosleep });
    const waits = [wait32(instance, 5n), wait32(instance, 7n)];
    await Promise.resolve();
    wake();
    assert.equal(await waits[1], 2);
    assert.deepEqual(sleeps, [5n, 7n]);
    // The one whose time is over is not counted.
    assert.equal(notify(instance, 5), 1);
    assert.equal(await waits[0], 0);
    await assert.rejects(wait32(guest(), 5n), UnsupportedError);
  });
}

test("without Atomics.waitAsync, a deadline ends a wait by nanosleep, and its guest is notified no more", async () => {
  lacking["Atomics.waitAsync"]!();
  let time = 0;
  const sleeps: bigint[] = [];
  const nanosleep = async (nanoseconds: bigint): Promise<void> => {
    sleeps.push(nanoseconds);
    time += 20; // wakes early once
  };
  const runtime = new Runtime({ features: ["wasm3", "threads"], metering: true, now: () => time });
  const instance = runtime.instantiate(atomicGuest(), { nanosleep, deadlineMs: 30 });
  for (const timeout of [-1n, 10n ** 12n]) {
    await assert.rejects(wait32(instance, timeout), { name: "Trap", code: "deadline exceeded" });
    assert.equal(notify(instance, 5), 0);
  }
  assert.deepEqual(sleeps, [30_000_000n, 10_000_000n, 30_000_000n, 10_000_000n]);
});

test("without Atomics.waitAsync, a guest whose wait a signal ended takes no notification from the next one", async () => {
  lacking["Atomics.waitAsync"]!();
  const runtime = new Runtime({ features: ["wasm3", "threads"], metering: true });
  const controller = new AbortController();
  const first = runtime.instantiate(atomicGuest(), { signal: controller.signal });
  const env = { memory: first.memory! };
  const second = runtime.instantiate(atomicGuest("imported"), { imports: { env } });
  const waits = [wait32(first, -1n), wait32(second, -1n)] as const;
  controller.abort();
  assert.equal(notify(second, 1), 1);
  await assert.rejects(waits[0], { name: "Trap", code: "aborted" });
  assert.equal(await waits[1], 0);
  assert.equal(notify(second, 1), 0);
});

for (const [what, remove] of [["nothing", () => {}] as const, ...Object.entries(lacking)]) {
  test(`without ${what}, who is ended as it waits hands the notification on`, { timeout: 10_000 }, async () => {
    remove();
    const ends: ((module: Module, controller: AbortController) => void)[] = [
      (_, controller) => controller.abort(),
      (module) => module.close(3),
    ];
    for (const end of ends) {
      const runtime = new Runtime({ features: ["wasm3", "threads"], metering: true });
      const controller = new AbortController();
      const first = runtime.instantiate(atomicGuest(), { signal: controller.signal });
      const env = { memory: first.memory! };
      const second = runtime.instantiate(atomicGuest("imported"), { imports: { env } });
      const waits = [wait32(first, -1n), wait32(second, -1n)] as const;
      const ended = assert.rejects(waits[0], { name: /Trap|ExitError/ });
      end(first, controller);
      assert.equal(notify(second, 1), 1);
      assert.equal(await waits[1], 0);
      await ended;
    }
  });
}

test("without SharedArrayBuffer, a shared memory works for one thread and has no buffer", () => {
  lacking["SharedArrayBuffer"]!();
  const instance = guest();
  assert.equal(instance.memory!.buffer, undefined);
  assert.equal(instance.exportedFunction("i32.atomic.rmw.add")!.call(0, 5), 0);
  assert.equal(instance.exportedFunction("grow")!.call(2), 1);
  assert.equal(instance.exportedFunction("i32.atomic.load")!.call(0), 5);
  assert.throws(() => instance.exportedFunction("memory.atomic.wait32")!.call(16, 0, -1n), /callAsync/);
});

test("a thread that may not wait is told to use callAsync, where it would have to wait", () => {
  const cause = new TypeError("Atomics.wait cannot be called in this context");
  hostAtomics.wait = () => {
    throw cause;
  };
  const wait = guest().exportedFunction("memory.atomic.wait32")!;
  assert.equal(wait.call(16, 1, -1n), 1);
  assert.equal(wait.call(16, 0, 0n), 2);
  assert.throws(() => wait.call(16, 0, -1n), { name: "UnsupportedError", message: /callAsync/, cause });
});
