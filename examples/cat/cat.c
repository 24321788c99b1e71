// Copies standard input to standard output, byte for byte.
#include <stdio.h>
#include <unistd.h>

int main(void) {
  char buffer[4096];
  ssize_t length;
  while ((length = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
    for (ssize_t written = 0; written < length;) {
      ssize_t n = write(STDOUT_FILENO, buffer + written, length - written);
      if (n < 0) return perror("write"), 1;
      written += n;
    }
  }
  if (length < 0) return perror("read"), 1;
  return 0;
}
