// f64 with integer indices turned into matrix entries: power iteration on the matrix 1 / ((i+j)(i+j+1)/2 + i + 1).
#include "kernel.h"

#define MOST 512
static f64 u[MOST], v[MOST], w[MOST];

static inline f64 entry(i32 i, i32 j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static NOINLINE void times(i32 n, const f64 *in, f64 *out) {
  for (i32 i = 0; i < n; i++) {
    f64 sum = 0;
    for (i32 j = 0; j < n; j++) sum += entry(i, j) * in[j];
    out[i] = sum;
  }
}

static NOINLINE void times_transposed(i32 n, const f64 *in, f64 *out) {
  for (i32 i = 0; i < n; i++) {
    f64 sum = 0;
    for (i32 j = 0; j < n; j++) sum += entry(j, i) * in[j];
    out[i] = sum;
  }
}

i32 run(i32 n) {
  for (i32 i = 0; i < n; i++) u[i] = 1;
  for (i32 turn = 0; turn < 5; turn++) {
    times(n, u, w);
    times_transposed(n, w, v);
    times(n, v, w);
    times_transposed(n, w, u);
  }
  f64 uv = 0, vv = 0;
  for (i32 i = 0; i < n; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return (i32)mix_f64(1, __builtin_sqrt(uv / vv));
}
