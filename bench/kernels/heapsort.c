// Sorting f64: heapsort of n random numbers (n up to 131072).
#include "kernel.h"

#define MOST 131072
static f64 item[MOST];

static NOINLINE void sift(f64 *a, i32 at, i32 count) {
  f64 value = a[at];
  for (;;) {
    i32 child = at * 2 + 1;
    if (child >= count) break;
    if (child + 1 < count && a[child] < a[child + 1]) child++;
    if (value >= a[child]) break;
    a[at] = a[child];
    at = child;
  }
  a[at] = value;
}

i32 run(i32 n) {
  u32 random = 987654321u, hash = 1;
  for (i32 i = 0; i < n; i++) item[i] = (i32)next_random(&random) / 1024.0;
  for (i32 i = n / 2 - 1; i >= 0; i--) sift(item, i, n);
  for (i32 last = n - 1; last > 0; last--) {
    f64 top = item[0];
    item[0] = item[last];
    item[last] = top;
    sift(item, 0, last);
  }
  for (i32 i = 1; i < n; i++) if (item[i - 1] > item[i]) return -1;
  for (i32 i = 0; i < n; i += 5) hash = mix_f64(hash, item[i]);
  return (i32)hash;
}
