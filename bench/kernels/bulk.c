// Bulk memory: n turns of memory.fill and memory.copy (apart and overlapping) from a few bytes to 4 KB, built with -mbulk-memory.
#include "kernel.h"

#define BYTES 65536
static u8 area[BYTES];

i32 run(i32 n) {
  u32 random = 1122334455u, hash = 1;
  for (i32 i = 0; i < BYTES; i++) area[i] = (u8)(i * 13 ^ i >> 7);
  for (i32 i = 0; i < n; i++) {
    u32 r = next_random(&random), q = next_random(&random);
    u32 from = r & 32767, to = (r >> 16 & 32767), size = (q & 7) ? (q >> 8 & 63) : (q >> 8 & 4095);
    switch (q >> 4 & 3) {
      case 0: __builtin_memset(area + to, (int)(q >> 20), size); break;
      case 1: __builtin_memcpy(area + 40000 + (to >> 1), area + from, size); break;
      case 2: __builtin_memmove(area + from + 5, area + from, size); break;
      default: __builtin_memmove(area + from, area + 28000 + to, size); break;
    }
    hash = mix(hash, area[to] | (u32)area[from] << 8);
  }
  for (i32 i = 0; i < BYTES; i += 3) hash = mix(hash, area[i]);
  return (i32)hash;
}
