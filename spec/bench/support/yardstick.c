/* What the machine can do, for the benchmarks to be held against: the triad of
   STREAM, in its own form and in place, reading alone, and bare cblas. A Lua module, so that
   yardstick and library take turns in one process; built for the processor it
   runs on, unlike the library. */
#include <cblas.h>
#include <lauxlib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

void openblas_set_num_threads(int count);

enum { MOST_THREADS = 64 };
#define ARRAYS "bench.arrays"

/* Three arrays of `count` floats each. */
typedef struct arrays {
    float *a, *b, *c;
    void *block[3]; /* which hold them */
    int64_t count;
} arrays;

typedef struct slice {
    float *a;
    const float *b, *c;
    int64_t count;
} slice;

/* ---- the triad ---- */

/* a = b + s c: two reads and a write (and what the cache reads to write a). */
static void *triad(void *context)
{
    const slice *s = context;
    float *restrict a = s->a;
    const float *restrict b = s->b, *restrict c = s->c;
    for (int64_t i = 0; i < s->count; i++) a[i] = b[i] + 0.5f * c[i];
    return NULL;
}

/* a = a + s b: two reads and a write, and no more. */
static void *triad_in_place(void *context)
{
    const slice *s = context;
    float *restrict a = s->a;
    const float *restrict b = s->b;
    for (int64_t i = 0; i < s->count; i++) a[i] += 1e-9f * b[i];
    return NULL;
}

/* a is read, in eight sums side by side. */
static void *read_all(void *context)
{
    const slice *s = context;
    enum { SUMS = 128 };
    float sum[SUMS] = { 0 };
    for (int64_t i = 0; i + SUMS <= s->count; i += SUMS)
        for (int l = 0; l < SUMS; l++) sum[l] += s->a[i + l];
    for (int l = 1; l < SUMS; l++) sum[0] += sum[l];
    volatile float seen = sum[0];
    (void)seen;
    return NULL;
}

static int run(lua_State *L, void *(*fn)(void *))
{
    const arrays *x = luaL_checkudata(L, 1, ARRAYS);
    int threads = (int)luaL_optinteger(L, 2, 1);
    luaL_argcheck(L, threads >= 1 && threads <= MOST_THREADS, 2, "1 to 64");
    pthread_t thread[MOST_THREADS];
    slice part[MOST_THREADS];
    bool started[MOST_THREADS] = { false };
    for (int i = 0; i < threads; i++) {
        int64_t at = x->count * i / threads, end = x->count * (i + 1) / threads;
        part[i] = (slice){ x->a + at, x->b + at, x->c + at, end - at };
        if (i > 0)
            started[i] = pthread_create(&thread[i], NULL, fn, &part[i]) == 0;
    }
    for (int i = 0; i < threads; i++)
        if (!started[i]) fn(&part[i]);
    for (int i = 1; i < threads; i++)
        if (started[i]) pthread_join(thread[i], NULL);
    return 0;
}

static int arrays_triad(lua_State *L) { return run(L, triad); }
static int arrays_in_place(lua_State *L) { return run(L, triad_in_place); }
static int arrays_read(lua_State *L) { return run(L, read_all); }

/* ---- the product ---- */

/* a = b c of n by n matrices, on as many threads of OpenBLAS. */
static int arrays_sgemm(lua_State *L)
{
    const arrays *x = luaL_checkudata(L, 1, ARRAYS);
    int64_t n = luaL_checkinteger(L, 2);
    int threads = (int)luaL_optinteger(L, 3, 1);
    luaL_argcheck(L, n >= 1 && n <= 65536 && n * n <= x->count, 2, "too large");
    if (threads != 1) openblas_set_num_threads(threads);
    int side = (int)n;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, side, side, side, 1,
                x->b, side, x->c, side, 0, x->a, side);
    if (threads != 1) openblas_set_num_threads(1);
    return 0;
}

/* y = M x of an n by n matrix, on one thread. */
static int arrays_sgemv(lua_State *L)
{
    const arrays *x = luaL_checkudata(L, 1, ARRAYS);
    int64_t n = luaL_checkinteger(L, 2);
    luaL_argcheck(L, n >= 1 && n <= 65536 && n * n <= x->count, 2, "too large");
    int side = (int)n;
    cblas_sgemv(CblasRowMajor, CblasNoTrans, side, side, 1, x->b, side, x->c, 1,
                0, x->a, 1);
    return 0;
}

/* ---- Lua ---- */

static int arrays_free(lua_State *L)
{
    arrays *x = luaL_checkudata(L, 1, ARRAYS);
    for (int i = 0; i < 3; i++) free(x->block[i]);
    memset(x, 0, sizeof *x);
    return 0;
}

/* What one array stands off the pages of the others: at the same place of a
   page a load would be taken for the store before it. */
enum { APART = 1088, HUGE_PAGE = 2 << 20 };

/* On huge pages, where the system has them. */
static float *filled(lua_State *L, void **block, int64_t count, int64_t at)
{
    size_t size = (size_t)count * sizeof(float) + 4 * APART;
    size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    *block = aligned_alloc(HUGE_PAGE, size);
    if (*block == NULL) luaL_error(L, "not enough memory");
    madvise(*block, size, MADV_HUGEPAGE);
    float *x = (float *)((uintptr_t)*block + (uintptr_t)(at * APART));
    for (int64_t i = 0; i < count; i++)
        x[i] = (float)at + (float)(i % 1000) * 1e-3f;
    return x;
}

static int new_arrays(lua_State *L)
{
    int64_t count = luaL_checkinteger(L, 1);
    luaL_argcheck(L, count >= 1 && count <= INT64_C(1) << 32, 1, "1 to 2^32");
    arrays *x = lua_newuserdatauv(L, sizeof *x, 0);
    *x = (arrays){ .count = count };
    luaL_setmetatable(L, ARRAYS);
    x->a = filled(L, &x->block[0], count, 0);
    x->b = filled(L, &x->block[1], count, 1);
    x->c = filled(L, &x->block[2], count, 2);
    return 1;
}

/* Lets OpenBLAS's threads, which wait busily for more, go to sleep. */
static int pause_for(lua_State *L)
{
    double seconds = luaL_checknumber(L, 1);
    struct timespec span = { (time_t)seconds,
                             (long)((seconds - (double)(time_t)seconds) * 1e9) };
    nanosleep(&span, NULL);
    return 0;
}

static const luaL_Reg methods[] = {
    { "triad", arrays_triad },  { "in_place", arrays_in_place },
    { "read", arrays_read },    { "sgemm", arrays_sgemm },
    { "sgemv", arrays_sgemv },  { "__gc", arrays_free },
    { NULL, NULL },
};

static const luaL_Reg functions[] = {
    { "arrays", new_arrays }, { "pause", pause_for }, { NULL, NULL },
};

int luaopen_yardstick(lua_State *L);
int luaopen_yardstick(lua_State *L)
{
    luaL_newmetatable(L, ARRAYS);
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    luaL_newlib(L, functions);
    return 1;
}
