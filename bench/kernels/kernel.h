// Shared by every kernel: integer names, checksums, a generator of pseudo-random numbers, a bump allocator and, for the
// freestanding Wasm build, the three memory functions a C compiler may call on its own.
#ifndef KERNEL_H
#define KERNEL_H

typedef signed char i8;
typedef unsigned char u8;
typedef unsigned short u16;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
typedef float f32;
typedef double f64;

#define NOINLINE __attribute__((noinline))
#ifdef __clang__
#define KEEP_CALLS __attribute__((noinline, disable_tail_calls))
#else
#define KEEP_CALLS __attribute__((noinline))
#endif

i32 run(i32 n);

#ifdef __wasm__
typedef __SIZE_TYPE__ size_t;
typedef u32 __attribute__((may_alias)) word_alias;

__attribute__((weak, no_builtin)) void *memset(void *to, int value, size_t count) {
  u8 *p = to;
  u32 word = (u8)value * 0x01010101u;
  for (; count && ((size_t)p & 3); count--) *p++ = (u8)value;
  for (; count >= 4; count -= 4, p += 4) *(word_alias *)p = word;
  for (; count; count--) *p++ = (u8)value;
  return to;
}

__attribute__((weak, no_builtin)) void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  u8 *p = to;
  const u8 *q = from;
  if ((((size_t)p ^ (size_t)q) & 3) == 0) {
    for (; count && ((size_t)p & 3); count--) *p++ = *q++;
    for (; count >= 4; count -= 4, p += 4, q += 4) *(word_alias *)p = *(const word_alias *)q;
  }
  for (; count; count--) *p++ = *q++;
  return to;
}

__attribute__((weak, no_builtin)) void *memmove(void *to, const void *from, size_t count) {
  u8 *p = to;
  const u8 *q = from;
  if (p < q) for (; count; count--) *p++ = *q++;
  else for (; count; count--) p[count - 1] = q[count - 1];
  return to;
}
#else
#include <string.h>
#endif

// Marsaglia's 13/17/5 xorshift.
static inline u32 next_random(u32 *state) {
  u32 x = *state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return *state = x;
}

static inline u32 mix(u32 hash, u32 value) {
  hash = (hash ^ value) * 0x9e3779b1u;
  return hash ^ (hash >> 15);
}

static inline u32 mix64(u32 hash, u64 value) {
  return mix(mix(hash, (u32)value), (u32)(value >> 32));
}

static inline u32 mix_f32(u32 hash, f32 value) {
  union { f32 f; u32 bits; } u = {value};
  return mix(hash, u.bits);
}

static inline u32 mix_f64(u32 hash, f64 value) {
  union { f64 f; u64 bits; } u = {value};
  return mix64(hash, u.bits);
}

#ifdef HEAP_BYTES
static u8 heap[HEAP_BYTES] __attribute__((aligned(16)));
static u32 heap_top;

static inline void heap_reset(void) { heap_top = 0; }

static inline void *heap_alloc(u32 bytes) {
  u32 at = heap_top;
  heap_top = (at + bytes + 15) & ~15u;
  if (heap_top > HEAP_BYTES) __builtin_trap();
  return heap + at;
}
#endif

#endif
