// The door `zerowasm/wasi`.
export { type Wasi, wasi } from "./wasi.ts";
