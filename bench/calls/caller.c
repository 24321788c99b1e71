// Call overhead: n calls of an import (a host function, or another instance's export).
__attribute__((import_module("env"), import_name("add"))) int add(int a, int b);

int run(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum = add(sum, i);
  return sum;
}
