// Takes a statement of structures and arrays, gives source for it (specification: 4.6.9 Reference instructions).
import { LONG } from "../../instance/meter.ts";
import { ALLOCATION, FRACTION, NAMED_ENTRIES, SMALL_ENTRIES, structLayout } from "../../instance/struct.ts";
import { TrapCode } from "../../instance/trap.ts";
import { Effect, type Expr, type Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import { type DefType, defType, isRef, Num } from "../../syntax/types.ts";
import type { FunctionEmitter } from "./emit.ts";
import { checkIndex, checkNull, elementAt, fieldAt } from "./references.ts";
import { entries, fieldEntries, keepAll, numbers, operandsOf } from "./words.ts";

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
  if (sources.length > SMALL_ENTRIES) {
    // Those without names are a list of their own from the first, as to cut them off takes longer than all else.
    const rest = sources.slice(NAMED_ENTRIES).join();
    return `new LargeStruct(${name},[${sources.slice(0, NAMED_ENTRIES).join()}]${rest && `,[${rest}]`})`;
  }
  const all = [...sources, ..."0".repeat(SMALL_ENTRIES - sources.length)];
  return `new S(${name},${all.join()})`;
}

function newArray(e: FunctionEmitter, { op, args, list }: Stmt, { id, fields }: DefType): string {
  const name = e.names.definedType(id);
  const { storage } = fields[0]!;
  const operands = operandsOf(e, args);
  switch (op) {
    case Op["array.new"]: {
      const [value, length] = operands as [string[], string[]];
      if (isRef(storage)) return `newArray(${name},${length[0]}>>>0,${value[0]})`;
      return `filledArray(${name},${length[0]}>>>0,${value.join()})`;
    }
    case Op["array.new_default"]:
      return `newArray(${name},${operands[0]![0]}>>>0,null)`;
    case Op["array.new_fixed"]:
      return `arrayOf(${name},${args.length},[${operands.flat().join()}])`;
    default: {
      const [start, count] = operands as [string[], string[]];
      const isData = op === Op["array.new_data"];
      const segment = `${isData ? "M.data" : "M.elements"}[${list[1]!}]`;
      return `${isData ? "newFromData" : "newFromElements"}(${name},${segment},${start[0]}>>>0,${count[0]}>>>0)`;
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
  checkNull(e, args[0]!, array, TrapCode.NullArray, at);
  checkIndex(e, array, index, at);
  if (storage === Num.F64) return writer.line(`setDouble(${array},${index},${values[0]});`);
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
  const operands = args.map((arg) => keepAll(e, arg, entries(e, arg)));
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
    case Op["array.init_data"]:
      return writer.line(`initFromData(${first},${second}>>>0,M.data[${list[1]!}],${third}>>>0,${fourth}>>>0);`);
    default:
      return writer.line(
        `initFromElements(${first},${second}>>>0,M.elements[${list[1]!}],${third}>>>0,${fourth}>>>0);`,
      );
  }
}
