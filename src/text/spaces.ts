// What the names and indices of a module stand for (specification: 6.1.3 Contexts).
import { IndexSpace } from "./index-space.ts";
import { TypeTable } from "./type-table.ts";

/** The index spaces of a module. */
export class Spaces {
  readonly types: TypeTable = new TypeTable();
  readonly functions: IndexSpace = new IndexSpace("func");
  readonly tables: IndexSpace = new IndexSpace("table");
  readonly memories: IndexSpace = new IndexSpace("memory");
  readonly globals: IndexSpace = new IndexSpace("global");
  readonly tags: IndexSpace = new IndexSpace("tag");
  readonly elements: IndexSpace = new IndexSpace("elem");
  readonly data: IndexSpace = new IndexSpace("data");
  /** Whether an instruction names a data segment: the binary then tells their number before the code. */
  needsDataCount = false;
}
