// The door `zerowasm/node`: what a guest can be given of this process.
export { type DirectoryCache, type DirectoryCacheOptions, directoryCache } from "./cache.ts";
export { type Clocks, clocks, clocksAsync } from "./clocks.ts";
export { type HeapLimit, heapLimit } from "./heap-limit.ts";
export { type HostDirectoryOptions, hostDirectory } from "./host-directory.ts";
export { random } from "./random.ts";
export { type Stdio, stdio, stdioAsync } from "./stdio.ts";
export { type TcpAddress, type TcpListener, tcpListener } from "./tcp-listener.ts";
