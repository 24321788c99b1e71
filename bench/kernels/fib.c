// Recursion: two calls per call and nothing else.
#include "kernel.h"

static KEEP_CALLS i32 fib(i32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

i32 run(i32 n) { return fib(n); }
