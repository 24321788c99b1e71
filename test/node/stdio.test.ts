import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { setTimeout as after } from "node:timers/promises";
import { run, start } from "./script.ts";

const readAll = (stream: string): string => `
  const buffer = new Uint8Array(1000);
  let length = 0;
  for (let count; (count = await ${stream}.stdin.read(buffer)) > 0; ) length += count;
  console.log(length, await ${stream}.stdin.read(buffer));`;

for (const stream of ["stdio", "stdioAsync"]) {
  test(`${stream}: a pipe is read to its end, and stays there`, async () => {
    assert.equal(await run(readAll(stream)), "0 0\n");
    assert.equal(await run(readAll(stream), "x".repeat(300_001)), "300001 0\n");
  });

  test(`${stream}: a file is read just as far as the guest asks`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "zerowasm-"));
    try {
      const file = join(folder, "input");
      writeFileSync(file, "abcdefgh");
      const script = `
        import { readFileSync } from "node:fs";
        const buffer = new Uint8Array(3);
        console.log(${stream}.stdin.read(buffer), Buffer.from(buffer).toString(), ${stream}.stdin.ready?.());
        console.log(readFileSync(0, "utf8"));`;
      const ready = stream === "stdio" ? "undefined" : "true";
      assert.equal((await start(script, file).ended).stdout, `3 abc ${ready}\ndefgh\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test(`${stream}: output comes in order, whole, and is no terminal`, async () => {
    const script = `
      ${stream}.stdout.write(Buffer.from("a"));
      console.log("b");
      ${stream}.stdout.write(Buffer.alloc(1_000_000, 99));
      ${stream}.stderr.write(Buffer.from(String([${stream}.stdin.isTerminal, ${stream}.stdout.isTerminal, ${stream}.stderr.isTerminal])));`;
    assert.equal(await run(script), `ab\n${"c".repeat(1_000_000)}false,false,false`);
  });

  test(`${stream}: writing where nobody reads is EPIPE`, async () => {
    const { child, ended } = start(`
      await ${stream}.stdin.read(new Uint8Array(1));
      try {
        for (;;) ${stream}.stdout.write(Buffer.alloc(100_000));
      } catch (error) {
        ${stream}.stderr.write(Buffer.from(error.code));
      }`);
    child.stdout.destroy();
    child.stdin.write("x");
    assert.equal((await ended).stderr, "EPIPE");
  });
}

test("stdio: a descriptor that another made non-blocking is waited for", async () => {
  const { child, ended } = start(`
    process.stdin.on("error", () => {}).pause(); // Node's stream makes it non-blocking
    const buffer = new Uint8Array(10);
    stdio.stderr.write(Buffer.from("ready\\n"));
    const count = stdio.stdin.read(buffer);
    stdio.stdout.write(buffer.subarray(0, count));`);
  child.stderr.once("data", async () => {
    await after(100);
    child.stdin.end("late");
  });
  assert.equal((await ended).stdout, "late");
});

test("stdio: an output that another made non-blocking is waited for", async () => {
  const { child, ended } = start(`
    process.stdout._handle?.setBlocking?.(false);
    stdio.stdout.write(Buffer.alloc(3_000_000, 99));`);
  child.stdout.pause();
  await after(300);
  child.stdout.resume();
  assert.equal((await ended).stdout.length, 3_000_000);
});

test("stdioAsync: while a read waits, the event loop goes on", async () => {
  const { child, ended } = start(`
    let ticks = 0;
    const timer = setInterval(() => {
      if (++ticks === 5) stdio.stderr.write(Buffer.from("now"));
    }, 5);
    const buffer = new Uint8Array(10);
    const promise = stdioAsync.stdin.read(buffer);
    console.log(promise instanceof Promise, buffer.slice(0, await promise).length, ticks >= 5);
    clearInterval(timer);`);
  child.stderr.once("data", () => child.stdin.write("late"));
  // Its input is still open: nothing may keep it alive once nobody reads.
  assert.equal((await ended).stdout, "true 4 true\n");
});

test("stdioAsync: ready tells when there is something, or the end", async () => {
  const { child, ended } = start(`
    const { stdin } = stdioAsync;
    const buffer = new Uint8Array(2);
    const first = stdin.ready();
    stdio.stderr.write(Buffer.from("now"));
    console.log(first instanceof Promise, await first, stdin.ready());
    console.log(stdin.read(buffer), stdin.ready(), stdin.read(buffer));
    stdio.stderr.write(Buffer.from("now"));
    console.log(await stdin.ready(), stdin.read(buffer), stdin.ready());`);
  let times = 0;
  child.stderr.on("data", () => {
    if (times++ === 0) child.stdin.write("abc");
    else child.stdin.end();
  });
  assert.equal((await ended).stdout, "true true true\n2 true 1\ntrue 0 true\n");
});

test("stdioAsync: two guests may wait at once", async () => {
  const { child, ended } = start(`
    const read = async () => {
      const buffer = new Uint8Array(1);
      return Buffer.from(buffer.subarray(0, await stdioAsync.stdin.read(buffer))).toString();
    };
    const both = Promise.all([read(), read()]);
    stdio.stderr.write(Buffer.from("now"));
    console.log((await both).join());`);
  child.stderr.once("data", () => child.stdin.write("ab"));
  assert.equal((await ended).stdout, "a,b\n");
});

test("stdioAsync: whom only a poll waited for keeps no process, and who reads does", async () => {
  const { child, ended } = start(`
    const { stdin } = stdioAsync;
    const buffer = new Uint8Array(2);
    stdin.ready();
    setTimeout(() => stdio.stderr.write(Buffer.from("now")), 50);
    const read = stdin.read(buffer);
    stdin.idle();
    console.log(await read, stdin.ready() instanceof Promise);
    stdin.idle();`);
  child.stderr.once("data", () => setTimeout(() => child.stdin.write("ab"), 100));
  // Its input is still open.
  assert.equal((await ended).stdout, "2 true\n");
});
