// @jsquash/jpeg: MozJPEG built with Emscripten and Embind. Encodes a picture in three ways, decodes what came out, and gives checksums.
import decode, { init as initDecoder } from "@jsquash/jpeg/decode.js";
import encode, { init as initEncoder } from "@jsquash/jpeg/encode.js";
import { bytesOf, sha256 } from "../files.mjs";
import { picture } from "../picture.mjs";

export const about = { package: "@jsquash/jpeg" };

const ways = [
  { quality: 80 },
  { quality: 60, progressive: false, baseline: true, trellis_multipass: true },
  { quality: 95, color_space: 1 },
];

export async function start() {
  await initDecoder(await WebAssembly.compile(bytesOf("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm")));
  await initEncoder(await WebAssembly.compile(bytesOf("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm")));
  const image = picture(144, 112);
  return async () => {
    const results = [];
    for (const options of ways) {
      const jpeg = await encode(image, options);
      const { data, width, height } = await decode(jpeg);
      results.push({ bytes: jpeg.byteLength, jpeg: sha256(new Uint8Array(jpeg)), width, height, pixels: sha256(data) });
    }
    return results;
  };
}
