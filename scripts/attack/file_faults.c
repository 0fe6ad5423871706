/* Preloaded into a JVM: counts what it does to files below one folder, and lets the n-th of these calls fail as a full disk
 * (writing, creating) or a broken one (flushing, renaming) does. Started by FileFaultTest. */
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

static atomic_long calls, fail_at;
static char folder[PATH_MAX];

/* Watches calls below this folder from now on; the n-th fails, none if n is 0. */
void file_faults_begin(const char *below, long n) {
  snprintf(folder, sizeof folder, "%s", below);
  atomic_store(&calls, 0);
  atomic_store(&fail_at, n);
}

/* Calls since then. */
long file_faults_calls(void) { return atomic_load(&calls); }

static int hits_path(const char *path) {
  if (folder[0] == 0 || strncmp(path, folder, strlen(folder)) != 0) return 0;
  return atomic_fetch_add(&calls, 1) + 1 == atomic_load(&fail_at);
}

static int hits(int fd) {
  char link[64], path[PATH_MAX];
  if (folder[0] == 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return hits_path(path);
}

#define FAIL(error) return errno = (error), -1
#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(ssize_t, write, int, const void *, size_t);
  if (hits(fd)) FAIL(ENOSPC);
  return real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  if (hits(fd)) FAIL(ENOSPC);
  return real(fd, bytes, count, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  if (hits(fd)) FAIL(ENOSPC);
  return real(fd, parts, count);
}

int ftruncate64(int fd, off64_t length) {
  REAL(int, ftruncate64, int, off64_t);
  if (hits(fd)) FAIL(EIO);
  return real(fd, length);
}

int fsync(int fd) {
  REAL(int, fsync, int);
  if (hits(fd)) FAIL(EIO);
  return real(fd);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  if (hits(fd)) FAIL(EIO);
  return real(fd);
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  if (hits_path(to)) FAIL(EIO);
  return real(from, to);
}

int open64(const char *path, int flags, ...) {
  REAL(int, open64, const char *, int, ...);
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_CREAT) && hits_path(path)) FAIL(ENOSPC);
  return real(path, flags, mode);
}
