// @ruby/3.4-wasm-wasi without its library inside: one Ruby prints the files of its standard library, and another one finds them mounted, with a
// script that reads and writes files.
import { rubyOf } from "../ruby-machine.mjs";
import { stores } from "../wasi.mjs";

export const about = {
  package: "@ruby/3.4-wasm-wasi",
  heavy: true,
  without: { native: "Node 20's WASI crashes", polywasm: "brings no WASI" },
  expected: {
    files: 959,
    printed: [
      `2432902008176640000
ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
/library/erb.rb
[1, 2, 3]
"0 1 2 "
["one", "two", "three"]
14
["b.txt"]
No such file or directory @ rb_sysopen - /disk/none
false
`,
    ],
  },
};

const library = `
  Dir.chdir("/usr/local/lib/ruby/3.4.0")
  Dir.glob("**/*.rb").sort.each { |file| puts file, [File.binread(file)].pack("m0") }
`;

const script = `
  require "digest"
  require "set"
  require "erb"
  p 20.downto(1).inject(:*)
  puts Digest::SHA256.hexdigest("abc"), $LOADED_FEATURES.grep(/erb.rb/)
  p Set[3, 1, 2].sort, ERB.new("<% 3.times do |i| %><%= i %> <% end %>").result
  Dir.mkdir("/disk/made")
  File.write("/disk/made/a.txt", "one\\ntwo\\n")
  File.open("/disk/made/a.txt", "a") { |file| file.puts "three" }
  File.rename("/disk/made/a.txt", "/disk/made/b.txt")
  p File.readlines("/disk/made/b.txt", chomp: true), File.size("/disk/made/b.txt"), Dir.children("/disk/made")
  begin
    File.read("/disk/none")
  rescue SystemCallError => error
    puts error.message
  end
  File.delete("/disk/made/b.txt")
  Dir.rmdir("/disk/made")
  p Dir.exist?("/disk/made")
`;

export async function start() {
  const files = (await rubyOf("ruby+stdlib.wasm", {})).run(library).trim().split("\n");
  const [libraries, works] = [await stores(), await stores()];
  process.on("exit", () => {
    for (const store of [...libraries, ...works]) store.close();
  });
  const machines = [];
  for (const [i, library] of libraries.entries()) {
    for (let at = 0; at < files.length; at += 2) library.write(files[at], Buffer.from(files[at + 1], "base64"));
    works[i].write("main.rb", Buffer.from(script));
    machines.push(await rubyOf("ruby.wasm", { "/library": library, "/disk": works[i] }));
  }
  for (const ruby of machines) ruby.run('$LOAD_PATH.unshift "/library"');
  const run = (ruby) => ruby.run('load "/disk/main.rb"');
  // All kinds of stores lead to the same output.
  return () => ({ files: files.length / 2, printed: [...new Set(machines.map(run))] });
}
