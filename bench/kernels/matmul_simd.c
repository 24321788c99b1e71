// f64x2: matmul by vectors, with the same result.
#include "kernel.h"
#include "vector.h"

#define SIDE 256
static f64 a[SIDE * SIDE], b[SIDE * SIDE], c[SIDE * SIDE];

i32 run(i32 n) {
  for (i32 i = 0; i < n * n; i++) {
    a[i] = (i % 17) * 0.25 - 2.0;
    b[i] = (i % 23) * 0.125 - 1.0;
    c[i] = 0;
  }
  for (i32 i = 0; i < n; i++) {
    for (i32 k = 0; k < n; k++) {
      f64x2 factor = {a[i * n + k], a[i * n + k]};
      for (i32 j = 0; j < n; j += 2) {
        f64x2 sum = LOAD(f64x2, &c[i * n + j]) + factor * LOAD(f64x2, &b[k * n + j]);
        STORE(&c[i * n + j], sum);
      }
    }
  }
  u32 hash = 1;
  for (i32 i = 0; i < n * n; i++) hash = mix_f64(hash, c[i]);
  return (i32)hash;
}
