// f32 carried round a loop: noise through four second-order filters in a row; every product and sum must round to f32.
#include "kernel.h"

#define STAGES 4

i32 run(i32 n) {
  static const f32 b0[STAGES] = {0.31f, 0.62f, 0.205f, 0.84f}, b1[STAGES] = {0.42f, -0.71f, 0.11f, -0.93f},
                   b2[STAGES] = {0.17f, 0.35f, -0.205f, 0.41f}, a1[STAGES] = {-0.53f, 0.27f, -0.88f, 0.66f},
                   a2[STAGES] = {0.24f, 0.19f, 0.33f, 0.29f};
  f32 s1[STAGES] = {0}, s2[STAGES] = {0};
  u32 random = 2463534242u, hash = 1;
  for (i32 i = 0; i < n; i++) {
    f32 x = (f32)(i32)(next_random(&random) >> 8) * (1.0f / 8388608.0f) - 1.0f;
    for (i32 s = 0; s < STAGES; s++) {
      f32 y = b0[s] * x + s1[s];
      s1[s] = b1[s] * x - a1[s] * y + s2[s];
      s2[s] = b2[s] * x - a2[s] * y;
      x = y;
    }
    if ((i & 15) == 0) hash = mix_f32(hash, x);
  }
  return (i32)hash;
}
