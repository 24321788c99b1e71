// Call overhead: the function that is called, from the host or from another instance.
int add(int a, int b) { return a + b; }
