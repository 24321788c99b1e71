// f32x4: blur by vectors, with the same result.
#include "kernel.h"
#include "vector.h"

#define SIDE 128
static f32 image[SIDE * SIDE], rows[SIDE * SIDE];

static f32 at_edge(const f32 *line, i32 x) {
  f32 l2 = line[x < 2 ? 0 : x - 2], l1 = line[x < 1 ? 0 : x - 1];
  f32 r1 = line[x > SIDE - 2 ? SIDE - 1 : x + 1], r2 = line[x > SIDE - 3 ? SIDE - 1 : x + 2];
  return (l2 + r2) * 0.07f + (l1 + r1) * 0.24f + line[x] * 0.38f;
}

static NOINLINE void across(const f32 *from, f32 *to) {
  for (i32 y = 0; y < SIDE; y++) {
    const f32 *line = from + y * SIDE;
    f32 *out = to + y * SIDE;
    for (i32 x = 0; x < 4; x++) out[x] = at_edge(line, x), out[SIDE - 1 - x] = at_edge(line, SIDE - 1 - x);
    for (i32 x = 4; x < SIDE - 4; x += 4) {
      f32x4 outer = LOAD(f32x4, line + x - 2) + LOAD(f32x4, line + x + 2);
      f32x4 inner = LOAD(f32x4, line + x - 1) + LOAD(f32x4, line + x + 1);
      STORE(out + x, outer * 0.07f + inner * 0.24f + LOAD(f32x4, line + x) * 0.38f);
    }
  }
}

static NOINLINE void down(const f32 *from, f32 *to) {
  for (i32 y = 0; y < SIDE; y++) {
    const f32 *u2 = from + (y < 2 ? 0 : y - 2) * SIDE, *u1 = from + (y < 1 ? 0 : y - 1) * SIDE, *line = from + y * SIDE;
    const f32 *d1 = from + (y > SIDE - 2 ? SIDE - 1 : y + 1) * SIDE, *d2 = from + (y > SIDE - 3 ? SIDE - 1 : y + 2) * SIDE;
    for (i32 x = 0; x < SIDE; x += 4) {
      f32x4 here = LOAD(f32x4, line + x);
      f32x4 outer = LOAD(f32x4, u2 + x) + LOAD(f32x4, d2 + x), inner = LOAD(f32x4, u1 + x) + LOAD(f32x4, d1 + x);
      f32x4 soft = outer * 0.07f + inner * 0.24f + here * 0.38f;
      STORE(to + y * SIDE + x, soft + (here - soft) * 0.1f);
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
