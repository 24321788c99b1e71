// Checks of the C library on files, time and environment: a line for each, and the number that failed as the exit code.
// `check write` works in the directory /data; `check read-only` expects seed.txt there, and that nothing can be changed.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int failed = 0;

static void check(const char *name, int holds) {
  int error = errno;
  if (holds) {
    printf("ok %s\n", name);
    return;
  }
  failed++;
  printf("not ok %s (%s)\n", name, strerror(error));
}

static int contains(const char *path, const char *expected) {
  char text[256];
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  return strcmp(text, expected) == 0;
}

static int refused(int result, int error) { return result == -1 && errno == error; }

static void files(void) {
  FILE *file = fopen("/data/a.txt", "w");
  check("fopen to write", file != NULL);
  check("fprintf", fprintf(file, "%s %d\n", "line", 1) == 7 && fputs("line 2\n", file) >= 0);
  check("fclose", fclose(file) == 0);
  check("fread", contains("/data/a.txt", "line 1\nline 2\n"));

  file = fopen("/data/a.txt", "a");
  check("append", fputs("end", file) >= 0 && fclose(file) == 0 && contains("/data/a.txt", "line 1\nline 2\nend"));
  file = fopen("/data/a.txt", "r+");
  check("fseek and overwrite", fseek(file, -3, SEEK_END) == 0 && ftell(file) == 14 && fputs("END", file) >= 0);
  rewind(file);
  char line[32];
  check("rewind and fgets", fgets(line, sizeof line, file) != NULL && strcmp(line, "line 1\n") == 0);
  fclose(file);
  check("overwritten", contains("/data/a.txt", "line 1\nline 2\nEND"));
  check("truncate", truncate("/data/a.txt", 4) == 0 && contains("/data/a.txt", "line"));

  struct stat status;
  check("stat", stat("/data/a.txt", &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 4);
  struct timespec times[2] = {{.tv_sec = 1000000000, .tv_nsec = 0}, {.tv_sec = 1234567890, .tv_nsec = 0}};
  check("utimensat", utimensat(AT_FDCWD, "/data/a.txt", times, 0) == 0 && stat("/data/a.txt", &status) == 0 &&
                         status.st_mtim.tv_sec == 1234567890 && status.st_atim.tv_sec == 1000000000);

  int fd = open("/data/b.bin", O_RDWR | O_CREAT | O_EXCL, 0666);
  check("open exclusively", fd >= 0 && refused(open("/data/b.bin", O_CREAT | O_EXCL | O_WRONLY, 0666), EEXIST));
  check("pwrite leaves a hole", pwrite(fd, "x", 1, 9) == 1 && lseek(fd, 0, SEEK_END) == 10 && lseek(fd, 0, SEEK_SET) == 0);
  check("pread", pread(fd, line, 10, 0) == 10 && line[0] == 0 && line[9] == 'x');
  check("close", close(fd) == 0 && refused((int)read(fd, line, 1), EBADF));

  check("rename over a file", rename("/data/a.txt", "/data/b.bin") == 0 && contains("/data/b.bin", "line"));
  check("the old name is gone", refused(access("/data/a.txt", F_OK), ENOENT));
  check("link", link("/data/b.bin", "/data/c.bin") == 0 && contains("/data/c.bin", "line"));
  check("symlink", symlink("b.bin", "/data/s") == 0 && contains("/data/s", "line"));
  check("readlink", readlink("/data/s", line, sizeof line) == 5 && memcmp(line, "b.bin", 5) == 0);
  check("lstat", lstat("/data/s", &status) == 0 && S_ISLNK(status.st_mode));
  check("unlink", unlink("/data/s") == 0 && unlink("/data/c.bin") == 0 && unlink("/data/b.bin") == 0);
  check("unlink what is not there", refused(unlink("/data/b.bin"), ENOENT));
}

static void directories(void) {
  check("mkdir", mkdir("/data/dir", 0777) == 0 && refused(mkdir("/data/dir", 0777), EEXIST));
  for (int i = 0; i < 40; i++) {
    char path[64];
    snprintf(path, sizeof path, "/data/dir/a long name, so that buffers fill %d", i);
    fclose(fopen(path, "w"));
  }
  DIR *directory = opendir("/data/dir");
  int seen = 0, sum = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    seen++;
    sum += atoi(strrchr(entry->d_name, ' '));
  }
  closedir(directory);
  check("readdir", seen == 40 && sum == 780);
  check("rmdir of one that is not empty", refused(rmdir("/data/dir"), ENOTEMPTY));
  for (int i = 0; i < 40; i++) {
    char path[64];
    snprintf(path, sizeof path, "/data/dir/a long name, so that buffers fill %d", i);
    unlink(path);
  }
  check("rmdir", rmdir("/data/dir") == 0);
  check("a file is no directory", opendir("/data/seed.txt") == NULL && errno == ENOTDIR);
  check("nothing outside", open("/data/../../etc/passwd", O_RDONLY) == -1);
}

static void readOnly(void) {
  check("read", contains("/data/seed.txt", "seed\n"));
  check("no open to write", refused(open("/data/seed.txt", O_WRONLY), EROFS));
  check("no new file", fopen("/data/new.txt", "w") == NULL && errno == EROFS);
  check("no mkdir", refused(mkdir("/data/dir", 0777), EROFS));
  check("no rename", refused(rename("/data/seed.txt", "/data/other.txt"), EROFS));
  check("no unlink", refused(unlink("/data/seed.txt"), EROFS));
  check("no symlink", refused(symlink("seed.txt", "/data/s"), EROFS));
  check("no utimensat", refused(utimensat(AT_FDCWD, "/data/seed.txt", NULL, 0), EROFS));
  check("still there", contains("/data/seed.txt", "seed\n"));
}

static void environment(int argc, char **argv) {
  check("arguments", argc == 4 && strcmp(argv[2], "two words") == 0 && strcmp(argv[3], "é") == 0);
  check("getenv", getenv("GREETING") != NULL && strcmp(getenv("GREETING"), "hello, wörld") == 0);
  check("getenv of nothing", getenv("NOTHING") == NULL && strcmp(getenv("EMPTY"), "") == 0);
  check("setenv", setenv("GREETING", "other", 1) == 0 && strcmp(getenv("GREETING"), "other") == 0);
}

static void timeOfDay(void) {
  time_t now = time(NULL);
  struct tm *parts = gmtime(&now);
  char text[64];
  strftime(text, sizeof text, "%Y-%m-%d %H:%M", parts);
  printf("%s\n", text);
  struct timespec before, after;
  struct timespec pause = {.tv_sec = 0, .tv_nsec = 20000000};
  clock_gettime(CLOCK_MONOTONIC, &before);
  check("nanosleep", nanosleep(&pause, NULL) == 0);
  clock_gettime(CLOCK_MONOTONIC, &after);
  long long passed = (after.tv_sec - before.tv_sec) * 1000000000ll + (after.tv_nsec - before.tv_nsec);
  check("the clock went on", passed >= 20000000 && passed < 10000000000);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOFBF, 4096);
  environment(argc, argv);
  timeOfDay();
  if (strcmp(argv[1], "write") == 0) {
    files();
    directories();
  } else {
    readOnly();
  }
  return failed;
}
