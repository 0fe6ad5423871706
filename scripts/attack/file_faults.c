/* Preloaded into a JVM: counts what it does to files below one folder, and lets the n-th of these calls, or all from the n-th on,
 * fail as a full disk (writing, creating) or a broken one (reading, flushing, renaming) does. Started by FileFaultTest. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { CHANGE, EVERY_CHANGE, READ };

static atomic_long calls, fail_at;
static enum kind watched;
static char folder[PATH_MAX];

/* Watches calls of a kind below this folder from now on; the n-th fails (EVERY_CHANGE: the later ones too), none if n is 0. */
void file_faults_begin(const char *below, long n, int kind) {
  snprintf(folder, sizeof folder, "%s", below);
  watched = (enum kind)kind;
  atomic_store(&calls, 0);
  atomic_store(&fail_at, n);
}

/* Calls since then. */
long file_faults_calls(void) { return atomic_load(&calls); }

static int hits_path(int reads, const char *path) {
  if (folder[0] == 0 || reads != (watched == READ) || strncmp(path, folder, strlen(folder)) != 0) return 0;
  long call = atomic_fetch_add(&calls, 1) + 1, n = atomic_load(&fail_at);
  return n > 0 && (watched == EVERY_CHANGE ? call >= n : call == n);
}

static int hits(int reads, int fd) {
  char link[64], path[PATH_MAX];
  if (folder[0] == 0 || reads != (watched == READ)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return hits_path(reads, path);
}

#define FAIL(error) return errno = (error), -1
#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t read(int fd, void *bytes, size_t count) {
  REAL(ssize_t, read, int, void *, size_t);
  if (hits(1, fd)) FAIL(EIO);
  return real(fd, bytes, count);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) {
  REAL(ssize_t, pread64, int, void *, size_t, off64_t);
  if (hits(1, fd)) FAIL(EIO);
  return real(fd, bytes, count, at);
}

ssize_t readv(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, readv, int, const struct iovec *, int);
  if (hits(1, fd)) FAIL(EIO);
  return real(fd, parts, count);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(ssize_t, write, int, const void *, size_t);
  if (hits(0, fd)) FAIL(ENOSPC);
  return real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  if (hits(0, fd)) FAIL(ENOSPC);
  return real(fd, bytes, count, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  if (hits(0, fd)) FAIL(ENOSPC);
  return real(fd, parts, count);
}

int ftruncate64(int fd, off64_t length) {
  REAL(int, ftruncate64, int, off64_t);
  if (hits(0, fd)) FAIL(EIO);
  return real(fd, length);
}

int fsync(int fd) {
  REAL(int, fsync, int);
  if (hits(0, fd)) FAIL(EIO);
  return real(fd);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  if (hits(0, fd)) FAIL(EIO);
  return real(fd);
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  if (hits_path(0, to)) FAIL(EIO);
  return real(from, to);
}

int open64(const char *path, int flags, ...) {
  REAL(int, open64, const char *, int, ...);
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_CREAT) && hits_path(0, path)) FAIL(ENOSPC);
  return real(path, flags, mode);
}
