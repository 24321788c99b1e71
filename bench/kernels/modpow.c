// i64 remainder: how many of n odd numbers below 2^31 are (strong probable) primes, by modular powers with u64 %.
#include "kernel.h"

static NOINLINE u64 power(u64 base, u32 exponent, u64 modulus) {
  u64 result = 1;
  for (base %= modulus; exponent; exponent >>= 1) {
    if (exponent & 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}

static i32 probably_prime(u32 n, u32 witness) {
  u32 odd = n - 1;
  i32 twos = __builtin_ctz(odd);
  odd >>= twos;
  u64 x = power(witness, odd, n);
  if (x == 1 || x == n - 1) return 1;
  while (--twos > 0) {
    x = x * x % n;
    if (x == n - 1) return 1;
  }
  return 0;
}

i32 run(i32 n) {
  u32 random = 1812433253u, hash = 1;
  for (i32 i = 0; i < n; i++) {
    u32 candidate = next_random(&random) >> 1 | 0x10001u;
    if (probably_prime(candidate, 2) && probably_prime(candidate, 7) && probably_prime(candidate, 61)) hash = mix(hash, candidate);
  }
  return (i32)hash;
}
