// The door `zerowasm/wasi`.
export type { HostLog, LogScope } from "./log.ts";
export { type Wasi, type WasiOptions, wasi } from "./wasi.ts";
