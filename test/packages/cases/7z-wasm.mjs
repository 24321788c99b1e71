// 7z-wasm: 7-Zip built with Emscripten, on its file system in memory. Packs files into archives of three formats, lists and unpacks them.
import SevenZip from "7z-wasm";
import { sha256, textOf } from "../files.mjs";

export const about = { package: "7z-wasm" };

const formats = { "a.7z": ["-mx=5"], "a.zip": ["-mm=Deflate"], "a.tar": [] };

export async function start() {
  const printed = [];
  const seven = await SevenZip({ print: (line) => printed.push(line), printErr: (line) => printed.push(line) });
  const { FS } = seven;
  const text = textOf("7z-wasm/index.d.ts");
  FS.mkdir("/in");
  FS.writeFile("/in/text.ts", text.repeat(8));
  FS.writeFile(
    "/in/numbers.bin",
    Uint8Array.from({ length: 30_000 }, (_, i) => (i * i) >> 5),
  );
  FS.writeFile("/in/empty", "");
  for (const path of ["/in/text.ts", "/in/numbers.bin", "/in/empty", "/in"])
    FS.utime(path, 1_600_000_000_000, 1_600_000_000_000);

  return () => {
    const results = {};
    for (const [name, options] of Object.entries(formats)) {
      printed.length = 0;
      seven.callMain(["a", `/${name}`, "/in", "-mmt=1", ...options]);
      const archive = FS.readFile(`/${name}`);
      seven.callMain(["x", `/${name}`, `-o/out-${name}`, "-y"]);
      results[name] = {
        bytes: archive.length,
        archive: sha256(archive),
        text: FS.readFile(`/out-${name}/in/text.ts`, { encoding: "utf8" }) === text.repeat(8),
        numbers: sha256(FS.readFile(`/out-${name}/in/numbers.bin`)),
        said: printed.filter((line) => /^(Files|Size|Everything)/.test(line)),
      };
      FS.unlink(`/${name}`);
    }
    return results;
  };
}
