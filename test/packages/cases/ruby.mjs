// @ruby/3.4-wasm-wasi: CRuby and its standard library as one reactor of WASI, by the package's own glue. Start-up is the time to the first output.
import { rubyOf } from "../ruby-machine.mjs";

export const about = { package: "@ruby/3.4-wasm-wasi", heavy: true, without: { polywasm: "brings no WASI" } };

const script = `
  p 20.downto(1).inject(:*)
  require "digest"
  puts Digest::SHA256.hexdigest("The quick brown fox jumps over the lazy dog")
  p %w[pear apple fig cherry].sort, [3, 1, 2].sort { |a, b| b <=> a }
  require "json"
  puts JSON.generate(JSON.parse('{"b": [1, 2.5, null], "a": "é"}').sort.to_h)
  begin
    Integer("twelve")
  rescue ArgumentError => error
    puts error.message
  end
  puts (1..200).group_by { |i| i % 7 }.sum { |k, v| k * v.sum }
`;

export async function start() {
  const ruby = await rubyOf("ruby+stdlib.wasm", {});
  return () => ruby.run(script);
}
