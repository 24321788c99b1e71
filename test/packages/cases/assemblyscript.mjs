// assemblyscript: a compiler over binaryen. Compiles the standard library's map and sorts, optimised, to a binary and a text.
import { sha256 } from "../files.mjs";

export const about = { package: "assemblyscript", heavy: true };

const source = `
  export function sorted(n: i32): f64 {
    const values = new Array<f64>(n);
    for (let i = 0; i < n; i++) values[i] = Math.sin(<f64>i);
    values.sort((a, b) => (a < b ? -1 : 1));
    return values[n >> 1];
  }
  export function words(text: string): i32 {
    const counts = new Map<string, i32>();
    const parts = text.split(" ");
    for (let i = 0; i < parts.length; i++) counts.set(parts[i], counts.has(parts[i]) ? counts.get(parts[i]) + 1 : 1);
    return counts.size;
  }
`;

export async function start() {
  // binaryen instantiates as it is imported.
  const { default: asc } = await import("assemblyscript/asc");
  return async () => {
    const { error, binary, text, stderr } = await asc.compileString(source, { optimizeLevel: 2, shrinkLevel: 1 });
    if (error) throw new Error(`${error.message}\n${stderr}`);
    return { size: binary.length, binary: sha256(binary), text: sha256(text) };
  };
}
