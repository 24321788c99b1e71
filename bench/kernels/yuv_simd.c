// i16x8: n times a picture of 128 x 64 from luma and colour differences to red, green and blue bytes, clamped.
#include "kernel.h"
#include "vector.h"

#define PIXELS (128 * 64)
static u8 luma[PIXELS], blueness[PIXELS], redness[PIXELS], red[PIXELS], green[PIXELS], blue[PIXELS];

static NOINLINE void convert(void) {
  for (i32 i = 0; i < PIXELS; i += 16) {
    i16x8 rgb[3][2];
    for (i32 k = 0; k < 2; k++) {
      i32 at = i + 8 * k;
      i16x8 y = widen_bytes(luma + at), u = widen_bytes(blueness + at) - 128, v = widen_bytes(redness + at) - 128;
      rgb[0][k] = y + (v * 179 >> 7);
      rgb[1][k] = y - ((u * 44 + v * 91) >> 7);
      rgb[2][k] = y + (u * 227 >> 7);
    }
    STORE(red + i, clamp_to_bytes(rgb[0][0], rgb[0][1]));
    STORE(green + i, clamp_to_bytes(rgb[1][0], rgb[1][1]));
    STORE(blue + i, clamp_to_bytes(rgb[2][0], rgb[2][1]));
  }
}

i32 run(i32 n) {
  u32 random = 2024u, hash = 1;
  for (i32 i = 0; i < PIXELS; i++) {
    u32 bits = next_random(&random);
    luma[i] = (u8)bits, blueness[i] = (u8)(bits >> 8), redness[i] = (u8)(bits >> 16);
  }
  for (i32 round = 0; round < n; round++) {
    convert();
    // The next picture is this one, turned in colour.
    for (i32 i = round & 63; i < PIXELS; i += 64) luma[i] = red[i], blueness[i] = green[i], redness[i] = blue[i];
  }
  for (i32 i = 0; i < PIXELS; i++) hash = mix(hash, (u32)red[i] | (u32)green[i] << 8 | (u32)blue[i] << 16);
  return (i32)hash;
}
