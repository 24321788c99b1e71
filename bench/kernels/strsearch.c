// Byte strings: n searches, alternately naive and Horspool's, in 32 KB of made-up words.
#include "kernel.h"

#define BYTES 32768
static u8 text[BYTES];
static i32 shift[256];

static NOINLINE i32 naive(const u8 *needle, i32 length) {
  i32 found = 0;
  for (i32 i = 0; i + length <= BYTES; i++) {
    i32 k = 0;
    while (k < length && text[i + k] == needle[k]) k++;
    if (k == length) found += i;
  }
  return found;
}

static NOINLINE i32 horspool(const u8 *needle, i32 length) {
  i32 found = 0;
  for (i32 i = 0; i < 256; i++) shift[i] = length;
  for (i32 i = 0; i < length - 1; i++) shift[needle[i]] = length - 1 - i;
  for (i32 i = 0; i + length <= BYTES;) {
    i32 k = length - 1;
    while (k >= 0 && text[i + k] == needle[k]) k--;
    if (k < 0) found += i;
    i += shift[text[i + length - 1]];
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
    hash = mix(hash, (u32)(i & 1 ? naive(needle, length) : horspool(needle, length)));
  }
  return (i32)hash;
}
