// i32x4: n blocks of ChaCha20's key stream, a row of the state in each vector.
#include "kernel.h"
#include "vector.h"

#define ROTATE(x, by) ((x) << (by) | (x) >> (32 - (by)))
#define QUARTER_ROUNDS \
  a += b, d ^= a, d = ROTATE(d, 16); \
  c += d, b ^= c, b = ROTATE(b, 12); \
  a += b, d ^= a, d = ROTATE(d, 8); \
  c += d, b ^= c, b = ROTATE(b, 7)
#define LANES(x, p, q, r, s) __builtin_shufflevector(x, x, p, q, r, s)

static NOINLINE u32x4 block(const u32x4 state[4]) {
  u32x4 a = state[0], b = state[1], c = state[2], d = state[3];
  for (i32 i = 0; i < 10; i++) {
    QUARTER_ROUNDS;
    b = LANES(b, 1, 2, 3, 0), c = LANES(c, 2, 3, 0, 1), d = LANES(d, 3, 0, 1, 2);
    QUARTER_ROUNDS;
    b = LANES(b, 3, 0, 1, 2), c = LANES(c, 2, 3, 0, 1), d = LANES(d, 1, 2, 3, 0);
  }
  return (a + state[0]) ^ (b + state[1]) ^ (c + state[2]) ^ (d + state[3]);
}

i32 run(i32 n) {
  u32x4 state[4] = {{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, {1, 2, 3, 4}, {5, 6, 7, 8}, {0, 9, 10, 11}};
  u32x4 sum = {0, 0, 0, 0};
  for (i32 i = 0; i < n; i++) {
    sum = (sum ^ block(state)) * 0x9e3779b1u;
    state[3][0]++;
  }
  return (i32)mix(mix(mix(mix(1, sum[0]), sum[1]), sum[2]), sum[3]);
}
