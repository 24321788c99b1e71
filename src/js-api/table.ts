// Tables as JavaScript sees them (JavaScript API: Tables).
import { TableInstance } from "../embedding.ts";
import { isNullable, isRef, typeName, type ValType } from "../syntax/types.ts";
import { counted } from "../util/count.ts";
import { addressOf, addressValue, is64Bit, limitsOf, limitsType, withLimits } from "./address.ts";
import { toJavaScript, toWebAssembly } from "./convert.ts";
import { initial } from "./global.ts";
import { INSIDE, keepObject, objectOf } from "./object-cache.ts";
import { isCrossable, valueType } from "./value-types.ts";
import { defineInterface, dictionary } from "./web-idl.ts";

/** A table. */
export class Table {
  readonly #table: TableInstance;

  constructor(descriptor: unknown, value: unknown = undefined) {
    this.#table = value === INSIDE ? (descriptor as TableInstance) : allocate(descriptor, value);
    keepObject(this.#table, this);
  }

  grow(delta: unknown, value: unknown = undefined): number | bigint {
    const table = this.#table;
    const { index64, element } = table.type;
    const count = addressOf(delta, index64, "the delta of a table");
    const before = table.growBy(count, elementOf(value, element));
    if (before < 0) throw new RangeError(`the table cannot grow by ${counted(count, "element")}`);
    return addressValue(before, index64);
  }

  get(index: unknown): unknown {
    const table = this.#table;
    const { index64, element } = table.type;
    if (!isCrossable(element)) throw new TypeError("the table's elements cannot cross to JavaScript");
    const at = addressOf(index, index64, "the index of an element");
    if (at >= table.length) throw outside(at, table);
    return toJavaScript(table.elements[at], element);
  }

  set(index: unknown, ...rest: [unknown?]): void {
    const table = this.#table;
    const { index64, element } = table.type;
    if (!isCrossable(element)) throw new TypeError("the table's elements cannot cross from JavaScript");
    const at = addressOf(index, index64, "the index of an element");
    // An undefined value that is given is no missing one, unlike elsewhere.
    const reference = rest.length > 0 ? toWebAssembly(rest[0], element) : elementOf(undefined, element);
    if (at >= table.length) throw outside(at, table);
    table.put(at, reference);
  }

  get length(): number | bigint {
    return addressValue(this.#table.length, this.#table.type.index64);
  }

  type(): object {
    const { length, type } = this.#table;
    return { ...limitsType(length, type), element: typeName(type.element) };
  }
}

defineInterface(Table, "Table");

function outside(at: number, { length }: TableInstance): RangeError {
  return new RangeError(`element ${at} is not in the table of ${counted(length, "element")}`);
}

/** The element that a value stands for; there is a default where none is given. */
function elementOf(value: unknown, type: ValType): unknown {
  if (value !== undefined) return toWebAssembly(value, type);
  if (!isNullable(type)) throw new TypeError("the table's elements have no default");
  return initial(type);
}

function allocate(descriptor: unknown, value: unknown): TableInstance {
  const members = dictionary(descriptor, "the descriptor of a table");
  // Hosts ask for the element type first, against the order of Web IDL.
  const element = valueType(members["element"], "the element type of a table");
  const index64 = is64Bit(members, "table");
  if (!isRef(element)) throw new TypeError("a table holds references");
  const limits = limitsOf(members, index64, "table");
  return withLimits(limits, () => new TableInstance({ element, index64, limits }, elementOf(value, element)));
}

/** The object of a table of the store. */
export function tableObject(table: TableInstance): Table {
  return (objectOf(table) as Table | undefined) ?? new Table(table, INSIDE);
}
