// The examples built by other toolchains: how each is run, and what it leaves.
import { readFileSync } from "node:fs";
import { type Outcome, textOf } from "./process.ts";

/** How a guest is run and what it leaves beside `expected.txt`. */
export interface Guest {
  readonly example: string;
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly stderr?: string;
  readonly code?: number;
}

/** One for each folder in examples/ that has no program of the host. */
export const guests: readonly Guest[] = [
  { example: "hello", file: "hello.wasm" },
  { example: "cat", file: "cat.wasm", stdin: "input.txt" },
  { example: "sha256", file: "sha256.wasm", stdin: "input.txt" },
  {
    example: "console",
    file: "console.wasm",
    args: ["one", "two words"],
    env: { LANG: "C", HOME: "/" },
    stderr: "to standard error\n",
    code: 3,
  },
  { example: "rust-hello", file: "hello.wasm" },
  { example: "rust-cat", file: "cat.wasm", stdin: "input.txt" },
  { example: "mandelbrot", file: "mandelbrot.wasm" },
  { example: "zig-hello", file: "hello.wasm" },
  { example: "assemblyscript-hello", file: "hello.wasm" },
  { example: "go-report", file: "report.wasm" },
];

/** The path of the guest's module. */
export function pathOf({ example, file }: Guest): string {
  return `examples/${example}/${file}`;
}

/** The bytes for its standard input. */
export function inputOf({ example, stdin }: Guest): Uint8Array {
  return stdin === undefined ? new Uint8Array(0) : readFileSync(`examples/${example}/${stdin}`);
}

/** What it leaves where all is well. */
export function expectedOf({ example, stderr = "", code = 0 }: Guest): Outcome {
  return { stdout: textOf(example, "expected.txt"), stderr, code };
}
