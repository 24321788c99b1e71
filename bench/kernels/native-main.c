// The cross-check: a kernel compiled for this machine. Prints run(n) for every n given, and the best time of three in milliseconds.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int run(int n);

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    int n = atoi(arguments[i]), result = 0;
    double best = 1e9;
    for (int k = 0; k < 3; k++) {
      double start = now();
      result = run(n);
      double took = now() - start;
      if (took < best) best = took;
    }
    printf("%d %d %.3f\n", n, result, best);
  }
  return 0;
}
