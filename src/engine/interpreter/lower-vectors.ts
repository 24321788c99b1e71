// Takes vector instructions of a tree, gives packed code: which opcode moves lanes, and which need none (specification: 4.6.11 Vector instructions).
import { dense } from "../../ir/shapes.ts";
import { type Expr, ExprKind, type Stmt } from "../../ir/tree.ts";
import { Op } from "../../syntax/opcodes.ts";
import type { CodeSink } from "./code-sink.ts";
import { Code, constantShifts, exchangedVectors, vectors } from "./codes.generated.ts";

/** Gives the register of an operand's value. */
type Use = (expr: Expr) => number;

/** The word of its vector that an extracted lane of 32 or 64 bits is, or -1: such a lane is used where it stands. */
export function wordOfLane({ op, n }: Expr): number {
  switch (op) {
    case Op["i32x4.extract_lane"]:
    case Op["f32x4.extract_lane"]:
      return n;
    case Op["i64x2.extract_lane"]:
    case Op["f64x2.extract_lane"]:
      return 2 * n;
    default:
      return -1;
  }
}

/** The instruction that stores the same bits: a lane of 32 or 64 bits is a number in a register. */
export function scalarStore(op: number): number {
  if (op === Op["v128.store32_lane"]) return Op["i32.store"];
  return op === Op["v128.store64_lane"] ? Op["i64.store"] : op;
}

/** What a store takes: a register, or the place of a narrow lane in the frame. */
export function storedPlace({ op, list }: Stmt, register: number): number {
  switch (op) {
    case Op["v128.store8_lane"]:
      return 4 * register + list[0]!;
    case Op["v128.store16_lane"]:
      return 2 * register + list[0]!;
    case Op["v128.store32_lane"]:
      return register + list[0]!;
    case Op["v128.store64_lane"]:
      return register + 2 * list[0]!;
    default:
      return register;
  }
}

/** Emits a vector instruction that is no access and no extraction of a wide lane. */
export function lowerVector(expr: Expr, to: number, sink: CodeSink, bytes: Uint8Array, use: Use): void {
  const { op, n } = expr;
  const shift = constantShifts[dense(op)]!;
  if (shift !== 0 && expr.b!.kind === ExprKind.Const) return sink.emit(shift, use(expr.a!), expr.b!.lo, to);
  if (op === Op["v128.or"]) {
    const left = rotation(expr.a!, expr.b!) || rotation(expr.b!, expr.a!);
    if (left !== 0) return sink.emit(Code.rotate4, use(expr.a!.a!), left, to);
  }
  const a = use(expr.a!);
  const b = expr.b === null ? 0 : use(expr.b);
  switch (op) {
    case Op["i8x16.shuffle"]:
      return shuffle(bytes.subarray(n, n + 16), a, b, to, sink);
    case Op["i8x16.splat"]:
      return sink.emit(Code.splat8, a, to);
    case Op["i16x8.splat"]:
      return sink.emit(Code.splat16, a, to);
    case Op["i32x4.splat"]:
    case Op["f32x4.splat"]:
      return sink.emit(Code.splat1, a, to);
    case Op["i64x2.splat"]:
    case Op["f64x2.splat"]:
      return sink.emit(Code.gather4, a, a + 1, a, a + 1, to);
    case Op["i8x16.extract_lane_s"]:
      return sink.emit(Code.extract8s, 4 * a + n, to);
    case Op["i8x16.extract_lane_u"]:
      return sink.emit(Code.extract8u, 4 * a + n, to);
    case Op["i16x8.extract_lane_s"]:
      return sink.emit(Code.extract16s, 2 * a + n, to);
    case Op["i16x8.extract_lane_u"]:
      return sink.emit(Code.extract16u, 2 * a + n, to);
    case Op["i8x16.replace_lane"]:
      return sink.emit(Code.replace8, a, b, n, to);
    case Op["i16x8.replace_lane"]:
      return sink.emit(Code.replace16, a, b, n, to);
    case Op["i32x4.replace_lane"]:
    case Op["f32x4.replace_lane"]:
      return gather((i) => (i === n ? b : a + i), to, sink);
    case Op["i64x2.replace_lane"]:
    case Op["f64x2.replace_lane"]:
      return gather((i) => (i >> 1 === n ? b + (i & 1) : a + i), to, sink);
    default:
  }
  const code = vectors[dense(op)]!;
  if (expr.c !== null) sink.emit(code, a, b, use(expr.c), to);
  else if (expr.b === null) sink.emit(code, a, to);
  else if (code === 0) sink.emit(exchangedVectors[dense(op)]!, b, a, to);
  else sink.emit(code, a, b, to);
}

/** By how much the lanes of 32 bits of a slot turn left where `shl` and `shr_u` are the two shifts of a rotation of it, else 0. */
function rotation(shl: Expr, shr: Expr): number {
  if (shl.op !== Op["i32x4.shl"] || shr.op !== Op["i32x4.shr_u"]) return 0;
  const [x, y] = [shl.a!, shr.a!];
  if (x.kind !== ExprKind.Slot || y.kind !== ExprKind.Slot || x.n !== y.n) return 0;
  const [left, right] = [shl.b!, shr.b!];
  if (left.kind !== ExprKind.Const || right.kind !== ExprKind.Const || ((left.lo + right.lo) & 31) !== 0) return 0;
  return left.lo & 31;
}

function gather(word: (i: number) => number, to: number, sink: CodeSink): void {
  sink.emit(Code.gather4, word(0), word(1), word(2), word(3), to);
}

/** By words where its lanes are, else by halves, else by bytes: each operand of the opcode is a lane's place in the frame. */
function shuffle(lanes: Uint8Array, a: number, b: number, to: number, sink: CodeSink): void {
  const isWhole = (size: number): boolean =>
    lanes.every((lane, i) => (i % size === 0 ? lane % size === 0 : lane === lanes[i - 1]! + 1));
  const places = (size: number): number[] => {
    const perWord = 4 / size;
    const place = (lane: number): number => (lane < 16 ? a : b) * perWord + (lane & 15) / size;
    return Array.from({ length: 16 / size }, (_, i) => place(lanes[i * size]!));
  };
  if (isWhole(4)) {
    const words = places(4);
    gather((i) => words[i]!, to, sink);
  } else if (isWhole(2)) sink.emitList(Code.shuffle16, [...places(2), to]);
  else sink.emitList(Code.shuffle8, [...places(1), to]);
}
