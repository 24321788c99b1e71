// i32 hashing: SHA-256 of a 4 KB message, n times, each digest written over the start of the next message.
// The constants are the fractional parts of the cube and square roots of the first primes.
#include "kernel.h"

#define BYTES 4096
#define BLOCK 64

static const u32 round_keys[64] = {
  0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u,
  0xd807aa98u, 0x12835b01u, 0x243185beu, 0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u,
  0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau, 0x5cb0a9dcu, 0x76f988dau,
  0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u, 0x06ca6351u, 0x14292967u,
  0x27b70a85u, 0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u,
  0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u, 0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u,
  0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu, 0x682e6ff3u,
  0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u, 0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u,
};
static const u32 start[8] = {
  0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
  0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u,
};
static u8 message[BYTES + BLOCK];
static u32 state[8];

static inline u32 rotate(u32 x, i32 by) { return x >> by | x << (32 - by); }

static NOINLINE void block(const u8 *at) {
  u32 w[64];
  for (i32 i = 0; i < 16; i++) {
    u32 word = 0;
    for (i32 k = 0; k < 4; k++) word = word << 8 | at[i * 4 + k];
    w[i] = word;
  }
  for (i32 i = 16; i < 64; i++) {
    u32 x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + w[i - 7] + (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
  }
  u32 a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (i32 i = 0; i < 64; i++) {
    u32 t = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) + round_keys[i] + w[i];
    u32 s = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
    h = g; g = f; f = e; e = d + t; d = c; c = b; b = a; a = t + s;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

i32 run(i32 n) {
  for (i32 i = 0; i < BYTES; i++) message[i] = (u8)(i * 7 + (i >> 8));
  for (i32 i = 0; i < BLOCK; i++) message[BYTES + i] = 0;
  message[BYTES] = 0x80;
  message[BYTES + BLOCK - 2] = BYTES * 8 >> 8;
  for (i32 round = 0; round < n; round++) {
    for (i32 i = 0; i < 8; i++) state[i] = start[i];
    for (i32 at = 0; at < BYTES + BLOCK; at += BLOCK) block(message + at);
    for (i32 i = 0; i < 8; i++) {
      for (i32 k = 0; k < 4; k++) message[i * 4 + k] = (u8)(state[i] >> (32 - 8 - 8 * k));
    }
  }
  return (i32)(state[0] ^ state[7]);
}
