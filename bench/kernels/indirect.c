// Indirect calls: n turns over a table of twelve small functions and a list of objects with methods.
#include "kernel.h"

typedef u32 (*operation)(u32, u32);

static u32 op_add(u32 a, u32 b) { return a + b; }
static u32 op_sub(u32 a, u32 b) { return a - b; }
static u32 op_xor(u32 a, u32 b) { return a ^ b; }
static u32 op_or(u32 a, u32 b) { return (a | b) + 1; }
static u32 op_and(u32 a, u32 b) { return (a & b) - 3; }
static u32 op_mul(u32 a, u32 b) { return a * (b | 1); }
static u32 op_shl(u32 a, u32 b) { return a << (b & 7) ^ b; }
static u32 op_shr(u32 a, u32 b) { return (a >> (b & 7)) + b; }
static u32 op_rot(u32 a, u32 b) { return a << 9 ^ a >> 23 ^ b; }
static u32 op_min(u32 a, u32 b) { return a < b ? a + 5 : b + 7; }
static u32 op_max(u32 a, u32 b) { return a > b ? a - 5 : b - 7; }
static u32 op_not(u32 a, u32 b) { return ~a + b; }

static operation volatile table[16] = {op_add, op_sub, op_xor, op_or, op_and, op_mul, op_shl, op_shr,
                                       op_rot, op_min, op_max, op_not, op_add, op_xor, op_mul, op_rot};

struct shape;
struct methods {
  i32 (*area)(const struct shape *);
  void (*grow)(struct shape *, i32);
};
struct shape {
  const struct methods *methods;
  i32 a, b;
};

static i32 box_area(const struct shape *s) { return s->a * s->b; }
static void box_grow(struct shape *s, i32 by) { s->a = (s->a + by) & 255; }
static i32 wedge_area(const struct shape *s) { return s->a * s->b >> 1; }
static void wedge_grow(struct shape *s, i32 by) { s->b = (s->b + by) & 127; }
static i32 disc_area(const struct shape *s) { return s->a * s->a * 201 >> 6; }
static void disc_grow(struct shape *s, i32 by) { s->a = (s->a ^ by) & 63; s->b++; }

static const struct methods kinds[3] = {{box_area, box_grow}, {wedge_area, wedge_grow}, {disc_area, disc_grow}};
static struct shape shapes[16];

i32 run(i32 n) {
  u32 x = 12345u, y = 67890u;
  for (i32 i = 0; i < 16; i++) {
    shapes[i].methods = &kinds[i * 5 % 3];
    shapes[i].a = i + 3;
    shapes[i].b = 20 - i;
  }
  for (i32 i = 0; i < n; i++) {
    u32 t = table[(x ^ x >> 11) & 15](x, y);
    y = table[(t + i) & 15](y, t);
    x = t;
    struct shape *s = &shapes[(x + i) & 15];
    x += (u32)s->methods->area(s);
    s->methods->grow(s, i & 31);
  }
  return (i32)mix(mix(1, x), y);
}
