// vscode-oniguruma: the regular expressions of TextMate grammars. Scans a script line by line with a set of patterns.
import oniguruma from "vscode-oniguruma";
import { bytesOf, textOf } from "../files.mjs";

export const about = { package: "vscode-oniguruma" };

const wasm = bytesOf("vscode-oniguruma/release/onig.wasm");
const lines = textOf("source-map/lib/source-map-consumer.js").split("\n");
const patterns = [
  "(?<comment>//.*$|/\\*\\*?|\\*/)",
  "(?<![\\w$.])(?:if|for|while|return|const|let|var|function|class|new|throw|else)(?![\\w$])",
  "\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|`(?:[^`\\\\]|\\\\.)*+`",
  "\\b(?:0[xX]\\h+|\\d++(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\b",
  "(?=[[:alpha:]_$])[\\w$]+(?=\\s*\\()",
  "(?i)\\b(source|mapping)s?\\k<0>?\\b|\\G\\s+\\S",
  "(\\p{Lu})\\p{Ll}*+(?:\\p{Lu}\\p{Ll}*+)+",
];

export async function start() {
  await oniguruma.loadWASM(wasm);
  return () => {
    const counts = patterns.map(() => 0);
    let sum = 0;
    const scanner = oniguruma.createOnigScanner(patterns.filter((pattern) => !pattern.includes("\\k<0>")));
    for (const line of lines) {
      const text = oniguruma.createOnigString(line);
      let at = 0;
      while (at <= line.length) {
        const match = scanner.findNextMatchSync(text, at);
        if (match === null) break;
        counts[match.index]++;
        for (const { start: from, end } of match.captureIndices) sum = (Math.imul(sum, 33) + from * 7 + end) | 0;
        at = Math.max(match.captureIndices[0].end, at + 1);
      }
      text.dispose();
    }
    scanner.dispose();
    const unicode = oniguruma.createOnigScanner(["(?<=é)\\X+", "\\p{Han}{2,}"]);
    const found = unicode.findNextMatchSync("héllo 漢字かな", 0);
    let message;
    try {
      oniguruma.createOnigScanner(["(unclosed"]);
    } catch (error) {
      message = String(error.message ?? error);
    }
    return { counts, sum, found: found.captureIndices, message };
  };
}
