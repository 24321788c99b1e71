// Serves one connection after the other and sends back what comes, until a connection sends "quit".
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  for (;;) {
    int connection = accept(3, NULL, NULL); // the first descriptor behind the standard streams
    if (connection < 0) return 1;
    char buffer[4096];
    ssize_t length;
    while ((length = recv(connection, buffer, sizeof buffer, 0)) > 0) {
      if (length >= 4 && memcmp(buffer, "quit", 4) == 0) return 0;
      for (ssize_t sent = 0; sent < length;) {
        ssize_t count = send(connection, buffer + sent, length - sent, 0);
        if (count < 0) return 2;
        sent += count;
      }
    }
    shutdown(connection, SHUT_RDWR);
    close(connection);
  }
}
