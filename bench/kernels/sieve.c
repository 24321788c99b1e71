// Byte stores in nested loops: the primes below n (n up to 2 million).
#include "kernel.h"

#define MOST 2000000
static u8 composite[MOST];

i32 run(i32 n) {
  i32 count = 0;
  u32 hash = 1;
  for (i32 i = 0; i < n; i++) composite[i] = 0;
  for (i32 i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    hash = mix(hash, (u32)i);
    if (i < 46341) for (i32 j = i * i; j < n; j += i) composite[j] = 1;
  }
  return (i32)mix(hash, (u32)count);
}
