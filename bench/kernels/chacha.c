// i32: n blocks of ChaCha20's key stream, word by word; the results of chacha_simd.
#include "kernel.h"

#define ROTATE(x, by) ((x) << (by) | (x) >> (32 - (by)))
#define QUARTER_ROUND(a, b, c, d) \
  a += b, d ^= a, d = ROTATE(d, 16); \
  c += d, b ^= c, b = ROTATE(b, 12); \
  a += b, d ^= a, d = ROTATE(d, 8); \
  c += d, b ^= c, b = ROTATE(b, 7)

static NOINLINE void block(const u32 state[16], u32 key[16]) {
  u32 x[16];
  for (i32 i = 0; i < 16; i++) x[i] = state[i];
  for (i32 i = 0; i < 10; i++) {
    QUARTER_ROUND(x[0], x[4], x[8], x[12]);
    QUARTER_ROUND(x[1], x[5], x[9], x[13]);
    QUARTER_ROUND(x[2], x[6], x[10], x[14]);
    QUARTER_ROUND(x[3], x[7], x[11], x[15]);
    QUARTER_ROUND(x[0], x[5], x[10], x[15]);
    QUARTER_ROUND(x[1], x[6], x[11], x[12]);
    QUARTER_ROUND(x[2], x[7], x[8], x[13]);
    QUARTER_ROUND(x[3], x[4], x[9], x[14]);
  }
  for (i32 i = 0; i < 16; i++) key[i] = x[i] + state[i];
}

i32 run(i32 n) {
  u32 state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 10, 11};
  u32 sum[4] = {0, 0, 0, 0}, key[16];
  for (i32 i = 0; i < n; i++) {
    block(state, key);
    for (i32 k = 0; k < 4; k++) sum[k] = (sum[k] ^ key[k] ^ key[4 + k] ^ key[8 + k] ^ key[12 + k]) * 0x9e3779b1u;
    state[12]++;
  }
  return (i32)mix(mix(mix(mix(1, sum[0]), sum[1]), sum[2]), sum[3]);
}
