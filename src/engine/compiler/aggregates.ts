// Takes a statement of structures and arrays, gives source for it (specification: 4.6.9 Reference instructions).
import { LONG } from "../../instance/meter.ts";
import { ALLOCATION, FRACTION, NAMED_ENTRIES, SMALL_ENTRIES, structLayout } from "../../instance/struct.ts";
import { TrapCode } from "../../instance/trap.ts";
import { Effect, type Expr, type Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { type DefType, defType, isRef } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { checkElement, checkNull, elementAt, fieldAt } from "./references.ts";
import { type entries, fieldEntries, keepAll, mayBeMoved, numbers, operandsOf } from "./words.ts";

/** Writes a statement of structures or arrays. */
export function aggregate(e: FunctionEmitter, stmt: Stmt): void {
  const { op, args, list } = stmt;
  const type = defType(list[0]!);
  switch (op) {
    case Op["struct.new"]:
      return result(e, stmt, newStruct(e, type, withList(type, operandsOf(e, args, fieldEntries))));
    case Op["struct.new_default"]:
      return result(
        e,
        stmt,
        newStruct(
          e,
          type,
          structLayout(type).defaults.map((entry) => (entry ? `[${entry}]` : `${entry}`)),
        ),
      );
    case Op["struct.set"]:
      return setField(e, stmt, type);
    case Op["array.set"]:
      return setElement(e, stmt, type);
    case Op["array.fill"]:
    case Op["array.copy"]:
    case Op["array.init_data"]:
    case Op["array.init_elem"]:
      return changeRange(e, stmt);
    default:
      return result(e, stmt, newArray(e, stmt, type));
  }
}

function result({ writer }: FunctionEmitter, { m, type }: Stmt, source: string): void {
  writer.line(`${writer.slot(m, type)}=${source};`);
}

/** The entries of a structure whose fields are given. */
function withList(type: DefType, fields: readonly (readonly string[])[]): readonly string[] {
  const { element } = structLayout(type);
  const floats = fields.filter((_, i) => element[i]);
  return fields.flatMap((field, i) => (element[i] ? (element[i] > 1 ? [] : `[${[FRACTION, ...floats]}]`) : field));
}

function newStruct(e: FunctionEmitter, type: DefType, sources: readonly string[]): string {
  const name = e.names.definedType(type.id);
  // That one looks at the limits first.
  if (type.fields.length * ALLOCATION > LONG) return `newStruct(${name},[${sources.join()}])`;
  if (sources.length <= SMALL_ENTRIES)
    return `new S(${[name, ...sources, 0, 0, 0, 0].slice(0, 1 + SMALL_ENTRIES).join()})`;
  const rest = sources.slice(NAMED_ENTRIES).join();
  return `new LargeStruct(${[name, ...sources.slice(0, NAMED_ENTRIES)].join()}${rest && `,[${rest}]`})`;
}

function newArray(e: FunctionEmitter, { op, args, list }: Stmt, { id, fields }: DefType): string {
  const name = e.names.definedType(id);
  const { storage } = fields[0]!;
  const operands = operandsOf(e, args, fieldEntries);
  switch (op) {
    case Op["array.new"]: {
      const [value, length] = operands as [string[], string[]];
      if (isRef(storage)) return `newArray(${name},${length[0]}>>>0,${value[0]})`;
      // The value may trap, before the array is too large.
      return `filledArray(${name},${length[0]}>>>0,${value.join()})`;
    }
    case Op["array.new_default"]:
      return `${isRef(storage) ? "newArray" : "newNumbers"}(${name},${operands[0]![0]}>>>0,null)`;
    case Op["array.new_fixed"]:
      return `arrayOf(${name},${args.length},[${operands.flat().join()}])`;
    default: {
      const [start, count] = operands as [string[], string[]];
      return `newFrom${segment(op === Op["array.new_data"], list, name)},${start[0]}>>>0,${count[0]}>>>0)`;
    }
  }
}

function setField(e: FunctionEmitter, { args, list, at }: Stmt, type: DefType): void {
  const { writer } = e;
  const [struct, ...values] = keptOperands(e, args, fieldEntries) as [string, ...string[]];
  checkNull(e, args[0]!, struct, TrapCode.NullStruct, at);
  const places = fieldAt(struct, type, list[1]!);
  writer.line(values.map((source, i) => `${places[i]}=${source};`).join(""));
}

function setElement(e: FunctionEmitter, { args, at }: Stmt, type: DefType): void {
  const { writer } = e;
  const { storage } = type.fields[0]!;
  const [array, index, ...values] = keptOperands(e, args, numbers) as [string, string, ...string[]];
  checkElement(e, args[0]!, array, index, at);
  if (mayBeMoved(args[2]!)) return writer.line(`put(${array}.data,${index},${values[0]});`);
  const places = elementAt(array, index, storage);
  writer.line(values.map((source, i) => `${places[i]}=${source};`).join(""));
}

/** The operands as names and numbers: what they were before the instruction checks them. */
function keptOperands(e: FunctionEmitter, args: readonly Expr[], of: typeof entries): string[] {
  return args.flatMap((arg, i) => {
    const sources = of(e, arg);
    // A single value that cannot trap may be computed as it is stored: nothing that it reads changes before.
    const mayWait = i === args.length - 1 && sources.length === 1 && (arg.effects & Effect.Memory) === 0;
    return mayWait ? sources : keepAll(e, arg, sources);
  });
}

function changeRange(e: FunctionEmitter, { op, args, list, at }: Stmt): void {
  const { writer } = e;
  // Whatever computing the operands traps of comes before what the instruction does.
  const operands = args.map((arg) => keepAll(e, arg, fieldEntries(e, arg)));
  for (const [i, arg] of args.entries()) {
    if (isRef(arg.type) && (i === 0 || op === Op["array.copy"]))
      checkNull(e, arg, operands[i]![0]!, TrapCode.NullArray, at);
  }
  const [first, second, third, fourth, fifth] = operands.map(([source]) => source!);
  switch (op) {
    case Op["array.fill"]:
      return writer.line(`fillArray(${first},${second}>>>0,${fourth}>>>0,${operands[2]!.join()});`);
    case Op["array.copy"]:
      return writer.line(`copyArray(${first},${second}>>>0,${third},${fourth}>>>0,${fifth}>>>0);`);
    default: {
      const source = segment(op === Op["array.init_data"], list, `${first},${second}>>>0`);
      return writer.line(`initFrom${source},${third}>>>0,${fourth}>>>0);`);
    }
  }
}

// The end of a function's name, and its arguments so far.
function segment(isData: boolean, list: readonly number[], target: string): string {
  return `${isData ? "Data" : "Elements"}(${target},M.${isData ? "data" : "elements"}[${list[1]!}]`;
}
