// web-tree-sitter: Tree-sitter built with Emscripten, and grammars as side modules that share its memory and table. Parses Python and JSON,
// edits, parses again, and asks a query.
import { Language, Parser, Query } from "web-tree-sitter";
import { bytesOf, sha256, textOf } from "../files.mjs";

export const about = { package: "web-tree-sitter" };

const python = `import os

class Stack:
    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item: int) -> None:
        """Adds one."""
        if item not in self.items and not (item % 2 == 0):
            self.items.append(item)

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

print([fib(i) for i in range(10)], f"{os.name!r}", sep="\\n")
`.repeat(20);

function parsePython(parser, language) {
  parser.setLanguage(language);
  const first = parser.parse(python);
  const query = new Query(
    language,
    "(function_definition name: (identifier) @name) (call function: (identifier) @called)",
  );
  const captures = query.captures(first.rootNode).map(({ name, node }) => `${name} ${node.text} ${node.startIndex}`);
  // The first class gets a longer name; what did not change is used again.
  const at = python.indexOf("Stack");
  const edited = python.replace("Stack", "PushOnlyStack");
  first.edit({
    startIndex: at,
    oldEndIndex: at + 5,
    newEndIndex: at + 13,
    startPosition: { row: 2, column: 6 },
    oldEndPosition: { row: 2, column: 11 },
    newEndPosition: { row: 2, column: 19 },
  });
  const second = parser.parse(edited, first);
  const broken = parser.parse("def f(:\n  return 1 +\n");
  const result = {
    nodes: second.rootNode.descendantCount,
    tree: sha256(second.rootNode.toString()),
    changed: first.getChangedRanges(second),
    captures: captures.length,
    captured: sha256(captures.join()),
    broken: broken.rootNode.toString(),
  };
  for (const tree of [first, second, broken]) tree.delete();
  query.delete();
  return result;
}

export async function start() {
  await Parser.init();
  const languages = {};
  for (const name of ["json", "python"]) {
    languages[name] = await Language.load(bytesOf(`tree-sitter-${name}/tree-sitter-${name}.wasm`));
  }
  const json = textOf("web-tree-sitter/package.json");
  return () => {
    const parser = new Parser();
    parser.setLanguage(languages.json);
    const tree = parser.parse(json);
    const result = { json: tree.rootNode.toString(), python: parsePython(parser, languages.python) };
    tree.delete();
    parser.delete();
    return result;
  };
}
