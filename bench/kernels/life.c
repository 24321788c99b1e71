// Byte loads: n generations of Conway's life on a 96 x 96 torus.
#include "kernel.h"

#define SIDE 96
static u8 cells[2][SIDE * SIDE];

static NOINLINE void generation(const u8 *from, u8 *to) {
  for (i32 y = 0; y < SIDE; y++) {
    const u8 *above = from + (y ? y - 1 : SIDE - 1) * SIDE, *here = from + y * SIDE, *below = from + (y + 1 < SIDE ? y + 1 : 0) * SIDE;
    for (i32 x = 0; x < SIDE; x++) {
      i32 l = x ? x - 1 : SIDE - 1, r = x + 1 < SIDE ? x + 1 : 0;
      i32 around = above[l] + above[x] + above[r] + here[l] + here[r] + below[l] + below[x] + below[r];
      to[y * SIDE + x] = around == 3 || (around == 2 && here[x]);
    }
  }
}

i32 run(i32 n) {
  u32 random = 19283746u, hash = 1;
  for (i32 i = 0; i < SIDE * SIDE; i++) cells[0][i] = (next_random(&random) >> 7 & 3) == 0;
  for (i32 i = 0; i < n; i++) generation(cells[i & 1], cells[~i & 1]);
  for (i32 i = 0; i < SIDE * SIDE; i++) hash = hash * 3 + cells[n & 1][i] + (hash >> 30);
  return (i32)hash;
}
