// @wasm-fmt/clang-format: Clang's formatter built with Emscripten and Embind. Formats C++ and others in the usual styles.
import { sha256, textOf } from "../files.mjs";

export const about = { package: "@wasm-fmt/clang-format" };

const source = `#include <vector>
#include <algorithm>
namespace a{template<typename T>class Stack:public Base<T>{public:Stack()=default;void push(const T&item){if(full())throw Overflow{"too many",
limit_};items_.push_back(item);}private:std::vector<T>items_;int limit_{1<<10};};}
int main(int argc,char**argv){auto f=[&](int x)->int{switch(x){case 0:return 1;default:return x*f(x-1);}};for(int i=0;i<argc;++i){printf("%d: %s\\n",f(i),argv[i]);}
/* a comment that is far too long to stay on one line of eighty characters, so that it has to be broken */ return 0;}
`;

export async function start() {
  const { dump_config, format, format_line_range, version } = await import("@wasm-fmt/clang-format");
  const script = textOf("@wasm-fmt/clang-format/clang-format-binding.js");
  return () => ({
    version: version(),
    styles: ["LLVM", "Google", "Chromium", "Mozilla", "WebKit", "Microsoft", "GNU"].map((style) =>
      format(source, "a.cc", style),
    ),
    lines: format_line_range(source, 4, 5, "a.cc", "Google"),
    script: sha256(format(script, "a.js", "Google")),
    proto: format('syntax="proto3";message A{int32 b=1;repeated string c=2;}', "a.proto", "Google"),
    config: sha256(dump_config({ style: "LLVM" })),
  });
}
