// i8x16: strsearch by vectors, with the same result: sixteen places at a time are compared with a needle's first and last byte.
#include "kernel.h"
#include "vector.h"

#define BYTES 32768
static u8 text[BYTES + 32];

static u8x16 all(u8 byte) { return (u8x16){} + byte; }

static NOINLINE i32 search(const u8 *needle, i32 length) {
  i32 found = 0;
  u8x16 first = all(needle[0]), last = all(needle[length - 1]);
  for (i32 i = 0; i + length <= BYTES; i += 16) {
    i8x16 hits = (LOAD(u8x16, text + i) == first) & (LOAD(u8x16, text + i + length - 1) == last);
    for (u32 bits = sign_bits(hits); bits; bits &= bits - 1) {
      i32 at = i + __builtin_ctz(bits), k = 1;
      if (at + length > BYTES) break;
      while (k < length && text[at + k] == needle[k]) k++;
      if (k == length) found += at;
    }
  }
  return found;
}

i32 run(i32 n) {
  static const char syllables[] = "kalomirestabenudofigapu";
  u32 random = 77777u, hash = 1;
  for (i32 i = 0; i < BYTES;) {
    i32 parts = 1 + (next_random(&random) & 3);
    for (; parts && i < BYTES - 2; parts--) {
      i32 pick = (i32)(next_random(&random) % 11) * 2;
      text[i++] = (u8)syllables[pick];
      text[i++] = (u8)syllables[pick + 1];
    }
    text[i++] = (next_random(&random) & 7) ? ' ' : '\n';
    if (i >= BYTES - 2) while (i < BYTES) text[i++] = '.';
  }
  for (i32 i = 0; i < n; i++) {
    i32 length = 3 + i % 13;
    const u8 *needle = text + next_random(&random) % (BYTES - 16);
    hash = mix(hash, (u32)search(needle, length));
  }
  return (i32)hash;
}
