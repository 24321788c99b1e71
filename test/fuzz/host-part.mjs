// Takes a runtime and the plan of a linked module, gives a host module with the memories, tables, tags and globals that a host can make.

import { little } from "./dense/node.mjs";
import { tableLimits } from "./dense/shared.mjs";

const names = { i: "i32", l: "i64", f: "f32", d: "f64", v: "v128", 112: "funcref", 111: "externref", 110: "anyref" };

export function hostPart(runtime, { globals, hosts, functions, links, memories, tags, grows, proposals }) {
  const builder = runtime.hostModule("given");
  globals.slice(0, links.hostGlobals).forEach(({ letter, type, bits, isConstant }, at) => {
    const value = letter === undefined ? null : numberOf(letter, bits);
    builder.global(`g${at}`, { type: names[letter ?? type[0]], mutable: !isConstant }, value);
  });
  builder.table("t0", { type: "funcref", min: hosts.length + functions.length });
  links.tables.forEach(({ type, index }, at) => {
    builder.table(`t${at + 1}`, {
      type: names[type],
      min: tableLimits[0],
      max: tableLimits[1],
      index64: index === "l",
    });
  });
  memories.forEach((type, at) => {
    const shared = proposals?.shared[at];
    builder.memory(`m${at}`, { min: 1, max: grows ? 3 : 1, index64: type === "l", shared });
  });
  tags.forEach(({ params }, at) => {
    builder.tag(`e${at}`, { params: [...params].map((letter) => names[letter]) });
  });
  return builder.instantiate();
}

function numberOf(letter, bits) {
  const bytes = Uint8Array.from(little(bits, 16));
  const view = new DataView(bytes.buffer);
  switch (letter) {
    case "i":
      return view.getInt32(0, true);
    case "l":
      return view.getBigInt64(0, true);
    case "f":
      return view.getFloat32(0, true);
    case "d":
      return view.getFloat64(0, true);
    default:
      return bytes;
  }
}
