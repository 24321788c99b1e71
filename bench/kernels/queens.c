// Recursion with bit sets: the number of ways to put n queens on an n x n board.
#include "kernel.h"

static KEEP_CALLS i32 place(u32 all, u32 columns, u32 left, u32 right) {
  if (columns == all) return 1;
  i32 found = 0;
  u32 open = all & ~(columns | left | right);
  while (open) {
    u32 bit = open & -open;
    open ^= bit;
    found += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return found;
}

i32 run(i32 n) { return place((1u << n) - 1, 0, 0, 0); }
