// The door `zerowasm/wasi`.
export { type AssemblyScript, assemblyscript } from "./assemblyscript.ts";
export { type Emscripten, emscripten } from "./emscripten.ts";
export type { HostLog, LogScope } from "./log.ts";
export { type Wasi, type WasiOptions, wasi } from "./wasi.ts";
