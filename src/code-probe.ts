// What tells whether a host makes code from text, for those that choose a door by it.
export { canCompile } from "./engine/compiler/probe.ts";
