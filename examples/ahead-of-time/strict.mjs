// Runs a program that was compiled ahead of time, with WASI.
import { Runtime } from "zerowasm/aot";
import { wasi } from "zerowasm/wasi";

const app = (await import(process.argv[2])).default;
const runtime = new Runtime();
wasi.instantiate(runtime);
runtime.instantiate(app, { args: ["hello", "ada"], stdout: (bytes) => void process.stdout.write(bytes) });
