// Shared by the kernels of vectors: GNU vector types, which gcc and clang compile for any machine, and what only Wasm has, with loops that
// do the same elsewhere.
#ifndef VECTOR_H
#define VECTOR_H

typedef u8 u8x16 __attribute__((vector_size(16)));
typedef i8 i8x16 __attribute__((vector_size(16)));
typedef short i16x8 __attribute__((vector_size(16)));
typedef u32 u32x4 __attribute__((vector_size(16)));
typedef f32 f32x4 __attribute__((vector_size(16)));
typedef f64 f64x2 __attribute__((vector_size(16)));
typedef u8 u8x8 __attribute__((vector_size(8)));

// Loads and stores at any address.
#define LOAD(type, from) ({ type value_; __builtin_memcpy(&value_, (from), sizeof value_); value_; })
#define STORE(to, value) do { __typeof__(value) value_ = (value); __builtin_memcpy((to), &value_, sizeof value_); } while (0)

#ifdef __wasm__
#include <wasm_simd128.h>

static inline u32 sign_bits(i8x16 a) { return wasm_i8x16_bitmask((v128_t)a); }
static inline u8x16 look_up(u8x16 table, u8x16 at) { return (u8x16)wasm_i8x16_swizzle((v128_t)table, (v128_t)at); }
static inline u8x16 less_or_zero(u8x16 a, u8x16 b) { return (u8x16)wasm_u8x16_sub_sat((v128_t)a, (v128_t)b); }
static inline u8x16 clamp_to_bytes(i16x8 a, i16x8 b) { return (u8x16)wasm_u8x16_narrow_i16x8((v128_t)a, (v128_t)b); }
static inline i16x8 widen_bytes(const u8 *from) { return (i16x8)wasm_u16x8_load8x8(from); }
#else
static inline u32 sign_bits(i8x16 a) {
  u32 bits = 0;
  for (i32 i = 0; i < 16; i++) bits |= (u32)(a[i] < 0) << i;
  return bits;
}

static inline u8x16 look_up(u8x16 table, u8x16 at) {
  u8x16 found;
  for (i32 i = 0; i < 16; i++) found[i] = at[i] < 16 ? table[at[i]] : 0;
  return found;
}

static inline u8x16 less_or_zero(u8x16 a, u8x16 b) {
  for (i32 i = 0; i < 16; i++) a[i] = a[i] > b[i] ? a[i] - b[i] : 0;
  return a;
}

static inline u8 to_byte(i32 value) { return (u8)(value < 0 ? 0 : value > 255 ? 255 : value); }

static inline u8x16 clamp_to_bytes(i16x8 a, i16x8 b) {
  u8x16 bytes;
  for (i32 i = 0; i < 8; i++) bytes[i] = to_byte(a[i]), bytes[i + 8] = to_byte(b[i]);
  return bytes;
}

static inline i16x8 widen_bytes(const u8 *from) {
  i16x8 wide;
  for (i32 i = 0; i < 8; i++) wide[i] = from[i];
  return wide;
}
#endif

#endif
