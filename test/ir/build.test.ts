// Takes small functions, holds their trees to what they should be: what is folded, what is computed early and why.
import assert from "node:assert/strict";
import test from "node:test";
import type { FunctionShape, Instr } from "../support/module-builder.ts";
import { bodyOf } from "./tree-of.ts";

const get = (local: number): Instr => ["local.get", local];
const set = (local: number): Instr => ["local.set", local];
const i32 = (value: number): Instr => ["i32.const", value];
const two: FunctionShape = { params: ["i32", "i32"], results: ["i32"] };

/** The printed body, without the margin common to all its lines. */
function golden(name: string, shape: FunctionShape, body: readonly Instr[], wanted: string): void {
  const lines = wanted.split("\n").filter((line) => line.trim() !== "");
  const margin = /^ */.exec(lines[0]!)![0].length;
  test(name, () => {
    const got = bodyOf(shape, ...body).map((line) => line.slice(2));
    assert.deepEqual(
      got,
      lines.map((line) => line.slice(margin)),
    );
  });
}

golden(
  "arguments stand in the callee's frame; the result takes the place of the first",
  two,
  [get(0), get(1), "i32.add", i32(3), ["call", 0], get(0), "i32.mul"],
  `
    s0 = i32.add(l0, l1)
    s1 = 3
    call f0 from s0
    l0 = i32.mul(s0, l0)
    return`,
);

golden(
  "what waits and reads slots of a callee's frame is computed before the call",
  { results: ["i32"] },
  [["call", 1], ["call", 1], "i32.add", ["call", 1], "i32.add"],
  `
    call f1 from s0
    call f1 from s1
    s0 = i32.add(s0, s1)
    call f1 from s1
    r0 = i32.add(s0, s1)
    return`,
);

golden(
  "a vector stands in two slots: what waits and reads it is computed before either changes",
  { params: ["v128"], results: ["i32"] },
  [["block", "v128"], get(0), "end", "v128.any_true", ["call", 1], "i32.add"],
  `
    block L0
      s0 = l0
    s0 = v128.any_true(s0)
    call f1 from s1
    l0 = i32.add(s0, s1)
    return`,
);

golden(
  "the same before an instruction that leaves its result there",
  two,
  [["call", 1], ["call", 1], "i32.add", i32(1), ["memory.grow"], "i32.add"],
  `
    call f1 from s0
    call f1 from s1
    s0 = i32.add(s0, s1)
    s1 = memory.grow 0(1)
    l0 = i32.add(s0, s1)
    return`,
);

golden(
  "an argument that overwrites what a waiting value reads comes after it",
  two,
  [["call", 1], ["call", 1], "i32.sub", get(0), get(1), ["call", 0], "i32.add"],
  `
    call f1 from s0
    call f1 from s1
    s0 = i32.sub(s0, s1)
    s1 = l0
    s2 = l1
    call f0 from s1
    l0 = i32.add(s0, s1)
    return`,
);

golden(
  "several results lie side by side",
  { results: ["i32"], locals: ["i64"] },
  [["call", 2], set(0)],
  `
    call f2 from s0
    l0 = s1
    l0 = s0
    return`,
);

golden(
  "the index of an indirect call is computed before its arguments are laid out",
  two,
  [get(0), get(1), get(0), i32(1), "i32.and", ["call_indirect", 0]],
  `
    s2 = i32.and(l0, 1)
    s0 = l0
    s1 = l1
    call_indirect t0[s2] (i32 i32) -> (i32) from s0
    l0 = s0
    return`,
);

golden(
  "a loop; its float constants are listed",
  { params: ["i32"], results: ["f64"], locals: ["f64"] },
  [
    ["loop"],
    ...([get(1), ["f64.const", 1.5], "f64.add", set(1)] as Instr[]),
    ...([get(0), i32(1), "i32.sub", ["local.tee", 0], ["br_if", 0]] as Instr[]),
    "end",
    get(1),
  ],
  `
    constants of loops: f64 1.5
    loop L0
      l1 = f64.add(l1, f64 1.5)
      l0 = i32.sub(l0, 1)
      br_if L0 l0
    l0 = l1
    return`,
);

golden(
  "a branch by table moves its values to where each target wants them",
  { params: ["i32"], results: ["i32"] },
  [
    ...([["block", "i32"], ["block", "i32"], i32(7), i32(8), get(0), ["br_table", 0, 1, 2], "end"] as Instr[]),
    ...([i32(1), "i32.add", "end"] as Instr[]),
  ],
  `
    block L0
      block L1
        s1 = 8
        br_table l0 [L1 to s0, L0 to s0, return to l0] with i32 from s1
      s0 = i32.add(s0, 1)
    l0 = s0
    return`,
);

/** A loop that goes to one of two blocks by local 0, each of which then sets it and goes on. */
const dispatch = (before: Instr[], inner: Instr[], outer: Instr[]): Instr[] => [
  ["loop"],
  ["block"],
  ["block"],
  ...before,
  ...([get(0), ["br_table", 0, 1], "end", ...inner, "end", ...outer, "end"] as Instr[]),
];

golden(
  "a branch to a loop whose table is given a constant goes to the block at once, where that is around it",
  { params: ["i32"], results: [] },
  dispatch([], [i32(7), ["local.set", 0], ["br", 1]], [i32(0), ["local.set", 0], ["br", 0]]),
  `
    loop L0
      block L1
        block L2
          br_table l0 [L2, L1]
        l0 = 7
        br L1
      l0 = 0
      br L0
    return`,
);

golden(
  "it stays a turn of the loop where something comes before the table",
  { params: ["i32"], results: [] },
  dispatch([get(0), "drop", i32(3), ["local.set", 0]], [i32(7), ["local.set", 0], ["br", 1]], []),
  `
    loop L0
      block L1
        block L2
          l0 = 3
          br_table l0 [L2, L1]
        l0 = 7
        br L0
    return`,
);

golden(
  "a conditional branch whose value is in place needs no move",
  two,
  [["block", "i32"], get(0), get(1), ["br_if", 0], "drop", i32(3), "end"],
  `
    block L0
      s0 = l0
      br_if L0 l1
      s0 = 3
    l0 = s0
    return`,
);

golden(
  "one whose value has to move down does so only where it branches",
  two,
  [["block", "i32"], i32(4), get(0), get(1), ["br_if", 0], "drop", "end"],
  `
    block L0
      s1 = l0
      if L1 l1
        s0 = s1
        br L0
      s0 = 4
    l0 = s0
    return`,
);

golden(
  "both branches of an if leave their value in the same place",
  two,
  [i32(9), get(0), "i32.eqz", ["if", "i32"], get(0), "else", get(1), "end", "i32.add"],
  `
    s0 = 9
    if L0 i32.eqz(l0)
      s1 = l0
    else
      s1 = l1
    l0 = i32.add(s0, s1)
    return`,
);

golden(
  "a local that is read and still waits is saved before it changes",
  two,
  [get(0), get(1), set(0), get(0), "i32.sub"],
  `
    s0 = l0
    l0 = l1
    l0 = i32.sub(s0, l0)
    return`,
);

golden(
  "so it is inside an expression, and before a tee",
  two,
  [get(0), i32(5), "i32.shl", get(1), ["local.tee", 0], "i32.sub"],
  `
    s0 = i32.shl(l0, 5)
    l0 = l1
    l0 = i32.sub(s0, l0)
    return`,
);

golden(
  "a load that waits comes before a store",
  two,
  [get(0), ["i32.load", 8], get(1), i32(5), ["i32.store", 4]],
  `
    s0 = i32.load[l0 + 8]
    i32.store[l1 + 4] = 5
    l0 = s0
    return`,
);

golden(
  "a global that waits is read before a call and before its change, arithmetic waits on",
  two,
  [get(0), get(1), "i32.xor", ["global.get", 0], ["call", 1], ["global.set", 0], "i32.add"],
  `
    s1 = g0
    call f1 from s2
    g0 = s2
    l0 = i32.add(i32.xor(l0, l1), s1)
    return`,
);

golden(
  "of two instructions that may trap the first goes first",
  two,
  [get(0), get(1), "i32.div_s", get(0), ["i32.load"], set(0)],
  `
    s0 = i32.div_s(l0, l1)
    l0 = i32.load[l0]
    l0 = s0
    return`,
);

golden(
  "a dropped value is computed only where that may trap",
  two,
  [get(0), get(1), "i32.add", "drop", get(0), get(1), "i32.rem_u", "drop", get(0)],
  `
    drop i32.rem_u(l0, l1)
    return`,
);

golden(
  "the operands and the condition of a select",
  two,
  [get(0), ["i32.load", 0], get(1), get(0), get(1), "i32.lt_s", "select"],
  `
    l0 = select(i32.lt_s(l0, l1) ? i32.load[l0] : l1)
    return`,
);

golden(
  "results that read the parameters whose places they take are saved first",
  { params: ["i32", "i32"], results: ["i32", "i32"] },
  [get(1), get(0)],
  `
    s0 = l1
    s1 = l0
    l0 = s0
    l1 = s1
    return`,
);

golden(
  "a negated comparison is the opposite one",
  two,
  [get(0), get(1), "i32.lt_u", "i32.eqz"],
  `
    l0 = i32.ge_u(l0, l1)
    return`,
);

golden(
  "code that cannot run leaves nothing",
  two,
  [["block"], ["br", 0], get(0), "drop", "end", "unreachable", get(0), "i32.eqz"],
  `
    block L0
      br L0
    unreachable`,
);

golden(
  "immediates, sizes, and a NaN by its bits",
  { params: ["i32"] },
  [
    ...([get(0), i32(1), ["memory.size"], ["memory.copy"]] as Instr[]),
    ...([
      ["f64.const", Uint8Array.of(1, 0, 0, 0, 0, 0, 0xf0, 0x7f)],
      ["global.set", 1],
    ] as Instr[]),
  ],
  `
    memory.copy 0 0(l0, 1, memory.size(0))
    g1 = f64 nan:0x7ff0000000000001
    return`,
);

golden(
  "a tail call leaves its arguments where a call would; nothing comes after it",
  two,
  [get(1), get(0), ["return_call", 0], get(1)],
  `
    s0 = l1
    s1 = l0
    return_call f0 from s0`,
);

golden(
  "what a tail call by table calls is computed before its arguments",
  two,
  [get(1), get(0), get(0), i32(3), "i32.and", ["return_call_indirect", 0]],
  `
    s2 = i32.and(l0, 3)
    s0 = l1
    s1 = l0
    return_call_indirect t0[s2] (i32 i32) -> (i32) from s0`,
);

golden(
  "a branch on null tests its reference where it is and takes what is below",
  { params: ["externref"], results: ["i32"] },
  [["block", "i32"], i32(7), get(0), ["br_on_null", 0], "drop", "drop", i32(8), "end"],
  `
    block L0
      s0 = 7
      br_if L0 ref.is_null(l0)
      s0 = 8
    l0 = s0
    return`,
);

golden(
  "a branch on what is not null takes the reference along",
  { params: ["externref"] },
  [["block", "externref"], get(0), ["br_on_non_null", 0], ["ref.null", "extern"], "end", "drop"],
  `
    block L0
      s0 = l0
      br_if L0 i32.eqz(ref.is_null(l0))
      s0 = null
    return`,
);

golden(
  "a try tells where each exception goes, and where its values are wanted",
  { params: ["i32"], results: ["i32"] },
  [
    ...([i32(9), ["block", "exnref"], ["block", "i32"]] as Instr[]),
    ...([
      ["try_table", undefined, [0, 0, 0], [3, 1], [0, 0, 2]],
      get(0),
      ["throw", 0],
      "end",
      i32(1),
      "end",
    ] as Instr[]),
    ...(["drop", ["ref.null", "exn"], "end", "throw_ref"] as Instr[]),
  ],
  `
    s0 = 9
    block L0
      block L1
        try L2 [e0 at s1 to L1, all in s1 to L0, e0 at l0 to return]
          s1 = l0
          throw e0 from s1
        s1 = 1
      s1 = null
    throw_ref s1`,
);

golden(
  "the legacy form puts each handler after a block; the exception stays below its values",
  { params: ["i32"], results: ["i32"] },
  [
    ...([["try", "i32"], get(0), ["throw", 0], ["catch", 0], i32(1), "i32.add"] as Instr[]),
    ...(["catch_all", get(0), ["if"], ["rethrow", 1], "end", i32(5), "end"] as Instr[]),
  ],
  `
    block L1
      block L3
        block L2
          try L0 [e0 at s1 in s0 to L2, all in s0 to L3]
            s0 = l0
            throw e0 from s0
        s0 = i32.add(s1, 1)
        br L1
      if L4 l0
        throw_ref s0
      s0 = 5
    l0 = s0
    return`,
);

golden(
  "a delegate names the try whose handlers are asked next",
  {},
  [
    ...([["try"], ["try"], ["try"], ["call", 1], "drop", ["delegate", 1], "catch_all", "end"] as Instr[]),
    ...(["catch_all", ["try"], "nop", ["delegate", 0], "end"] as Instr[]),
  ],
  `
    block L1
      block L7
        try L0 [all in s0 to L7]
          block L3
            block L6
              try L2 [all in s0 to L6] else L0
                block L5
                  try L4 [] else L0
                    call f1 from s0
                br L3
          br L1
      block L9
        try L8 []
    return`,
);
