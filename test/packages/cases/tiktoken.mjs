// tiktoken (lite): a tokenizer in Rust. Encodes a script and a text of many languages with cl100k_base, and decodes the tokens again.
import { createRequire } from "node:module";
import { sha256, textOf } from "../files.mjs";

export const about = { package: "tiktoken" };

const require = createRequire(import.meta.url);
const cl100k = require("tiktoken/encoders/cl100k_base.json");
const texts = [
  textOf("polywasm/README.md"),
  textOf("source-map/lib/util.js"),
  "naïve café, 漢字かな交じり文, здравствуй мир, 👩‍👩‍👧‍👦 <|endoftext|> …",
];

export function start() {
  // It instantiates as it is loaded.
  const { Tiktoken } = require("tiktoken/lite");
  const encoder = new Tiktoken(cl100k.bpe_ranks, cl100k.special_tokens, cl100k.pat_str);
  const decoder = new TextDecoder();
  return () =>
    texts.map((text) => {
      const tokens = encoder.encode(text, "all");
      return {
        count: tokens.length,
        tokens: sha256(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength)),
        first: Array.from(tokens.subarray(0, 10)),
        same: decoder.decode(encoder.decode(tokens)) === text,
      };
    });
}
