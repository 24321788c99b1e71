// Runs guests that serve connections over TCP: a C program, from the command line.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import test from "node:test";
import { CLI, file, zerowasm } from "./command.ts";

const ECHO = "examples/echo-server/echo.wasm";

/** A running server: its port, and how it ends. */
async function serve(...args: readonly string[]): Promise<{ port: number; end: Promise<number | null> }> {
  const child = spawn(process.execPath, [CLI, "run", ...args], {
    timeout: 60_000,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [line]: [Buffer] = (await once(child.stderr, "data")) as [Buffer];
  const [, port] = /^zerowasm: --listen \S+: port (\d+)\n$/.exec(line.toString()) ?? assert.fail(line.toString());
  return { port: Number(port), end };
}

/** Everything that comes until the peer's end. */
async function allOf(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

for (const engine of ["compiler", "interpreter"]) {
  test(`a C program serves connections, on the ${engine}`, async () => {
    const { port, end } = await serve("--engine", engine, "--listen", "127.0.0.1:0", ECHO);
    const bytes = Buffer.alloc(300_000, "0123456789");
    for (const sent of [Buffer.from("hello"), bytes]) {
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      socket.end(sent);
      assert.ok(sent.equals(await allOf(socket)), `${sent.length} bytes come back`);
    }
    // A peer that breaks off is no failure of the next one.
    const broken = connect(port, "127.0.0.1");
    await once(broken, "connect");
    broken.resetAndDestroy();
    const last = connect(port, "127.0.0.1");
    last.write("quit");
    assert.equal((await allOf(last)).length, 0);
    assert.equal(await end, 0);
  });
}

test("what a guest wrote is sent though it has ended", async () => {
  // Accepts, writes its whole memory, and returns.
  const path = file(
    "flood.wat",
    `(module
      (import "wasi_snapshot_preview1" "sock_accept" (func $accept (param i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 64)
      (data (i32.const 0) "\\00\\00\\00\\00\\00\\00\\40\\00")
      (func (export "_start")
        (drop (call $accept (i32.const 3) (i32.const 0) (i32.const 8)))
        (drop (call $write (i32.load (i32.const 8)) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
  );
  const { port, end } = await serve("--listen=localhost:0", path);
  const socket = connect(port, "localhost");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await allOf(socket)).length, 64 * 65_536);
  assert.equal(await end, 0);
});

test("an address that cannot be had ends the command before it runs", async () => {
  const { port, end } = await serve("--listen", "127.0.0.1:0", ECHO);
  const { stdout, stderr, code } = await zerowasm("run", "--listen", `127.0.0.1:${port}`, ECHO);
  assert.deepEqual(
    { stdout, stderr, code },
    { stdout: "", stderr: `zerowasm: --listen 127.0.0.1:${port}: is taken by another program\n`, code: 2 },
  );
  connect(port, "127.0.0.1").end("quit");
  assert.equal(await end, 0);
});
