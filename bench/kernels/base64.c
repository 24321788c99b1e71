// Bytes in and out: 6 KB to base 64 and back, n times.
#include "kernel.h"

#define BYTES 6144
static u8 plain[BYTES], coded[BYTES / 3 * 4], value_of[256];

static NOINLINE void encode(void) {
  static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  u8 *to = coded;
  for (i32 i = 0; i < 64; i++) value_of[(u8)digit[i]] = (u8)i;
  for (i32 i = 0; i < BYTES; i += 3) {
    u32 group = (u32)plain[i] << 16 | (u32)plain[i + 1] << 8 | plain[i + 2];
    *to++ = (u8)digit[group >> 18];
    *to++ = (u8)digit[group >> 12 & 63];
    *to++ = (u8)digit[group >> 6 & 63];
    *to++ = (u8)digit[group & 63];
  }
}

static NOINLINE void decode(void) {
  u8 *to = plain;
  for (i32 i = 0; i < BYTES / 3 * 4; i += 4) {
    u32 group = (u32)value_of[coded[i]] << 18 | (u32)value_of[coded[i + 1]] << 12 | (u32)value_of[coded[i + 2]] << 6 | value_of[coded[i + 3]];
    *to++ = (u8)(group >> 16);
    *to++ = (u8)(group >> 8);
    *to++ = (u8)group;
  }
}

i32 run(i32 n) {
  u32 random = 424242u, hash = 1;
  for (i32 i = 0; i < BYTES; i++) plain[i] = (u8)(next_random(&random) >> 11);
  for (i32 round = 0; round < n; round++) {
    encode();
    // One changed digit a round, so that the plain text changes too.
    coded[round * 5 % sizeof coded] = 'z';
    decode();
  }
  for (i32 i = 0; i < BYTES; i++) hash = mix(hash, plain[i]);
  for (i32 i = 0; i < (i32)sizeof coded; i++) hash = mix(hash, coded[i]);
  return (i32)hash;
}
