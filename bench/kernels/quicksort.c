// Sorting i32: quicksort of n random numbers (n up to 262144) with insertion sort for short runs.
#include "kernel.h"

#define MOST 262144
static i32 item[MOST];

static NOINLINE void sort(i32 *a, i32 low, i32 high) {
  while (high - low > 12) {
    i32 middle = low + (high - low) / 2;
    i32 x = a[low], y = a[middle], z = a[high];
    i32 pivot = x < y ? (y < z ? y : x < z ? z : x) : (x < z ? x : y < z ? z : y);
    i32 i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        i32 t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (j - low < high - i) {
      sort(a, low, j);
      low = i;
    } else {
      sort(a, i, high);
      high = j;
    }
  }
  for (i32 i = low + 1; i <= high; i++) {
    i32 t = a[i], j = i - 1;
    for (; j >= low && a[j] > t; j--) a[j + 1] = a[j];
    a[j + 1] = t;
  }
}

i32 run(i32 n) {
  u32 random = 2463534242u, hash = 1;
  for (i32 i = 0; i < n; i++) item[i] = (i32)next_random(&random);
  sort(item, 0, n - 1);
  for (i32 i = 1; i < n; i++) if (item[i - 1] > item[i]) return -1;
  for (i32 i = 0; i < n; i += 7) hash = mix(hash, (u32)item[i]);
  return (i32)hash;
}
