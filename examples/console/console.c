// Uses each part of a console program's world: arguments, environment, clocks, sleep, random bytes, both output streams, an exit code.
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long nanoseconds(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now) != 0) return -1;
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int by_text(const void *a, const void *b) {
  const char *x = *(char *const *)a, *y = *(char *const *)b;
  while (*x && *x == *y) x++, y++;
  return (unsigned char)*x - (unsigned char)*y;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);

  int count = 0;
  while (environ[count]) count++;
  qsort(environ, count, sizeof *environ, by_text);
  for (int i = 0; i < count; i++) printf("variable: %s\n", environ[i]);

  printf("wall clock: %s\n", nanoseconds(CLOCK_REALTIME) > 0 ? "runs" : "stands");
  long long before = nanoseconds(CLOCK_MONOTONIC);
  struct timespec pause = {0, 5000000};
  nanosleep(&pause, NULL);
  printf("sleep of 5 ms: %s\n", nanoseconds(CLOCK_MONOTONIC) - before >= 5000000 ? "slept" : "too short");
  printf("yield: %d\n", sched_yield());

  unsigned char a[16] = {0}, b[16] = {0};
  int same = 0;
  getentropy(a, sizeof a);
  getentropy(b, sizeof b);
  for (int i = 0; i < 16; i++) same += a[i] == b[i];
  printf("random: %s\n", same < 16 ? "two draws differ" : "two draws are equal");

  fprintf(stderr, "to standard error\n");
  return 3;
}
