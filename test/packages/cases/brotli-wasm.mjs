// brotli-wasm: Rust's brotli through wasm-bindgen's glue for Node. Compresses a script at two levels, in one go and as a stream.
import { createRequire } from "node:module";
import { bytesOf, sha256 } from "../files.mjs";

export const about = { package: "brotli-wasm" };

const script = bytesOf("polywasm/index.js");

export function start() {
  // It instantiates as it is loaded.
  const brotli = createRequire(import.meta.url)("brotli-wasm");
  return () => {
    const packed = [4, 9].map((quality) => brotli.compress(script, { quality }));
    const stream = new brotli.CompressStream(5);
    const parts = [];
    for (let at = 0; at < script.length; ) {
      const { buf, code, input_offset } = stream.compress(script.subarray(at, at + 4096), 4096);
      parts.push(buf);
      at += input_offset;
      if (code === brotli.BrotliStreamResultCode.ResultSuccess) break;
    }
    let end;
    do {
      end = stream.compress(undefined, 4096);
      parts.push(end.buf);
    } while (end.code === brotli.BrotliStreamResultCode.NeedsMoreOutput);
    packed.push(Buffer.concat(parts));
    stream.free();

    let message;
    try {
      brotli.decompress(packed[0].subarray(0, 100));
    } catch (error) {
      message = String(error);
    }
    return {
      sizes: packed.map(({ length }) => length),
      sums: packed.map(sha256),
      same: packed.every((bytes) => script.equals(brotli.decompress(bytes))),
      message,
    };
  };
}
