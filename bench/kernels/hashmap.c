// i32 hashing with a murmur finaliser: n insertions, look-ups and removals in an open-addressed table.
#include "kernel.h"

#define SLOTS 8192
static u32 keys[SLOTS], counts[SLOTS];

static inline u32 scramble(u32 h) {
  h ^= h >> 16; h *= 0x85ebca6bu;
  h ^= h >> 13; h *= 0xc2b2ae35u;
  return h ^ (h >> 16);
}

static NOINLINE u32 *find(u32 key) {
  u32 at = scramble(key) & (SLOTS - 1);
  while (keys[at] && keys[at] != key) at = (at + 1) & (SLOTS - 1);
  keys[at] = key;
  return &counts[at];
}

i32 run(i32 n) {
  u32 random = 362436069u, hash = 1;
  for (i32 i = 0; i < SLOTS; i++) keys[i] = counts[i] = 0;
  for (i32 i = 0; i < n; i++) {
    u32 key = (next_random(&random) & 4095) + 1;
    u32 *count = find(key);
    if (*count > 20 && (key & 1)) {
      hash = mix(hash, *count + key);
      *count = 0;
    } else {
      *count += i & 3;
    }
  }
  for (i32 i = 0; i < SLOTS; i++) hash = mix(hash, keys[i] * 31 + counts[i]);
  return (i32)hash;
}
