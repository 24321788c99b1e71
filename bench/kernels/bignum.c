// i64 multiply and divide: n factorial in limbs of nine decimal digits, then divided down again by signed 64-bit division.
#include "kernel.h"

#define LIMBS 1024
#define BASE 1000000000

static u32 limb[LIMBS];

i32 run(i32 n) {
  i32 used = 1;
  u32 hash = 1;
  limb[0] = 1;
  for (i32 factor = 2; factor <= n; factor++) {
    u64 carry = 0;
    for (i32 i = 0; i < used; i++) {
      u64 t = (u64)limb[i] * (u32)factor + carry;
      limb[i] = (u32)(t % BASE);
      carry = t / BASE;
    }
    if (carry) {
      if (used == LIMBS) __builtin_trap();
      limb[used++] = (u32)carry;
    }
  }
  for (i32 i = 0; i < used; i++) hash = mix(hash, limb[i]);
  for (i64 divisor = -7; divisor > -1000; divisor -= 111) {
    i64 rest = 0;
    for (i32 i = used - 1; i >= 0; i--) {
      i64 t = rest * BASE + (i64)limb[i];
      i64 quotient = t / divisor;
      rest = t - quotient * divisor;
      limb[i] = (u32)-quotient;
    }
    hash = mix64(hash, (u64)rest ^ (u64)limb[0] << 32);
  }
  return (i32)hash;
}
