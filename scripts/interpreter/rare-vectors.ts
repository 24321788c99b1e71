// Takes the name of a vector opcode, tells whether it is met too seldom to have a place in the loop.

/** Vector opcodes that the kernels of the benchmark and programs like them seldom execute. */
const rareVectors = [
  /relaxed|popcnt|q15mulr|extadd|(add|sub)_sat_s|ceil|floor|\.trunc|nearest|^trunc|pmin|pmax/,
  /^i64x2\.(?!add|sub|shl\.K|shr_u\.K)|\.sh(l|r_[su])$/,
  /^f64x2\.(eq|ne|lt|ge|abs|min|max|convert|promote)|demote|convert_.*_u|trunc_sat_f64/,
  /^i16x8\.(min|max)_u|^i8x16\.(min|max)_s|_lane\.R|load(16x4|32x2|16_splat)|extmul|narrow_(i16x8_s|i32x4)/,
];

export const isRare = (name: string): boolean => rareVectors.some((pattern) => pattern.test(name));
