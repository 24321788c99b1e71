// Guests that are metered: what they spend, and how they end when that is used up, or their time is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Module, type ModuleConfig, Trap } from "zerowasm";
import { parse } from "zerowasm/text";
import type { NewRuntime } from "../contract.ts";

const guest = parse(`(module
  (import "host" "pause" (func $pause (param i32) (result i32)))
  (global $turns (mut i32) (i32.const 0))
  (func (export "spin") (loop $on (global.set $turns (i32.add (global.get $turns) (i32.const 1))) (br $on)))
  (func (export "turns") (result i32) (global.get $turns))
  (func $recur (export "recur") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 1) (call $recur (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0))))
  (func $tail (export "tail") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
    (return_call $tail (i32.sub (local.get 0) (i32.const 1))))
  (func (export "count") (param i32) (result i32) (local i32)
    (loop $on
      (local.set 1 (i32.add (local.get 1) (i32.const 2)))
      (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func (export "nested") (param i32) (result i32) (local i32 i32)
    (loop $outer
      (local.set 1 (i32.const 10))
      (loop $inner
        (local.set 2 (i32.add (local.get 2) (i32.const 1)))
        (br_if $inner (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
      (br_if $outer (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 2))
  (func (export "pauses") (param i32) (result i32) (local i32)
    (loop $on
      (local.set 1 (i32.add (local.get 1) (call $pause (local.get 0))))
      (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1)))`);

/** What each call takes: instructions of a function outside of loops, and of each loop for each turn. */
const costs = [
  // loop, local.get and end; in the loop nine, and its end
  ["count", 1, 3n + 1n * 10n],
  ["count", 1000, 3n + 1000n * 10n],
  ["count", 50_000, 3n + 50_000n * 10n],
  ["nested", 20_000, 3n + 20_000n * 9n + 200_000n * 10n],
  ["recur", 100, 101n * 12n],
  ["recur", 20_000, 20_001n * 12n],
  ["tail", 30_000, 30_001n * 9n],
] as const;

const isTrap =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Trap && error.code === code && error.wasmStack.length > 0;

export function metering(newRuntime: NewRuntime): void {
  const metered = (config: ModuleConfig, now?: () => number) => {
    const pause = (left: number): unknown => (left % 2 === 0 ? Promise.resolve(left) : left);
    const imports = { host: { pause } };
    return newRuntime({ metering: true, ...(now === undefined ? {} : { now }) }).instantiate(guest, {
      imports,
      ...config,
    });
  };

  for (const [name, argument, cost] of costs) {
    test(`${name}(${argument}) takes ${cost}`, () => {
      const module = metered({ fuel: 10n ** 12n });
      const call = module.exportedFunction(name)!;
      for (let i = 1n; i <= 3n; i++) {
        call.call(argument);
        assert.equal(module.fuel, 10n ** 12n - i * cost);
      }
      module.fuel = cost;
      call.call(argument);
      assert.equal(module.fuel, 0n, "just enough");
      module.fuel = cost - 1n;
      assert.throws(() => call.call(argument), isTrap("fuel exhausted"));
      assert.equal(module.fuel, 0n);
    });
  }

  test("a guest that is suspended takes the same", async () => {
    const module = metered({ fuel: 10n ** 12n });
    for (const count of [1, 10, 30_000]) {
      module.fuel = 10n ** 12n;
      await module.exportedFunction("pauses")!.callAsync(count);
      assert.equal(module.fuel, 10n ** 12n - 3n - 11n * BigInt(count));
    }
  });

  test("an endless loop ends, and the module stays usable", () => {
    const module = metered({ fuel: 1_000_000n });
    assert.throws(() => module.exportedFunction("spin")!.call(), isTrap("fuel exhausted"));
    assert.throws(() => module.exportedFunction("count")!.call(1), isTrap("fuel exhausted"));
    module.fuel = undefined;
    assert.equal(module.exportedFunction("count")!.call(1), 2);
    assert.equal(module.fuel, undefined);
    assert.ok((module.exportedFunction("turns")!.call() as number) > 100_000);
  });

  test("callRaw and callAsync end too", async () => {
    const module = metered({ fuel: 10_000n });
    assert.throws(() => module.exportedFunction("spin")!.callRaw(new BigUint64Array(1)), isTrap("fuel exhausted"));
    module.fuel = 500_000n;
    await assert.rejects(module.exportedFunction("spin")!.callAsync(), isTrap("fuel exhausted"));
    module.fuel = 100n;
    await assert.rejects(module.exportedFunction("pauses")!.callAsync(50), isTrap("fuel exhausted"));
  });

  test("a call spends for many locals, which may have to be set", () => {
    const locals = "(local i64)".repeat(6400);
    const module = newRuntime({ metering: true }).instantiate(
      parse(`(module (func $f ${locals}) (func (export "g") (call $f) (call $f)))`),
      { fuel: 1000n },
    );
    module.exportedFunction("g")!.call();
    assert.equal(module.fuel, 1000n - 3n - 2n * 101n);
  });

  test("a start function may use it up", () => {
    const runtime = newRuntime({ metering: true });
    const start = parse("(module (func $f (loop (br 0))) (start $f))");
    assert.throws(() => runtime.instantiate(start, { fuel: 1000n }), isTrap("fuel exhausted"));
    assert.equal(runtime.instantiate(parse('(module (func (export "f")))'), { fuel: 9n }).fuel, 9n);
  });

  const constants: Readonly<Record<string, string>> = {
    "a global": "(global (ref $a) (array.new_default $a (i32.const 1)))",
    "a table": "(table 1 (ref i31) (ref.i31 (i32.const 7)))",
    "an element segment": "(elem (ref null $a) (item (array.new_default $a (i32.const 1))))",
  };
  for (const [what, text] of Object.entries(constants)) {
    test(`time is looked at before each constant of ${what}`, () => {
      let time = 0;
      const runtime = newRuntime({ metering: true, now: () => time++ });
      const module = parse(`(module (type $a (array i32)) (memory 1) (global i32 (i32.const 0)) ${text.repeat(20)})`);
      runtime.instantiate(module, { deadlineMs: 1e9, name: "taken" }).close();
      const late = { name: "Trap", code: "deadline exceeded" };
      for (let i = 0; i < 2; i++)
        assert.throws(() => runtime.instantiate(module, { deadlineMs: 15, name: "free" }), late);
      assert.equal(runtime.module("free"), undefined);
    });
  }

  test("a call ends when its time has passed, and the next has its own", () => {
    let time = 0;
    const module = metered({ deadlineMs: 50 }, () => time++);
    const turns = (): number => module.exportedFunction("turns")!.call() as number;
    for (const least of [50, 100]) {
      assert.throws(() => module.exportedFunction("spin")!.call(), isTrap("deadline exceeded"));
      assert.ok(turns() * 8 > least * 100_000, "it ran for its time");
    }
    assert.equal(module.exportedFunction("count")!.call(3), 6);
  });

  const range = "(i32.const 0) (i32.const 0) (i32.const 20000)";
  const long: Readonly<Record<string, string>> = {
    "memory.fill": `(memory.fill ${range})`,
    "memory.copy": `(memory.copy ${range})`,
    "memory.init": `(memory.init $d ${range})`,
    "table.fill": "(table.fill (i32.const 0) (ref.null func) (i32.const 20000))",
    "table.copy": `(table.copy ${range})`,
    "table.grow": "(drop (table.grow (ref.null func) (i32.const 20000)))",
    "array.new": "(drop (array.new $a (i32.const 1) (i32.const 20000)))",
    "array.fill": "(array.fill $a (global.get $g) (i32.const 0) (i32.const 1) (i32.const 20000))",
    "array.copy": "(array.copy $a $a (global.get $g) (i32.const 0) (global.get $g) (i32.const 1) (i32.const 20000))",
    "array.init_data": `(array.init_data $a $d (global.get $g) ${range})`,
    // Short ones may take long, too.
    "array.new_default": "(drop (array.new_default $a (i32.const 600)))",
    "struct.new_default": "(drop (struct.new_default $wide))",
    "memory.grow": "(drop (memory.grow (i32.const 1)))",
    throw: "(block $h (try_table (catch_all $h) (throw $e)))",
    throw_ref:
      "(block $h (try_table (catch_all $h) (throw_ref (block $x (result exnref) (try_table (catch_all_ref $x) (throw $e)) (unreachable)))))",
    "call of the host": "(call $host)",
    "indirect call of the host": "(call_indirect (i32.const 1))",
  };
  for (const [name, instruction] of Object.entries(long)) {
    test(`time is looked at before each long ${name}`, () => {
      const text = `(module (type $a (array (mut i8))) (type $wide (struct ${"(field i32)".repeat(2000)})) (import "host" "f" (func $host)) (memory 1) (table 20000 funcref)
        (tag $e) (elem (i32.const 1) $host) (data $d "${"x".repeat(20000)}")
        (global $g (ref $a) (array.new_default $a (i32.const 21000)))
        (func (export "f") ${instruction.repeat(20)}))`;
      let time = 0;
      const runtime = newRuntime({ metering: true, now: () => time++ });
      const imports = { host: { f: () => {} } };
      const f = runtime.instantiate(parse(text), { deadlineMs: 15, imports }).exportedFunction("f")!;
      assert.throws(() => f.call(), isTrap("deadline exceeded"));
    });
  }

  test("time is looked at before each function is translated", () => {
    const functions = Array.from({ length: 1100 }, (_, i) => `(func $f${i})`).join("");
    const calls = Array.from({ length: 20 }, (_, i) => `(call $f${i})`).join("");
    let time = 0;
    const runtime = newRuntime({ metering: true, now: () => time++ });
    const text = `(module ${functions} (func (export "f") ${calls}))`;
    const f = runtime.instantiate(parse(text), { deadlineMs: 15 }).exportedFunction("f")!;
    assert.throws(() => f.call(), { name: "Trap", code: "deadline exceeded" });
    f.call(); // what was made is kept
  });

  const MANY = 48 << 20;
  const whole = "(i32.const 0) (i32.const 1)";
  const pieces: Readonly<Record<string, string>> = {
    "memory.fill": `(memory.fill ${whole} (i32.const ${MANY}))`,
    "memory.copy down": `(memory.copy ${whole} (i32.const ${MANY}))`,
    "memory.copy up": `(memory.copy (i32.const 1) (i32.const 0) (i32.const ${MANY}))`,
    "memory.grow": "(drop (memory.grow (i32.const 1)))",
    "table.grow": "(drop (table.grow (ref.null func) (i32.const 4000000)))",
    "array.new": `(drop (array.new $a (i32.const 7) (i32.const ${MANY})))`,
    "array.fill": `(array.fill $a (global.get $g) ${whole} (i32.const ${MANY}))`,
    "array.copy": `(array.copy $a $a (global.get $g) (i32.const 1) (global.get $g) (i32.const 0) (i32.const ${MANY}))`,
  };
  for (const [name, instruction] of Object.entries(pieces)) {
    test(`a ${name} of megabytes ends in the middle`, () => {
      const text = `(module (type $a (array (mut i8))) (memory ${(MANY >> 16) + 1}) (table 0 funcref)
        (global $g (ref $a) (array.new_default $a (i32.const ${MANY + 1}))) (func (export "f") ${instruction}))`;
      let time = 0;
      const runtime = newRuntime({ metering: true, now: () => time++ });
      const f = runtime.instantiate(parse(text), { deadlineMs: 8 }).exportedFunction("f")!;
      assert.throws(() => f.call(), isTrap("deadline exceeded"));
    });
  }

  test("pieces are in the order that ranges which overlap need", () => {
    const text = `(module (memory (export "memory") 800)
      (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
      (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2))))`;
    const module = newRuntime({ metering: true }).instantiate(parse(text), { deadlineMs: 1e9 });
    const memory = module.memory!;
    const bytes = memory.subarray(0, memory.byteLength)!;
    for (let i = 0; i < bytes.length; i += 1021) bytes[i] = i % 251;
    const expected = bytes.slice();
    const shift = 12_345_678;
    for (const [to, from] of [
      [shift, 0],
      [3, shift],
    ] as const) {
      module.exportedFunction("copy")!.call(to, from, 38 << 20);
      expected.copyWithin(to, from, from + (38 << 20));
      assert.ok(Buffer.compare(bytes, expected) === 0, `to ${to} from ${from}`);
    }
    module.exportedFunction("fill")!.call(5, 9, 30 << 20);
    expected.fill(9, 5, 5 + (30 << 20));
    assert.ok(Buffer.compare(bytes, expected) === 0);
  });

  for (const [what, timeout] of [
    ["for ever", -1],
    ["with a timeout", 5_000_000_000],
  ] as const) {
    test(`a guest that waits ${what} to be notified ends at its deadline, suspended too`, async () => {
      const text = `(module (memory 1 1 shared)
        (func (export "f") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const ${timeout})))))`;
      const runtime = newRuntime({ metering: true, features: ["wasm3", "threads"] });
      const f = runtime.instantiate(parse(text), { deadlineMs: 20 }).exportedFunction("f")!;
      const late = { name: "Trap", code: "deadline exceeded" };
      const started = Date.now();
      assert.throws(() => f.call(), late);
      // Nothing that sleeps in Atomics.waitAsync keeps Node running.
      let alive: NodeJS.Timeout | undefined;
      const tooLong = new Promise((_, reject) => {
        alive = setTimeout(() => reject(new Error("it was not woken")), 4000);
      });
      await Promise.race([assert.rejects(f.callAsync(), late), tooLong]);
      clearTimeout(alive);
      assert.ok(Date.now() - started < 4000);
    });
  }

  test("a deadline by the host's clock", () => {
    const started = Date.now();
    assert.throws(() => metered({ deadlineMs: 30 }).exportedFunction("spin")!.call(), isTrap("deadline exceeded"));
    const taken = Date.now() - started;
    assert.ok(taken >= 29 && taken < 20_000, `${taken} ms`);
  });

  test("a call nested in another has no more time than that", () => {
    let time = 0;
    const runtime = newRuntime({ metering: true, now: () => time++ });
    const inner = runtime.instantiate(parse('(module (func (export "spin") (loop (br 0))))'));
    const outer = runtime.instantiate(parse('(module (import "host" "f" (func $f)) (func (export "run") (call $f)))'), {
      deadlineMs: 20,
      imports: { host: { f: () => inner.exportedFunction("spin")!.call() } },
    });
    assert.throws(() => outer.exportedFunction("run")!.call(), isTrap("deadline exceeded"));
    const linked = runtime.instantiate(
      parse('(module (import "inner" "spin" (func $spin)) (func (export "run") (call $spin)))'),
      { deadlineMs: 20, imports: { inner } },
    );
    assert.throws(() => linked.exportedFunction("run")!.call(), isTrap("deadline exceeded"));
  });

  test("each instance has its own fuel", () => {
    const runtime = newRuntime({ metering: true });
    const source = parse('(module (func (export "f") (result i32) (i32.const 1)))');
    const callee = runtime.instantiate(source, { name: "callee", fuel: 100n });
    const caller = runtime.instantiate(
      parse('(module (import "callee" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))'),
      { fuel: 100n },
    );
    assert.equal(caller.exportedFunction("g")!.call(), 1);
    assert.deepEqual([caller.fuel, callee.fuel], [98n, 98n]);
    callee.fuel = 1n;
    assert.throws(() => caller.exportedFunction("g")!.call(), isTrap("fuel exhausted"));
    assert.deepEqual([caller.fuel, callee.fuel], [96n, 0n]);
  });

  // What the host does with the fuel in its function, by the number of its call: three hundred of them.
  const budgets: Readonly<
    Record<string, readonly [(call: number, module: Module) => void, result: unknown, left: bigint | undefined]>
  > = {
    "more and less": [
      (call, module) => {
        if (call === 250) module.fuel = 1234n;
        if (call === 245) module.fuel = 5_000_000n;
        if (call === 240) module.fuel = module.fuel! + 77n;
      },
      45_150,
      4_997_393n,
    ],
    none: [(call, module) => void (call === 250 && (module.fuel = 0n)), "fuel exhausted", 0n],
    "an end where there was none": [
      (call, module) => void (call === 250 && (module.fuel = 300n)),
      "fuel exhausted",
      0n,
    ],
    "no end": [(call, module) => void (call === 250 && (module.fuel = undefined)), 45_150, undefined],
    "a budget of its own for a call within": [
      (call, module) => {
        if (call !== 250) return;
        const kept = module.fuel;
        module.fuel = 700n;
        assert.throws(() => module.exportedFunction("spin")!.call(), isTrap("fuel exhausted"));
        module.fuel = kept;
      },
      45_150,
      96_697n,
    ],
    "the same for a call within": [
      (call, module) => void (call === 250 && module.exportedFunction("count")!.call(20)),
      45_150,
      96_494n,
    ],
    "all of it for a call within": [
      (call, module) => {
        if (call === 250) assert.throws(() => module.exportedFunction("spin")!.call(), isTrap("fuel exhausted"));
      },
      "fuel exhausted",
      0n,
    ],
  };
  for (const [what, [change, result, left]] of Object.entries(budgets)) {
    for (const how of ["call", "callAsync", "callAsync, suspended"]) {
      test(`in the middle of a ${how} the host gives ${what}`, async () => {
        const pause = (call: number): unknown => {
          change(call, module);
          return how.endsWith("suspended") && call % 2 === 0 ? Promise.resolve(call) : call;
        };
        const module = newRuntime({ metering: true }).instantiate(guest, {
          fuel: 100_000n,
          imports: { host: { pause } },
        });
        const run = module.exportedFunction("pauses")!;
        const seen = async (): Promise<unknown> => (how === "call" ? run.call(300) : await run.callAsync(300));
        assert.equal(await seen().catch((error: Trap) => error.code), result);
        assert.equal(module.fuel, left);
      });
    }
  }

  test("a signal ends a call that waits, at once", async () => {
    const controller = new AbortController();
    const imports = { host: { pause: () => new Promise<never>(() => {}) } };
    const module = newRuntime({ metering: true }).instantiate(guest, { imports, signal: controller.signal });
    const waiting = module.exportedFunction("pauses")!.callAsync(5);
    setTimeout(() => controller.abort(new Error("enough")), 5);
    await assert.rejects(
      waiting,
      (error: Trap) => isTrap("aborted")(error) && (error.cause as Error).message === "enough",
    );
    assert.throws(
      () => module.exportedFunction("count")!.call(1),
      { name: "Trap", code: "aborted" },
      "before it begins",
    );
  });

  test("a start function that takes too long tells where it was", async () => {
    for (const begins of ["(start $f)", '(export "_start" (func $f))']) {
      const bytes = parse(`(module (func $f (loop (br 0))) ${begins})`);
      let time = 0;
      const runtime = newRuntime({ metering: true, now: () => time++ });
      const isLate = isTrap("deadline exceeded");
      assert.throws(() => runtime.instantiate(bytes, { deadlineMs: 50 }), isLate);
      await assert.rejects(runtime.instantiateAsync(bytes, { deadlineMs: 50 }), isLate);
    }
  });

  test("a start function of others has the time of the module that begins", { timeout: 10_000 }, async () => {
    for (const begins of ["(start $f)", '(export "_start" (func $f))']) {
      const bytes = parse(`(module (import "env" "f" (func $f)) ${begins})`);
      for (const isGuest of [false, true]) {
        let time = 0;
        const runtime = newRuntime({ metering: true, now: () => time });
        const relay = parse('(module (import "env" "f" (func $f)) (func (export "f") (call $f)))');
        const env = (f: () => unknown) => ({
          env: isGuest ? runtime.instantiate(relay, { imports: { env: { f } } }) : { f },
        });
        const controller = new AbortController();
        const never = env(() => new Promise<never>(() => {}));
        const made = runtime.instantiateAsync(bytes, { imports: never, signal: controller.signal });
        controller.abort();
        await assert.rejects(made, { name: "Trap", code: "aborted" });
        const long = env(async () => void (time += 10));
        await assert.rejects(runtime.instantiateAsync(bytes, { imports: long, deadlineMs: 5 }), {
          name: "Trap",
          code: "deadline exceeded",
        });
        assert.throws(() => runtime.instantiate(bytes, { imports: long, signal: controller.signal }), {
          name: "Trap",
          code: "aborted",
        });
      }
    }
  });

  test("a signal that fires between two turns is seen at the next one that waits", async () => {
    const controller = new AbortController();
    const imports = { host: { pause: () => new Promise((resolve) => setImmediate(resolve, 1)) } };
    const module = newRuntime({ metering: true }).instantiate(guest, { imports, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(module.exportedFunction("pauses")!.callAsync(2 ** 31 - 1), isTrap("aborted"));
  });

  test("a signal that somebody else sets is seen by a guest that computes", () => {
    let looks = 0;
    const reason = new Error("enough");
    const signal = {
      reason,
      get aborted() {
        return ++looks > 20;
      },
    };
    const isAborted = (error: Trap): boolean => isTrap("aborted")(error) && error.cause === reason;
    assert.throws(() => metered({ signal }).exportedFunction("spin")!.call(), isAborted);
  });

  test("no guest catches the end of its fuel", () => {
    const module = newRuntime({ metering: true }).instantiate(
      parse(`(module (func $spin (loop (br 0)))
        (func (export "f") (block $h (try_table (catch_all $h) (call $spin)))))`),
      { fuel: 1000n },
    );
    assert.throws(() => module.exportedFunction("f")!.call(), isTrap("fuel exhausted"));
  });

  test("limits are for runtimes that meter", () => {
    const runtime = newRuntime();
    for (const config of [{ fuel: 1n }, { deadlineMs: 1 }, { signal: new AbortController().signal }]) {
      assert.throws(() => runtime.instantiate(parse("(module)"), config), /need a runtime with metering: true/);
    }
    const module = runtime.instantiate(parse("(module)"));
    assert.equal(module.fuel, undefined);
    assert.throws(() => {
      module.fuel = 1n;
    }, TypeError);
    const fuelled = newRuntime({ metering: "fuel" });
    assert.equal(fuelled.instantiate(parse("(module)"), { fuel: 2n ** 53n - 1n }).fuel, 2n ** 53n - 1n);
    for (const config of [{ deadlineMs: 1 }, { signal: new AbortController().signal }]) {
      assert.throws(() => fuelled.instantiate(parse("(module)"), config), /need a runtime with metering: true/);
    }
    const other = newRuntime({ metering: true });
    for (const fuel of [-1n, 2n ** 53n])
      assert.throws(() => other.instantiate(parse("(module)"), { fuel }), RangeError);
    for (const config of [
      { fuel: 1 as never },
      { deadlineMs: Number.NaN },
      { deadlineMs: -1 },
      { deadlineMs: "5" as never },
      { deadlineMs: [5] as never },
      { deadlineMs: 5n as never },
      { deadlineMs: new Date(5) as never },
      { signal: {} as never },
    ]) {
      assert.throws(() => other.instantiate(parse("(module)"), config), TypeError);
    }
  });
}
