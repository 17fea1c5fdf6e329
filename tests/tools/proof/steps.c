// Counts every call that changes the file system under a folder, and at one of them kills the process or lets it fail.
// Preloaded (LD_PRELOAD) before the C library, so that calls of Python and of DuckDB are counted alike.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long counted, at;
static int error_at, log_fd = -1;

// From now on count under `under`; at call `when` (0: never) kill, or fail from then on with errno `error`.
void steps_arm(const char *under, long when, int error, int log) {
    strncpy(folder, under, sizeof folder - 1);
    counted = 0, at = when, error_at = error, log_fd = log;
}

static int under(const char *path) { return strncmp(path, folder, strlen(folder)) == 0; }

// Count a call; returns 1 where it must fail. `full`: a full disk stops this call.
static int step(const char *call, const char *path, int full) {
    if (!*folder || !under(path)) return 0;
    long number = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
    if (log_fd >= 0) {
        char line[PATH_MAX + 32];
        int length = snprintf(line, sizeof line, "%s %s\n", call, path + strlen(folder));
        syscall(SYS_write, log_fd, line, (size_t)length);
    }
    if (!at || number < at) return 0;
    if (!error_at) {
        syscall(SYS_kill, getpid(), SIGKILL);
        for (;;) pause();
    }
    if (!full) return 0;
    errno = error_at;
    return 1;
}

static int step_fd(const char *call, int fd, int full) {
    if (!*folder) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return step(call, path, full);
}

static int step_at(const char *call, int dir, const char *name, int full) {
    if (!*folder) return 0;
    if (*name == '/' || dir == AT_FDCWD) return step(call, name, full);
    char link[64], path[PATH_MAX * 2];
    snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    snprintf(path + length, sizeof path - (size_t)length, "/%s", name);
    return step(call, path, full);
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define WRITES (O_CREAT | O_TRUNC)
#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE REAL(open); return (flags & WRITES) && step("open", path, 1) ? -1 : real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE REAL(open64); return (flags & WRITES) && step("open", path, 1) ? -1 : real(path, flags, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE REAL(openat); return (flags & WRITES) && step_at("open", dir, path, 1) ? -1 : real(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE REAL(openat64); return (flags & WRITES) && step_at("open", dir, path, 1) ? -1 : real(dir, path, flags, mode); }

#define BY_FD(kind, name, full, args, use) kind name args { REAL(name); return step_fd(#name, fd, full) ? -1 : real use; }
BY_FD(ssize_t, write, 1, (int fd, const void *from, size_t size), (fd, from, size))
BY_FD(ssize_t, pwrite, 1, (int fd, const void *from, size_t size, off_t where), (fd, from, size, where))
BY_FD(ssize_t, pwrite64, 1, (int fd, const void *from, size_t size, off64_t where), (fd, from, size, where))
BY_FD(ssize_t, writev, 1, (int fd, const struct iovec *from, int count), (fd, from, count))
BY_FD(ssize_t, sendfile, 1, (int fd, int in, off_t *where, size_t size), (fd, in, where, size))
BY_FD(ssize_t, sendfile64, 1, (int fd, int in, off64_t *where, size_t size), (fd, in, where, size))
BY_FD(int, fsync, 1, (int fd), (fd))
BY_FD(int, fdatasync, 1, (int fd), (fd))
BY_FD(int, ftruncate, 0, (int fd, off_t size), (fd, size))
BY_FD(int, ftruncate64, 0, (int fd, off64_t size), (fd, size))
BY_FD(int, fchmod, 0, (int fd, mode_t mode), (fd, mode))

#define BY_PATH(name, full, args, use) int name args { REAL(name); return step(#name, path, full) ? -1 : real use; }
BY_PATH(rename, 1, (const char *path, const char *to), (path, to))
BY_PATH(unlink, 0, (const char *path), (path))
BY_PATH(rmdir, 0, (const char *path), (path))
BY_PATH(mkdir, 1, (const char *path, mode_t mode), (path, mode))
BY_PATH(chmod, 0, (const char *path, mode_t mode), (path, mode))
BY_PATH(truncate, 0, (const char *path, off_t size), (path, size))
BY_PATH(link, 1, (const char *path, const char *to), (path, to))

int unlinkat(int dir, const char *name, int flags) { REAL(unlinkat); return step_at("unlink", dir, name, 0) ? -1 : real(dir, name, flags); }
int mkdirat(int dir, const char *name, mode_t mode) { REAL(mkdirat); return step_at("mkdir", dir, name, 1) ? -1 : real(dir, name, mode); }
int renameat(int dir, const char *name, int to, const char *as) { REAL(renameat); return step_at("rename", dir, name, 1) ? -1 : real(dir, name, to, as); }
int linkat(int dir, const char *name, int to, const char *as, int flags) { REAL(linkat); return step_at("link", dir, name, 1) ? -1 : real(dir, name, to, as, flags); }
