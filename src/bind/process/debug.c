/* snn._debug, an aid for tests, no part of the interface:

     fail_at(k [, n])  the k-th allocation from now and the n - 1 that follow
                       (default: all that follow) are refused; 0: none
     left()            allocations until then, of a k so large: how many were made
     fired()           whether that has happened since
     live()            blocks that the engine holds, idle pooled ones not
                       counted: they go back to the system
     pooled()          bytes of the pool's blocks: in use, idle
     fields(class)     the fields of a class of the library that are written in C
     arrivals(on, n)   whether delays are met by what arrives (connection/arrivals.h);
                       false: each place of the weight reads the history. n: from
                       how many bytes on their factors are not held
     sums(on)          false: connections take the product of all currents, and
                       keep no sums of them (src/connection/sums.h)
     wholes()          how many products have met all inputs or weights so far,
                       whatever had spiked
     interrupt_after(ms)  SIGINT when the process has computed for so long; 0: not
                       any more

   A refused allocation of Lua is tried again after a full collection: n = 1
   makes a collection at that place, n = 2 an error. */
#include "bind/process/debug.h"

#include <lauxlib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/object.h"
#include "connection/arrivals.h"
#include "connection/product.h"
#include "connection/sums.h"
#include "util/mem.h"
#include "util/pool.h"

/* Lua's allocator, wrapped; one for the process, as the count is. */
static lua_Alloc plain_alloc;
static void *plain_data;

static void *counting_alloc(void *unused, void *block, size_t old, size_t new)
{
    (void)unused;
    /* to shrink and to free must not fail; `old` tells a type for new blocks */
    bool grows = block ? new > old : new > 0;
    if (grows && snn_mem_refuse()) return NULL;
    return plain_alloc(plain_data, block, old, new);
}

static void count_lua_too(lua_State *L)
{
    void *data;
    lua_Alloc now = lua_getallocf(L, &data);
    if (now == counting_alloc) return;
    plain_alloc = now;
    plain_data = data;
    lua_setallocf(L, counting_alloc, NULL);
}

void snn_debug_start(lua_State *L)
{
    const char *k = getenv("SNN_FAIL_ALLOC");
    if (!k) return;
    char *n;
    size_t at = strtoul(k, &n, 10);
    count_lua_too(L);
    snn_mem_fail_at(at, *n == ',' ? strtoul(n + 1, NULL, 10) : SIZE_MAX);
}

static int fail_at(lua_State *L)
{
    const char *where = "fail_at";
    int64_t k = snn_arg_integer(L, 1, where, "k", 0, INT64_MAX);
    int64_t n = INT64_MAX;
    if (!lua_isnoneornil(L, 2))
        n = snn_arg_integer(L, 2, where, "n", 1, INT64_MAX);
    count_lua_too(L);
    snn_mem_fail_at((size_t)k, (size_t)n);
    return 0;
}

static int left(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)snn_mem_until_failure());
    return 1;
}

static int fired(lua_State *L)
{
    lua_pushboolean(L, snn_mem_failed());
    return 1;
}

static int live(lua_State *L)
{
    snn_pool_trim();
    lua_pushinteger(L, (lua_Integer)snn_mem_live());
    return 1;
}

static int pooled(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)snn_pool_live());
    lua_pushinteger(L, (lua_Integer)snn_pool_idle());
    return 2;
}

static int fields(lua_State *L)
{
    if (!snn_class_at(L, 1)) snn_arg_error(L, "fields", "class", "a class", 1);
    snn_push_attribute_list(L, 1);
    return 1;
}

static int arrivals(lua_State *L)
{
    snn_arrivals_are_off = !lua_toboolean(L, 1);
    snn_delay_factors_kept = luaL_optinteger(L, 2, 16 << 20);
    return 0;
}

/* Processor's time, so that what is told of it holds where others work too. */
static int interrupt_after(lua_State *L)
{
    static timer_t timer;
    static bool has_timer;
    int64_t ms = snn_arg_integer(L, 1, "interrupt_after", "ms", 0, 1000000);
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
                              .sigev_signo = SIGINT };
    struct itimerspec when = {
        .it_value = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 }
    };
    if (!has_timer) {
        has_timer = !timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer);
        if (!has_timer)
            snn_error(L, SNN_RUNTIME_ERROR, "interrupt_after: no timer");
    }
    timer_settime(timer, 0, &when, NULL);
    return 0;
}

static int sums(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TBOOLEAN);
    snn_sums_are_off = !lua_toboolean(L, 1);
    return 0;
}

static int wholes(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)snn_product_wholes);
    return 1;
}

static const luaL_Reg functions[] = {
    { "arrivals", arrivals },
    { "fields", fields },
    { "interrupt_after", interrupt_after },
    { "fail_at", fail_at },
    { "left", left },
    { "fired", fired },
    { "live", live },
    { "pooled", pooled },
    { "sums", sums },
    { "wholes", wholes },
    { NULL, NULL },
};

void snn_open_debug(lua_State *L)
{
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "_debug");
}
