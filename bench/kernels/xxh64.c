// i64 multiplication, rotation and addition: XXH64 of an 8 KB buffer, n times, each result the next one's seed.
#include "kernel.h"

#define BYTES 8192
#define P1 0x9e3779b185ebca87ull
#define P2 0xc2b2ae3d27d4eb4full
#define P3 0x165667b19e3779f9ull
#define P4 0x85ebca77c2b2ae63ull
#define P5 0x27d4eb2f165667c5ull

static u64 buffer[BYTES / 8];

static inline u64 rotate(u64 x, i32 by) { return x << by | x >> (64 - by); }
static inline u64 turn(u64 lane, u64 word) { return rotate(lane + word * P2, 31) * P1; }
static inline u64 join(u64 hash, u64 lane) { return (hash ^ turn(0, lane)) * P1 + P4; }

static NOINLINE u64 digest(const u64 *at, i32 words, u64 seed) {
  const u64 *end = at + words;
  u64 a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
  for (; at + 4 <= end; at += 4) {
    a = turn(a, at[0]);
    b = turn(b, at[1]);
    c = turn(c, at[2]);
    d = turn(d, at[3]);
  }
  u64 hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  hash = join(join(join(join(hash, a), b), c), d) + (u64)words * 8;
  for (; at < end; at++) hash = rotate(hash ^ turn(0, *at), 27) * P1 + P4;
  hash = (hash ^ hash >> 33) * P2;
  hash = (hash ^ hash >> 29) * P3;
  return hash ^ hash >> 32;
}

i32 run(i32 n) {
  u32 random = 123456789u;
  u64 hash = P5;
  for (i32 i = 0; i < BYTES / 8; i++) {
    u64 high = next_random(&random);
    buffer[i] = high << 32 | next_random(&random);
  }
  for (i32 round = 0; round < n; round++) hash = digest(buffer, BYTES / 8 - (round & 3), hash);
  return (i32)(hash ^ hash >> 32);
}
