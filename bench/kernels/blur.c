// f32 in memory: n passes of a five-tap blur, across and down, over a 128 x 128 image.
#include "kernel.h"

#define SIDE 128
static f32 image[SIDE * SIDE], rows[SIDE * SIDE];

static NOINLINE void across(const f32 *from, f32 *to) {
  for (i32 y = 0; y < SIDE; y++) {
    for (i32 x = 0; x < SIDE; x++) {
      const f32 *line = from + y * SIDE;
      f32 l2 = line[x < 2 ? 0 : x - 2], l1 = line[x < 1 ? 0 : x - 1];
      f32 r1 = line[x > SIDE - 2 ? SIDE - 1 : x + 1], r2 = line[x > SIDE - 3 ? SIDE - 1 : x + 2];
      to[y * SIDE + x] = (l2 + r2) * 0.07f + (l1 + r1) * 0.24f + line[x] * 0.38f;
    }
  }
}

static NOINLINE void down(const f32 *from, f32 *to) {
  for (i32 y = 0; y < SIDE; y++) {
    const f32 *u2 = from + (y < 2 ? 0 : y - 2) * SIDE, *u1 = from + (y < 1 ? 0 : y - 1) * SIDE, *line = from + y * SIDE;
    const f32 *d1 = from + (y > SIDE - 2 ? SIDE - 1 : y + 1) * SIDE, *d2 = from + (y > SIDE - 3 ? SIDE - 1 : y + 2) * SIDE;
    for (i32 x = 0; x < SIDE; x++) {
      f32 soft = (u2[x] + d2[x]) * 0.07f + (u1[x] + d1[x]) * 0.24f + line[x] * 0.38f;
      to[y * SIDE + x] = soft + (line[x] - soft) * 0.1f;
    }
  }
}

i32 run(i32 n) {
  u32 random = 88172645u, hash = 1;
  for (i32 i = 0; i < SIDE * SIDE; i++) image[i] = (f32)(next_random(&random) & 0xffff) * (1.0f / 256.0f);
  for (i32 pass = 0; pass < n; pass++) {
    across(image, rows);
    down(rows, image);
  }
  for (i32 i = 0; i < SIDE * SIDE; i++) hash = mix_f32(hash, image[i]);
  return (i32)hash;
}
