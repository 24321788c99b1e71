// @jsquash/webp: libwebp built with Emscripten and Embind, its encoder with SIMD. Encodes a picture in three ways, decodes what came out, and
// gives checksums.
import decode, { init as initDecoder } from "@jsquash/webp/decode.js";
import encode, { init as initEncoder } from "@jsquash/webp/encode.js";
import { simd } from "wasm-feature-detect";
import { bytesOf, sha256 } from "../files.mjs";
import { picture } from "../picture.mjs";

export const about = { package: "@jsquash/webp", heavy: true };

const ways = [{ quality: 75 }, { lossless: 1, exact: 1 }, { quality: 20, method: 6, use_sharp_yuv: 1 }];

export async function start() {
  const encoder = (await simd()) ? "webp_enc_simd.wasm" : "webp_enc.wasm";
  await initDecoder(await WebAssembly.compile(bytesOf("@jsquash/webp/codec/dec/webp_dec.wasm")));
  await initEncoder(await WebAssembly.compile(bytesOf(`@jsquash/webp/codec/enc/${encoder}`)));
  const image = picture(160, 120);
  return async () => {
    const results = [];
    for (const options of ways) {
      const webp = await encode(image, options);
      const { data, width, height } = await decode(webp);
      results.push({ bytes: webp.byteLength, webp: sha256(new Uint8Array(webp)), width, height, pixels: sha256(data) });
    }
    return results;
  };
}
