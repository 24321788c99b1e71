// Compression round trip: LZ77 with hash heads and chains over n KB of repetitive text (n up to 512), then back and compared.
#include "kernel.h"

#define MOST (512 << 10)
#define HASH_BITS 12
#define MIN_MATCH 4
#define MAX_MATCH 130
#define WINDOW 32768

static u8 plain[MOST], packed[MOST + MOST / 8 + 64], restored[MOST + MAX_MATCH];
static i32 head[1 << HASH_BITS], previous[WINDOW];

static inline u32 hash_at(const u8 *p) {
  u32 four = (u32)p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
  return four * 2654435761u >> (32 - HASH_BITS);
}

static inline void enter(i32 at) {
  u32 h = hash_at(plain + at);
  previous[at & (WINDOW - 1)] = head[h];
  head[h] = at;
}

// A control byte below 128 says how many literals follow (plus one); from 128 on, a match's length and then two bytes of distance.
static NOINLINE i32 compress(i32 size) {
  i32 out = 0, literals = 0, at = 0;
  for (i32 i = 0; i < 1 << HASH_BITS; i++) head[i] = -1;
  while (at < size) {
    i32 best = 0, distance = 0;
    if (at + MIN_MATCH <= size) {
      i32 most = size - at < MAX_MATCH ? size - at : MAX_MATCH;
      i32 candidate = head[hash_at(plain + at)];
      for (i32 tries = 16; tries && candidate >= 0 && at - candidate < WINDOW; tries--) {
        i32 length = 0;
        while (length < most && plain[candidate + length] == plain[at + length]) length++;
        if (length > best) {
          best = length;
          distance = at - candidate;
          if (length == most) break;
        }
        i32 older = previous[candidate & (WINDOW - 1)];
        if (older >= candidate) break;
        candidate = older;
      }
    }
    if (best >= MIN_MATCH) {
      packed[out++] = (u8)(128 + best - 3);
      packed[out++] = (u8)distance;
      packed[out++] = (u8)(distance >> 8);
      literals = 0;
      for (; best; best--, at++) if (at + MIN_MATCH <= size) enter(at);
    } else {
      if (literals == 0 || literals == 128) {
        packed[out++] = 0;
        literals = 0;
      }
      // The control byte of this run of literals sits just before its first byte.
      packed[out - literals - 1] = (u8)literals;
      literals++;
      packed[out++] = plain[at];
      if (at + MIN_MATCH <= size) enter(at);
      at++;
    }
  }
  return out;
}

static NOINLINE i32 expand(i32 size) {
  i32 in = 0, out = 0;
  while (in < size) {
    i32 control = packed[in++];
    if (control < 128) {
      for (; control >= 0; control--) restored[out++] = packed[in++];
    } else {
      i32 length = control - 128 + 3, distance = packed[in] | packed[in + 1] << 8;
      in += 2;
      for (; length; length--, out++) restored[out] = restored[out - distance];
    }
  }
  return out;
}

i32 run(i32 n) {
  i32 size = n << 10;
  u32 random = 998877u, hash = 1;
  for (i32 i = 0; i < size;) {
    u32 r = next_random(&random);
    if (i > 256 && (r & 3)) {
      i32 back = 1 + (i32)(r >> 8) % (i < 20000 ? i : 20000), length = 5 + (i32)(r >> 2 & 31);
      for (; length && i < size; length--, i++) plain[i] = plain[i - back];
    } else {
      for (i32 length = 8; length && i < size; length--) plain[i++] = (u8)('a' + (next_random(&random) >> 9) % 26);
    }
  }
  i32 small = compress(size);
  if (expand(small) != size) return -1;
  for (i32 i = 0; i < size; i++) if (plain[i] != restored[i]) return -2;
  for (i32 i = 0; i < small; i += 3) hash = mix(hash, packed[i]);
  return (i32)mix(hash, (u32)small);
}
