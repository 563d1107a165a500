/* System calls that fail when they are told to: a library that is loaded before
   all others (LD_PRELOAD) and, as the same file is a module of Lua, told by the
   script that runs. Only what the program calls itself is seen: what libc
   calls inside is not.

     faults.arm(kind, n, error [, all]): the n-th call of that kind from now fails
       with that errno, `all`: and those after it; error 0 (write): it takes half;
       -1: the process is killed before it
     faults.disarm(): whether one has failed, and the calls from then to now, a
       letter each */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN, WRITE, SYNC, RENAME, LINK, UNLINK, CLOSE, TRUNCATE, SEEK,
            ANY, KINDS };
static const char *const names[KINDS + 1] = {
    "open", "write", "sync", "rename", "link", "unlink", "close", "truncate",
    "seek", "any", NULL
};

static const char letters[KINDS + 1] = "owsrluctka";

static int armed = -1, error, all;
static long left; /* calls until then */
static int fired;
static char calls[200];
static size_t count; /* of them */

/* Whether this call fails; then errno is set. */
static int fails(enum kind kind)
{
    if (count < sizeof calls) calls[count++] = letters[kind];
    if (armed != ANY && (int)kind != armed) return 0;
    if (--left > 0 || (left < 0 && !all)) return 0;
    if (error < 0) kill(getpid(), SIGKILL);
    fired = 1;
    errno = error;
    return 1;
}

/* The function of libc. */
#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, #name)

static mode_t mode_of(int flags, va_list list)
{
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(list, int) : 0;
}

int open(const char *path, int flags, ...)
{
    NEXT(open);
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return fails(OPEN) ? -1 : next(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    NEXT(openat);
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return fails(OPEN) ? -1 : next(folder, path, flags, mode);
}

ssize_t write(int file, const void *data, size_t bytes)
{
    NEXT(write);
    if (!fails(WRITE)) return next(file, data, bytes);
    if (error) return -1;
    return next(file, data, bytes > 1 ? bytes / 2 : bytes);
}

ssize_t pwrite(int file, const void *data, size_t bytes, off_t at)
{
    NEXT(pwrite);
    if (!fails(WRITE)) return next(file, data, bytes, at);
    if (error) return -1;
    return next(file, data, bytes > 1 ? bytes / 2 : bytes, at);
}

ssize_t writev(int file, const struct iovec *list, int n)
{
    NEXT(writev);
    return fails(WRITE) && error ? -1 : next(file, list, n);
}

int fsync(int file)
{
    NEXT(fsync);
    return fails(SYNC) ? -1 : next(file);
}

int fdatasync(int file)
{
    NEXT(fdatasync);
    return fails(SYNC) ? -1 : next(file);
}

int rename(const char *from, const char *to)
{
    NEXT(rename);
    return fails(RENAME) ? -1 : next(from, to);
}

int link(const char *from, const char *to)
{
    NEXT(link);
    return fails(LINK) ? -1 : next(from, to);
}

int unlink(const char *path)
{
    NEXT(unlink);
    return fails(UNLINK) ? -1 : next(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    NEXT(unlinkat);
    return fails(UNLINK) ? -1 : next(folder, path, flags);
}

/* The file is closed all the same, as the system does. */
int close(int file)
{
    NEXT(close);
    int result = next(file);
    return fails(CLOSE) ? -1 : result;
}

int ftruncate(int file, off_t size)
{
    NEXT(ftruncate);
    return fails(TRUNCATE) ? -1 : next(file, size);
}

off_t lseek(int file, off_t at, int from)
{
    NEXT(lseek);
    return fails(SEEK) ? -1 : next(file, at, from);
}

/* ---- for Lua ---- */

static int arm(lua_State *L)
{
    int kind = luaL_checkoption(L, 1, NULL, names);
    left = (long)luaL_checkinteger(L, 2);
    error = (int)luaL_checkinteger(L, 3);
    all = lua_toboolean(L, 4);
    fired = 0;
    count = 0;
    armed = kind;
    return 0;
}

static int disarm(lua_State *L)
{
    armed = -1;
    size_t n = count;
    lua_pushboolean(L, fired);
    lua_pushlstring(L, calls, n);
    return 2;
}

static const luaL_Reg functions[] = {
    { "arm", arm }, { "disarm", disarm }, { NULL, NULL }
};

int luaopen_faults(lua_State *L);

int luaopen_faults(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
