// Stands between a program and the kernel (LD_PRELOAD) and counts every call that changes something under one folder: the effects.
// At a chosen effect it kills the process, or lets calls fail as a real disk would. What SQLite and the journal get are real results.
//
//   STEADFAST_FAULT_ROOT   the folder; nothing else is counted or touched
//   STEADFAST_FAULT_LOG    a file that gets a line "<index> <call> <path> <details>" per effect, and "out <text>" per line on
//                          stdout, under whatever number it is open
//   STEADFAST_FAULT_KILL   "<index>:before|after|middle": SIGKILL there; middle writes half of the bytes first
//   STEADFAST_FAULT_FAIL   "<from>:<until>:<errno>:<classes>": effects from..=until (0: no end) of these classes fail; a class is
//                          w (write), s (sync), n (new name: create, mkdir, rename), r (removal), t (truncate, allocate)
//   STEADFAST_FAULT_SHORT  "1": the first write that would fail writes half of its bytes instead, as a full disk does
//   STEADFAST_FAULT_WHILE  calls fail only while this file exists
//
// Calls that do not go through libc are out of its reach; of Steadfast's that is fallocate(2) for the reserve.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOT_OURS, GO_ON, FAIL, HALF, KILL_BEFORE, KILL_MIDDLE, KILL_AFTER };

static struct {
    char root[4096];
    size_t root_length;
    char gate[4096];
    char out[4096];
    int log;
    long index;
    long kill_index;
    int kill_mode;
    long fail_from, fail_until;
    int fail_errno;
    char fail_classes[16];
    int short_write;
} fault = {.log = -1};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int path_of_fd(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, 4095);
    path[length > 0 ? length : 0] = 0;
    return length > 0;
}

__attribute__((constructor)) static void setup(void) {
    const char *root = getenv("STEADFAST_FAULT_ROOT");
    if (!root || strlen(root) >= sizeof fault.root) return;
    strcpy(fault.root, root);
    const char *log = getenv("STEADFAST_FAULT_LOG");
    if (log && path_of_fd(STDOUT_FILENO, fault.out)) fault.log = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const char *kill_at = getenv("STEADFAST_FAULT_KILL");
    char mode[16] = "";
    if (kill_at && sscanf(kill_at, "%ld:%15s", &fault.kill_index, mode) == 2)
        fault.kill_mode = !strcmp(mode, "before") ? KILL_BEFORE : !strcmp(mode, "middle") ? KILL_MIDDLE : KILL_AFTER;
    const char *fail = getenv("STEADFAST_FAULT_FAIL");
    if (fail) sscanf(fail, "%ld:%ld:%d:%15s", &fault.fail_from, &fault.fail_until, &fault.fail_errno, fault.fail_classes);
    fault.short_write = getenv("STEADFAST_FAULT_SHORT") != NULL;
    const char *gate = getenv("STEADFAST_FAULT_WHILE");
    if (gate && strlen(gate) < sizeof fault.gate) strcpy(fault.gate, gate);
    fault.root_length = strlen(fault.root);
}

static int under_root(const char *path) {
    return fault.root_length && !strncmp(path, fault.root, fault.root_length) &&
           (path[fault.root_length] == '/' || path[fault.root_length] == 0);
}

static void path_at(int folder, const char *name, char *path) {
    if (name[0] == '/' || folder == AT_FDCWD || !path_of_fd(folder, path)) {
        snprintf(path, 4096, "%s", name);
    } else {
        size_t length = strlen(path);
        snprintf(path + length, 4096 - length, "/%s", name);
    }
}

static void log_line(const char *format, ...) {
    if (fault.log < 0) return;
    char line[9000];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    syscall(SYS_write, fault.log, line, length < (int)sizeof line ? length : (int)sizeof line - 1);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

// Counts an effect and says what becomes of it. The lock is held until `done`, so the log is in the order of the effects.
static int begin(const char *call, char class, const char *path, const char *details) {
    if (!fault.root_length || !under_root(path)) return NOT_OURS;
    pthread_mutex_lock(&mutex);
    long index = ++fault.index;
    log_line("%ld %s %s %s\n", index, call, path, details);
    if (fault.kill_mode && index == fault.kill_index) {
        log_line("killed %ld\n", index);
        if (fault.kill_mode == KILL_BEFORE) die();
        return fault.kill_mode;
    }
    if (fault.fail_from && index >= fault.fail_from && (!fault.fail_until || index <= fault.fail_until) &&
        strchr(fault.fail_classes, class) &&
        (!fault.gate[0] || syscall(SYS_faccessat, AT_FDCWD, fault.gate, F_OK, 0) == 0)) {
        if (fault.short_write && class == 'w') {
            fault.short_write = 0;
            log_line("halved %ld\n", index);
            return HALF;
        }
        log_line("failed %ld\n", index);
        return FAIL;
    }
    return GO_ON;
}

static long done(int verdict, long result) {
    if (verdict == NOT_OURS) return result;
    int error = errno;
    if (verdict == KILL_AFTER || verdict == KILL_MIDDLE) die();
    pthread_mutex_unlock(&mutex);
    errno = error;
    return result;
}

static long refuse(void) {
    pthread_mutex_unlock(&mutex);
    errno = fault.fail_errno;
    return -1;
}

static size_t cut(int verdict, size_t count) { return verdict == HALF || verdict == KILL_MIDDLE ? (count + 1) / 2 : count; }

ssize_t write(int fd, const void *bytes, size_t count) {
    char path[8192], details[64];
    if (!fault.root_length || !path_of_fd(fd, path)) return syscall(SYS_write, fd, bytes, count);
    if (fault.log >= 0 && !strcmp(path, fault.out)) {
        pthread_mutex_lock(&mutex);
        log_line("out %.*s", (int)count, (const char *)bytes);
        pthread_mutex_unlock(&mutex);
    }
    snprintf(details, sizeof details, "%zu", count);
    int verdict = begin("write", 'w', path, details);
    if (verdict == FAIL) return refuse();
    return done(verdict, syscall(SYS_write, fd, bytes, cut(verdict, count)));
}

static ssize_t write_at(int fd, const void *bytes, size_t count, off_t offset) {
    char path[8192], details[64];
    if (!fault.root_length || !path_of_fd(fd, path)) return syscall(SYS_pwrite64, fd, bytes, count, offset);
    snprintf(details, sizeof details, "%zu@%lld", count, (long long)offset);
    int verdict = begin("pwrite", 'w', path, details);
    if (verdict == FAIL) return refuse();
    return done(verdict, syscall(SYS_pwrite64, fd, bytes, cut(verdict, count), offset));
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return write_at(fd, bytes, count, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) { return write_at(fd, bytes, count, offset); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    char path[8192], details[64];
    if (!fault.root_length || !path_of_fd(fd, path)) return syscall(SYS_writev, fd, parts, count);
    snprintf(details, sizeof details, "%d parts", count);
    int verdict = begin("writev", 'w', path, details);
    if (verdict == FAIL) return refuse();
    if ((verdict == HALF || verdict == KILL_MIDDLE) && count > 0)
        return done(verdict, syscall(SYS_write, fd, parts[0].iov_base, cut(verdict, parts[0].iov_len)));
    return done(verdict, syscall(SYS_writev, fd, parts, count));
}

static int on_fd(const char *call, char class, int fd, long number, long a, long b, long c) {
    char path[8192], details[64] = "";
    if (!fault.root_length || !path_of_fd(fd, path)) return syscall(number, fd, a, b, c);
    if (class == 't') snprintf(details, sizeof details, "%ld", a);
    int verdict = begin(call, class, path, details);
    if (verdict == FAIL) return refuse();
    return done(verdict, syscall(number, fd, a, b, c));
}

int fsync(int fd) { return on_fd("fsync", 's', fd, SYS_fsync, 0, 0, 0); }
int fdatasync(int fd) { return on_fd("fdatasync", 's', fd, SYS_fdatasync, 0, 0, 0); }
int ftruncate(int fd, off_t length) { return on_fd("ftruncate", 't', fd, SYS_ftruncate, length, 0, 0); }
int ftruncate64(int fd, off64_t length) { return on_fd("ftruncate", 't', fd, SYS_ftruncate, length, 0, 0); }
int fallocate(int fd, int mode, off_t from, off_t length) { return on_fd("fallocate", 't', fd, SYS_fallocate, mode, from, length); }
int fallocate64(int fd, int mode, off64_t from, off64_t length) { return fallocate(fd, mode, from, length); }

static int named(const char *call, char class, int folder, const char *name, const char *details, long number, long a, long b, long c, long d) {
    char path[8192];
    path_at(folder, name, path);
    int verdict = begin(call, class, path, details);
    if (verdict == FAIL) return refuse();
    return done(verdict, syscall(number, a, b, c, d, 0));
}

int rename(const char *from, const char *to) {
    return named("rename", 'n', AT_FDCWD, from, to, SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return named("rename", 'n', from_folder, from, to, SYS_renameat2, from_folder, (long)from, to_folder, (long)to);
}
int unlink(const char *name) {
    return named("unlink", 'r', AT_FDCWD, name, "", SYS_unlinkat, AT_FDCWD, (long)name, 0, 0);
}
int unlinkat(int folder, const char *name, int flags) {
    return named(flags & AT_REMOVEDIR ? "rmdir" : "unlink", 'r', folder, name, "", SYS_unlinkat, folder, (long)name, flags, 0);
}
int rmdir(const char *name) {
    return named("rmdir", 'r', AT_FDCWD, name, "", SYS_unlinkat, AT_FDCWD, (long)name, AT_REMOVEDIR, 0);
}
int mkdir(const char *name, mode_t mode) {
    return named("mkdir", 'n', AT_FDCWD, name, "", SYS_mkdirat, AT_FDCWD, (long)name, mode, 0);
}
int mkdirat(int folder, const char *name, mode_t mode) {
    return named("mkdir", 'n', folder, name, "", SYS_mkdirat, folder, (long)name, mode, 0);
}

static int open_at(int folder, const char *name, int flags, mode_t mode) {
    // Opening what exists changes nothing, unless it empties it.
    if (!fault.root_length || !(flags & (O_CREAT | O_TRUNC)) ||
        (!(flags & O_TRUNC) && syscall(SYS_faccessat, folder, name, F_OK, 0) == 0))
        return syscall(SYS_openat, folder, name, flags, mode);
    return named("create", 'n', folder, name, flags & O_TRUNC ? "truncated" : "", SYS_openat, folder, (long)name, flags, mode);
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list arguments; \
        va_start(arguments, flags); \
        mode = va_arg(arguments, mode_t); \
        va_end(arguments); \
    }

int open(const char *name, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, name, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE(flags) return open_at(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE(flags) return open_at(folder, name, flags | O_LARGEFILE, mode); }
