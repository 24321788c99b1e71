// i8x16 and i32x4: base64 by vectors, with the same result. Digits are found by their ranges, which a table of offsets tells.
#include "kernel.h"
#include "vector.h"

#define BYTES 6144
#define CODED (BYTES / 3 * 4)
static u8 plain[BYTES + 16], coded[CODED + 16];

static NOINLINE void encode(void) {
  // By 0 for a letter of the second alphabet, 1 to 10 for a digit, 11 and 12 for the signs, 13 for the first alphabet.
  const u8x16 offsets = {'a' - 26, (u8)('0' - 52), (u8)('0' - 52), (u8)('0' - 52), (u8)('0' - 52), (u8)('0' - 52), (u8)('0' - 52),
                         (u8)('0' - 52), (u8)('0' - 52), (u8)('0' - 52), (u8)('0' - 52), (u8)('+' - 62), (u8)('/' - 63), 'A', 0, 0};
  u8 *to = coded;
  for (i32 i = 0; i < BYTES; i += 12, to += 16) {
    u8x16 bytes = LOAD(u8x16, plain + i);
    u32x4 group = (u32x4)__builtin_shufflevector(bytes, bytes, 2, 1, 0, 0, 5, 4, 3, 3, 8, 7, 6, 6, 11, 10, 9, 9);
    u8x16 six = (u8x16)((group >> 18 & 0x3f) | (group >> 4 & 0x3f00) | (group << 10 & 0x3f0000) | (group << 24 & 0x3f000000));
    u8x16 range = less_or_zero(six, (u8x16){} + (u8)51) | ((u8x16)(six < 26) & 13);
    STORE(to, six + look_up(offsets, range));
  }
}

static NOINLINE void decode(void) {
  // By the high half of a digit's byte; '/' has the high half of '+' and takes the place before it.
  const u8x16 offsets = {0, 63 - '/', 62 - '+', 52 - '0', (u8)(0 - 'A'), (u8)(0 - 'A'), (u8)(26 - 'a'), (u8)(26 - 'a')};
  u8 *to = plain;
  for (i32 i = 0; i < CODED; i += 16, to += 12) {
    u8x16 digits = LOAD(u8x16, coded + i);
    u8x16 range = (digits >> 4) + (u8x16)(digits == '/');
    u32x4 six = (u32x4)(digits + look_up(offsets, range));
    u8x16 group = (u8x16)((six & 0x3f) << 18 | (six & 0x3f00) << 4 | (six & 0x3f0000) >> 10 | six >> 24);
    STORE(to, __builtin_shufflevector(group, group, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 3, 3, 3));
  }
}

i32 run(i32 n) {
  u32 random = 424242u, hash = 1;
  for (i32 i = 0; i < BYTES; i++) plain[i] = (u8)(next_random(&random) >> 11);
  for (i32 round = 0; round < n; round++) {
    encode();
    // One changed digit a round, so that the plain text changes too.
    coded[round * 5 % CODED] = 'z';
    decode();
  }
  for (i32 i = 0; i < BYTES; i++) hash = mix(hash, plain[i]);
  for (i32 i = 0; i < CODED; i++) hash = mix(hash, coded[i]);
  return (i32)hash;
}
