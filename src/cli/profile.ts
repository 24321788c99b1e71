// Hears of calls and turns of loops, gives what each function did, as a table and as stacks for a flame graph.
import type { ProfiledModule, Profiler } from "../index.ts";
import { escaped, fail } from "./output.ts";
import { writeResult } from "./output-file.ts";

/** A function as it was called by those above it. */
interface Node {
  readonly module: ProfiledModule | undefined;
  readonly index: number;
  calls: number;
  self: number;
  readonly callees: Map<string, Node>;
}

interface Row {
  readonly node: Node;
  calls: number;
  self: number;
  total: number;
  /** How often it is on the stack that is looked at. */
  open: number;
}

/** What is called deeper than so is told as if it was called here. */
const maxDepth = 200;

/** A profile by exact counts. */
export class Profile implements Profiler {
  readonly #root: Node = nodeOf(undefined, -1);
  /** The functions that are on the stack, by their depth. */
  readonly #stack: Node[] = [];

  tick(module: ProfiledModule, index: number, cost: number, depth: number, isCall: boolean): void {
    const stack = this.#stack;
    const place = Math.min(depth, maxDepth) - 1;
    if (isCall) {
      const caller = place > 0 ? (stack[Math.min(place, stack.length) - 1] ?? this.#root) : this.#root;
      const key = `${module.name}\0${index}`;
      let node = caller.callees.get(key);
      if (node === undefined) caller.callees.set(key, (node = nodeOf(module, index)));
      node.calls++;
      stack[place] = node;
    }
    stack.length = place + 1;
    stack[place]!.self += cost;
  }

  /** One line for each function, what did most first: its index, name, calls, and instructions of its own and of all that it called. */
  table(): string {
    const rows = new Map<string, Row>();
    totalOf(this.#root, rows);
    const lines = [...rows.values()]
      .sort((a, b) => b.self - a.self || a.node.index - b.node.index)
      .map(({ node, calls, self, total }) => [node.index, nameOf(node), calls, self, total].join("\t"));
    return `${["function\tname\tcalls\tself\ttotal", ...lines].join("\n")}\n`;
  }

  /** One line for each stack: names from the outermost in, by semicolons, and the instructions of the innermost. */
  stacks(): string {
    const lines: string[] = [];
    const visit = (node: Node, above: string): void => {
      for (const callee of node.callees.values()) {
        const path = `${above}${nameOf(callee).replaceAll(";", ":")}`;
        lines.push(`${path} ${callee.self}\n`);
        visit(callee, `${path};`);
      }
    };
    visit(this.#root, "");
    return lines.join("");
  }
}

/** The profile that `--profile` asks for, and what writes it. Throws a UsageError for a file that cannot be written. */
export function profileOf(file: string | undefined): { readonly profiler?: Profiler; readonly write: () => void } {
  if (file === undefined) return { write: () => {} };
  const profiler = new Profile();
  if (file === "") return { profiler, write: () => fail(profiler.table()) };
  const [table, stacks] = [file, `${file}.folded`];
  for (const path of [table, stacks]) writeResult(path, new Uint8Array(0));
  const encoder = new TextEncoder();
  const write = (): void => {
    writeResult(table, encoder.encode(profiler.table()));
    writeResult(stacks, encoder.encode(profiler.stacks()));
  };
  return { profiler, write };
}

function nodeOf(module: ProfiledModule | undefined, index: number): Node {
  return { module, index, calls: 0, self: 0, callees: new Map() };
}

function nameOf({ module, index }: Node): string {
  return escaped(module!.functionName(index) ?? `function ${index}`);
}

/** Adds a node and what it called to the rows. What a function that calls itself did counts once. */
function totalOf(node: Node, rows: Map<string, Row>): number {
  let total = node.self;
  for (const [key, callee] of node.callees) {
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = { node: callee, calls: 0, self: 0, total: 0, open: 0 }));
    row.calls += callee.calls;
    row.self += callee.self;
    row.open++;
    const below = totalOf(callee, rows);
    row.open--;
    if (row.open === 0) row.total += below;
    total += below;
  }
  return total;
}
