/* What the prompt's :time, :bench, :profile and :mem measure: time, bytes that are
   allocated, the memory of the process; the seed. Bytes of Lua are counted by an
   allocator around its own, which is there only in between. */
#include "app/app.h"

#include <lauxlib.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "util/pool.h"
#include "util/profile.h"
#include "util/rng.h"

/* ---- bytes ---- */

static struct {
    lua_Alloc plain; /* NULL: nothing is counted now */
    void *data;
    size_t lua, tensors; /* bytes of Lua; of tensors at the beginning */
} counted;

static void *counting(void *unused, void *block, size_t old, size_t new)
{
    (void)unused;
    if (!block)
        counted.lua += new; /* `old` tells a type */
    else if (new > old)
        counted.lua += new - old;
    return counted.plain(counted.data, block, old, new);
}

/* count() */
static int count(lua_State *L)
{
    counted.lua = 0;
    counted.tensors = snn_pool_taken();
    if (counted.plain) return 0;
    counted.plain = lua_getallocf(L, &counted.data);
    lua_setallocf(L, counting, NULL);
    return 0;
}

/* counted() -> bytes of Lua, of tensors, that were allocated since count(). An
   allocator that came above this one meanwhile stays. */
static int end_count(lua_State *L)
{
    void *data;
    size_t tensors = snn_pool_taken() - counted.tensors;
    if (counted.plain && lua_getallocf(L, &data) == counting) {
        lua_setallocf(L, counted.plain, counted.data);
        counted.plain = NULL;
    }
    lua_pushinteger(L, (lua_Integer)counted.lua);
    lua_pushinteger(L, (lua_Integer)tensors);
    return 2;
}

/* ---- time, memory ---- */

/* cpu(): seconds that all threads of the process have computed. */
static int cpu(lua_State *L)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    lua_pushnumber(L, (double)t.tv_sec + (double)t.tv_nsec * 1e-9);
    return 1;
}

/* The bytes of memory that the process has now; 0: unknown. */
static long long resident(void)
{
    long long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f) return 0;
    if (fscanf(f, "%*s %lld", &pages) != 1) pages = 0;
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

/* memory() -> bytes of tensors in use, kept for the next; of the process now, at
   most */
static int memory(lua_State *L)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    lua_pushinteger(L, (lua_Integer)snn_pool_live());
    lua_pushinteger(L, (lua_Integer)snn_pool_idle());
    lua_pushinteger(L, (lua_Integer)resident());
    lua_pushinteger(L, (lua_Integer)usage.ru_maxrss * 1024);
    return 4;
}

/* seed(): of the library's random numbers */
static int seed(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)snn_rng_place().seed);
    return 1;
}

/* ---- members (util/profile.h) ---- */

/* profile() */
static int profile(lua_State *L)
{
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, "snn.profile");
    if (!snn_profile_start()) return luaL_error(L, "not enough memory");
    return 0;
}

static void push_row(lua_State *L, const snn_profile_row *row)
{
    static const char *const kinds[] = { "connection", "neuron", "wiring",
                                         "record", "call", "update" };
    lua_createtable(L, 0, 6);
    lua_pushstring(L, kinds[row->kind]);
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, row->name);
    lua_setfield(L, -2, "name");
    lua_pushinteger(L, (lua_Integer)(uintptr_t)row->key);
    lua_setfield(L, -2, "key");
    lua_pushinteger(L, (lua_Integer)(uintptr_t)row->of);
    lua_setfield(L, -2, "of");
    lua_pushinteger(L, (lua_Integer)row->calls);
    lua_setfield(L, -2, "calls");
    lua_pushnumber(L, (double)row->ns * 1e-9);
    lua_setfield(L, -2, "seconds");
}

/* profiled() -> rows { kind, name, key, of, calls, seconds }; key -> object */
static int profiled(lua_State *L)
{
    int places;
    snn_profile_stop();
    const snn_profile_row *rows = snn_profile_rows(&places);
    lua_newtable(L);
    for (int i = 0, n = 0; i < places; i++) {
        if (!rows[i].calls) continue;
        push_row(L, &rows[i]);
        lua_rawseti(L, -2, ++n);
    }
    snn_profile_drop();
    luaL_getsubtable(L, LUA_REGISTRYINDEX, "snn.profile");
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, "snn.profile");
    return 2;
}

const luaL_Reg snn_app_measures[] = {
    { "count", count },     { "counted", end_count }, { "cpu", cpu },
    { "memory", memory },   { "seed", seed },         { "profile", profile },
    { "profiled", profiled }, { NULL, NULL },
};
