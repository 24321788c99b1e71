// Conversions between f32 and i32: n textured triangles drawn into a 128 x 128 picture of bytes and blended there.
#include "kernel.h"

#define SIDE 128
#define TEXTURE 64
static u8 picture[SIDE * SIDE * 3], texture[TEXTURE * TEXTURE];

static i32 floor_at_0(f32 x) { return x < 0.0f ? 0 : (i32)x; }

static NOINLINE void triangle(f32 x0, f32 y0, f32 x1, f32 y1, f32 x2, f32 y2, f32 light) {
  f32 area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  if (area < 0.5f && area > -0.5f) return;
  f32 scale = 1.0f / area;
  f32 low_x = x0 < x1 ? x0 : x1, low_y = y0 < y1 ? y0 : y1, high_x = x0 > x1 ? x0 : x1, high_y = y0 > y1 ? y0 : y1;
  if (x2 < low_x) low_x = x2;
  if (y2 < low_y) low_y = y2;
  if (x2 > high_x) high_x = x2;
  if (y2 > high_y) high_y = y2;
  i32 left = floor_at_0(low_x), top = floor_at_0(low_y), right = (i32)high_x, bottom = (i32)high_y;
  if (right > SIDE - 1) right = SIDE - 1;
  if (bottom > SIDE - 1) bottom = SIDE - 1;
  for (i32 y = top; y <= bottom; y++) {
    for (i32 x = left; x <= right; x++) {
      f32 cx = (f32)x + 0.5f, cy = (f32)y + 0.5f;
      f32 p = ((cx - x0) * (y2 - y0) - (x2 - x0) * (cy - y0)) * scale;
      f32 q = ((x1 - x0) * (cy - y0) - (cx - x0) * (y1 - y0)) * scale;
      if (p < 0.0f || q < 0.0f || p + q > 1.0f) continue;
      i32 texel = texture[((i32)(q * 63.0f) & 63) * TEXTURE + ((i32)(p * 63.0f) & 63)];
      f32 shade = (f32)texel * light;
      u8 *at = picture + (y * SIDE + x) * 3;
      at[0] = (u8)(i32)((f32)at[0] * 0.75f + shade * 0.25f);
      at[1] = (u8)(i32)((f32)at[1] * 0.5f + shade * 0.5f);
      at[2] = (u8)(u32)__builtin_sqrtf((f32)(at[2] * at[2] + texel * texel) * 0.5f);
    }
  }
}

i32 run(i32 n) {
  u32 random = 521288629u, hash = 1;
  for (i32 i = 0; i < TEXTURE * TEXTURE; i++) texture[i] = (u8)((i ^ (i >> 6)) * 37);
  for (i32 i = 0; i < SIDE * SIDE * 3; i++) picture[i] = 0;
  for (i32 i = 0; i < n; i++) {
    f32 at[6];
    f32 x = (f32)(i32)(next_random(&random) & 127), y = (f32)(i32)(next_random(&random) & 127);
    for (i32 k = 0; k < 6; k += 2) {
      at[k] = x + (f32)(i8)next_random(&random) * 0.25f;
      at[k + 1] = y + (f32)(i8)next_random(&random) * 0.25f;
    }
    triangle(at[0], at[1], at[2], at[3], at[4], at[5], (f32)(i32)(next_random(&random) & 255) * (1.0f / 256.0f));
  }
  for (i32 i = 0; i < SIDE * SIDE * 3; i++) hash = mix(hash, picture[i]);
  return (i32)hash;
}
