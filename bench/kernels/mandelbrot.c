// f64 in locals: escape times over an n x n grid.
#include "kernel.h"

i32 run(i32 n) {
  u32 hash = 1;
  for (i32 row = 0; row < n; row++) {
    f64 ci = 2.5 * row / n - 1.25;
    u32 line = 0;
    for (i32 column = 0; column < n; column++) {
      f64 cr = 3.0 * column / n - 2.25, zr = 0, zi = 0;
      i32 count = 0;
      while (count < 80) {
        f64 rr = zr * zr, ii = zi * zi;
        if (rr + ii > 4.0) break;
        zi = 2.0 * zr * zi + ci;
        zr = rr - ii + cr;
        count++;
      }
      line = line * 31 + count;
    }
    hash = mix(hash, line);
  }
  return (i32)hash;
}
