// Every numeric instruction of the scalar types by mnemonic (specification: 4.3 Numerics).
import { conversions } from "./convert.ts";
import { f32, f64 } from "./f32-f64.ts";
import { i32 } from "./i32.ts";
import { i64 } from "./i64.ts";
import type { NumericOps } from "./op.ts";

export const numericOps: NumericOps = { ...i32, ...i64, ...f32, ...f64, ...conversions };
