// Holds the validator to what the specification's scripts do not show it with: errors of aggregates, casts and exceptions, old and new.
import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "#dist/binary/decode.js";
import { allFeatures } from "#dist/syntax/features.js";
import { validate } from "#dist/valid/validate.js";
import { moduleOf, section } from "../binary/bytes.ts";

/**
 * Types: 0 () → (), 1 (struct (mut i8) i64), 2 (array (mut i32)), 3 (array i16), 4 (array (mut funcref)), 5 (i32) → ().
 * Tag 0 takes an i32.
 */
function accepts(...body: number[]): void {
  const types = [
    [0x60, 0, 0],
    [0x5f, 2, 0x78, 1, 0x7e, 0],
    [0x5e, 0x7f, 1],
    [0x5e, 0x77, 0],
    [0x5e, 0x70, 1],
    [0x60, 1, 0x7f, 0],
  ];
  const bytes = moduleOf(
    section(1, types.length, ...types.flat()),
    section(3, 1, 0),
    section(13, 1, 0, 5),
    section(9, 1, 3, 0, 1, 0),
    section(12, 1),
    section(10, 1, body.length + 2, 0, ...body, 0x0b),
    section(11, 1, 1, 0),
  );
  validate(decode(bytes), allFeatures);
}

function rejects(message: string, ...body: number[]): void {
  assert.throws(() => accepts(...body), {
    name: "InvalidError",
    message: new RegExp(`^${message.replace(/[().^$]/g, "\\$&")}`),
  });
}

const drop = 0x1a;
const end = 0x0b;
const i32 = [0x41, 0];
const i64 = [0x42, 0];
const f32 = [0x43, 0, 0, 0, 0];
const nullOf = (heap: number): number[] => [0xd0, heap];
const gc = (code: number, ...immediates: number[]): number[] => [0xfb, code, ...immediates];

test("structures", () => {
  accepts(...i32, ...i64, ...gc(0, 1), ...gc(3, 1, 0), drop);
  accepts(...gc(1, 1), ...gc(2, 1, 1), drop);
  accepts(...gc(1, 1), ...i32, ...gc(5, 1, 0));
  rejects("type mismatch: struct.get of a field of i8", ...gc(1, 1), ...gc(2, 1, 0), drop);
  rejects("type mismatch: struct.get_s of a field of i64", ...gc(1, 1), ...gc(3, 1, 1), drop);
  rejects("immutable field 1", ...gc(1, 1), ...i64, ...gc(5, 1, 1));
  rejects("unknown field 2", ...gc(1, 1), ...gc(2, 1, 2), drop);
  rejects("unknown type 9", ...gc(1, 9), drop);
  rejects("type mismatch: struct.new expects i64, got f32", ...i32, ...f32, ...gc(0, 1), drop);
});

test("arrays", () => {
  accepts(...i32, ...i32, ...gc(6, 2), ...i32, ...i32, ...gc(14, 2));
  accepts(...i32, ...i32, ...gc(8, 2, 2), ...gc(15), drop);
  accepts(...nullOf(3), ...i32, ...gc(13, 3), drop);
  accepts(...nullOf(2), ...i32, ...nullOf(2), ...i32, ...i32, ...gc(17, 2, 2));
  accepts(...nullOf(2), ...i32, ...i32, ...i32, ...gc(16, 2));
  accepts(...nullOf(2), ...i32, ...i32, ...i32, ...gc(18, 2, 0));
  accepts(...nullOf(4), ...i32, ...i32, ...i32, ...gc(19, 4, 0));
  accepts(...i32, ...i32, ...gc(9, 3, 0), drop, ...i32, ...i32, ...gc(10, 4, 0), drop);
  rejects("immutable array", ...nullOf(3), ...i32, ...i32, ...gc(14, 3));
  rejects("array types do not match: i16 to i32", ...nullOf(2), ...i32, ...nullOf(3), ...i32, ...i32, ...gc(17, 2, 3));
  rejects("array type is not numeric or vector: funcref", ...i32, ...i32, ...gc(9, 4, 0), drop);
  rejects("unknown data segment 1", ...i32, ...i32, ...gc(9, 3, 1), drop);
  rejects("unknown elem segment 1", ...i32, ...i32, ...gc(10, 4, 1), drop);
  rejects("type mismatch: array.new_elem of (ref func) to an array of i32", ...i32, ...i32, ...gc(10, 2, 0), drop);
  rejects("type mismatch: array.get expects an array type, got type 1", ...nullOf(1), ...i32, ...gc(11, 1), drop);
});

test("casts stay in their hierarchy", () => {
  accepts(...nullOf(0x6e), ...gc(22, 1), drop);
  accepts(...nullOf(0x70), ...gc(20, 0), drop);
  accepts(...nullOf(0x6f), ...gc(26), ...gc(27), drop);
  rejects("type mismatch: ref.cast expects anyref, got funcref", ...nullOf(0x70), ...gc(22, 1), drop);
  rejects("type mismatch: ref.test expects funcref, got anyref", ...nullOf(0x6e), ...gc(20, 0), drop);
  rejects("type mismatch: any.convert_extern expects externref, got anyref", ...nullOf(0x6e), ...gc(26), drop);
  // A branch to a label of anyref, where the value is a structure or null.
  accepts(0x02, 0x63, 1, ...nullOf(0x6e), ...gc(24, 3, 0, 0x6e, 1), drop, ...nullOf(1), end, drop);
  accepts(0x02, 0x6e, ...nullOf(0x6e), ...gc(25, 3, 0, 0x6e, 1), end, drop);
  rejects(
    "type mismatch: br_on_cast from structref to",
    0x02,
    0x6e,
    ...nullOf(0x6b),
    ...gc(24, 3, 0, 0x6b, 2),
    end,
    drop,
  );
  rejects(
    "type mismatch: br_on_cast gives",
    0x02,
    0x63,
    2,
    ...nullOf(0x6e),
    ...gc(24, 3, 0, 0x6e, 1),
    drop,
    ...nullOf(2),
    end,
    drop,
  );
});

test("exceptions", () => {
  accepts(...i32, 0x08, 0);
  accepts(0x02, 0x7f, 0x1f, 0x40, 1, 0x00, 0, 0, end, ...i32, end, drop);
  accepts(0x02, 0x69, 0x1f, 0x40, 1, 0x03, 0, end, ...nullOf(0x69), end, 0x0a);
  rejects("type mismatch: throw expects i32, got i64", ...i64, 0x08, 0);
  rejects("unknown label 1", 0x1f, 0x40, 1, 0x02, 1, end);
  rejects("type mismatch: try_table catches (i32) for a label of ()", 0x1f, 0x40, 1, 0x00, 0, 0, end);
  rejects("type mismatch: throw_ref expects exnref, got i32", ...i32, 0x0a);
});

test("legacy exceptions", () => {
  accepts(0x06, 0x7f, ...i32, 0x07, 0, end, drop);
  accepts(0x06, 0x40, 0x19, 0x09, 0, end);
  accepts(0x06, 0x40, 0x06, 0x40, 0x18, 0, end);
  accepts(0x06, 0x40, 0x18, 0);
  rejects("invalid rethrow label 0", 0x06, 0x40, 0x09, 0, end);
  rejects("unknown label 1", 0x06, 0x40, 0x18, 1);
  rejects("type mismatch: end leaves 1 operand", 0x06, 0x40, 0x07, 0, end);
  assert.throws(() => accepts(0x02, 0x40, 0x18, 0), {
    name: "MalformedError",
    message: /^END opcode expected: delegate/,
  });
  assert.throws(() => accepts(0x06, 0x40, 0x19, 0x07, 0, end), {
    name: "MalformedError",
    message: /catch without its block/,
  });
});

test("what does not run may take any operand", () => {
  accepts(0x00, ...gc(15), drop, ...gc(2, 1, 1), drop, 0xd4, drop, 0xd1, drop);
  accepts(0x00, 0xd5, 0, drop, 0x02, 0x70, 0x00, 0xd6, 0, 0x00, end, drop);
  rejects("type mismatch: ref.is_null expects a reference, got i32", 0x00, ...i32, 0xd1, drop);
});
