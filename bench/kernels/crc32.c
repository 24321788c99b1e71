// i32 hashing by table: the CRC-32 of a 16 KB buffer, n times, each round's result written into the buffer.
#include "kernel.h"

#define BYTES 16384
static u32 table[256];
static u8 buffer[BYTES];

i32 run(i32 n) {
  u32 random = 2463534242u, crc = 0;
  for (u32 i = 0; i < 256; i++) {
    u32 c = i;
    for (i32 k = 0; k < 8; k++) c = (c >> 1) ^ (0xedb88320u & -(c & 1));
    table[i] = c;
  }
  for (i32 i = 0; i < BYTES; i++) buffer[i] = (u8)next_random(&random);
  for (i32 round = 0; round < n; round++) {
    crc = ~crc;
    for (i32 i = 0; i < BYTES; i++) crc = table[(crc ^ buffer[i]) & 255] ^ (crc >> 8);
    crc = ~crc;
    buffer[round & (BYTES - 1)] ^= (u8)crc;
  }
  return (i32)crc;
}
