// Takes the type section, gives interned types (specification: 5.3.6–5.3.8, 5.5.4 Type section).
import { InvalidError, MalformedError } from "../api/errors.ts";
import { maxFields, maxParams, maxResults, maxSubtypeDepth, maxTypes } from "../syntax/limits.ts";
import {
  CompositeKind,
  defType,
  type FieldType,
  type HeapType,
  internGroup,
  type SubType,
  type ValType,
} from "../syntax/types.ts";
import { type Draft, note } from "./draft.ts";
import { type Reader, readCount } from "./reader.ts";
import { readMutable, readStorageType, readTypeRef, readValType } from "./value-types.ts";

const noTypes: readonly never[] = [];

/** Reads the type section. */
export function readTypeSection(reader: Reader, draft: Draft): void {
  for (let count = reader.count(); count > 0; count--) {
    const isGroup = reader.bytes[reader.pos] === 0x4e;
    if (isGroup) note(draft, "gc", "recursion group", reader.pos++);
    readGroup(reader, draft, isGroup ? reader.count() : 1, count);
  }
}

// Groups are limited as types are: there may be none in one.
function readGroup(reader: Reader, draft: Draft, size: number, groups: number): void {
  const { types, typePositions } = draft;
  if (Math.max(types.length + size, groups) > maxTypes)
    throw new InvalidError(`too many types: more than ${maxTypes}`, reader.pos);
  const members: SubType[] = [];
  const depths: number[] = [];
  draft.groupSize = size;
  for (let i = 0; i < size; i++) {
    const position = reader.pos;
    typePositions.push(position);
    const member = readSubType(reader, draft, i);
    const depth = member.supertype === undefined ? 0 : 1 + depthOf(member.supertype, depths);
    if (depth > maxSubtypeDepth) throw new InvalidError(`sub type deeper than ${maxSubtypeDepth}`, position);
    depths.push(depth);
    members.push(member);
  }
  draft.groupSize = 0;
  for (const id of internGroup(members)) types.push(defType(id));
}

function depthOf(supertype: HeapType, depths: readonly number[]): number {
  return supertype < 0 ? depths[-1 - supertype] : defType(supertype).display.length - 1;
}

function readSubType(reader: Reader, draft: Draft, member: number): SubType {
  const position = reader.pos;
  const form = reader.byte();
  if (form !== 0x50 && form !== 0x4f) return readComposite(reader, draft, form, position, true, undefined);
  note(draft, "gc", "sub type", position);
  const listed = reader.count();
  if (listed > 1) throw new InvalidError("sub type with more than one supertype", position);
  let supertype: HeapType | undefined;
  if (listed === 1) {
    const at = reader.pos;
    supertype = readTypeRef(reader, draft);
    // A supertype comes before its subtypes.
    if (supertype < 0 && -1 - supertype >= member) {
      throw new InvalidError(`unknown type ${draft.types.length - 1 - supertype}`, at);
    }
  }
  const inner = reader.pos;
  return readComposite(reader, draft, reader.byte(), inner, form === 0x4f, supertype);
}

function readComposite(
  reader: Reader,
  draft: Draft,
  form: number,
  position: number,
  final: boolean,
  supertype: HeapType | undefined,
): SubType {
  switch (form) {
    case 0x60: {
      const params = readValTypes(reader, draft, maxParams, "parameters");
      const results = readValTypes(reader, draft, maxResults, "results");
      return { kind: CompositeKind.Func, final, supertype, params, results, fields: noTypes };
    }
    case 0x5f: {
      const fields = readFields(reader, draft);
      return { kind: CompositeKind.Struct, final, supertype, params: noTypes, results: noTypes, fields };
    }
    case 0x5e: {
      const fields = [readField(reader, draft)];
      return { kind: CompositeKind.Array, final, supertype, params: noTypes, results: noTypes, fields };
    }
    default:
      throw new MalformedError("malformed definition type", position);
  }
}

function readValTypes(reader: Reader, draft: Draft, max: number, what: string): readonly ValType[] {
  const types: ValType[] = [];
  for (let count = readCount(reader, max, what); count > 0; count--) types.push(readValType(reader, draft));
  return types;
}

function readFields(reader: Reader, draft: Draft): readonly FieldType[] {
  const fields: FieldType[] = [];
  for (let count = readCount(reader, maxFields, "fields"); count > 0; count--) fields.push(readField(reader, draft));
  return fields;
}

function readField(reader: Reader, draft: Draft): FieldType {
  const storage = readStorageType(reader, draft);
  return { storage, mutable: readMutable(reader) };
}
